import { describe, expect, it } from 'vitest';
import { type Actor, modeInForce } from '../src/index.ts';
import { actorOf, openWorld, outcome, PASSWORD, page, receiptOf, START_MS, type World } from './kit.ts';

const HOUR = 3_600_000;

/** The lock answers an attempt by its receipt. */
const confirm = (world: World, attemptId: string) =>
  world.lockSays(outcome(attemptId, { kind: 'succeeded', receipt: receiptOf() }));
const shown = async ({ core, owner, lockId }: World) => (await core.locks.get(owner, lockId)).mode;
const NORMAL = { mode: 'normal', untilAt: null, confirmedAt: null } as const;

describe('modes', () => {
  it('asks the lock itself, with the end by its clock, and shows the mode once the lock has confirmed it', async () => {
    const world = await openWorld();
    const { core, owner, door, script } = world;
    const attempt = await core.modes.set(owner, door.id, 'passage', START_MS + HOUR);
    expect(attempt).toMatchObject({ operation: 'set_passage', state: 'sent' });
    expect(script.inputs.at(-1)).toMatchObject({
      kind: 'access-change',
      class: 'own',
      change: { kind: 'mode', mode: 'passage', untilS: (START_MS + HOUR) / 1000 },
    });
    expect(await shown(world)).toEqual(NORMAL);
    await confirm(world, attempt.id);
    expect((await core.attempts.get(owner, attempt.id)).state).toBe('succeeded');
    expect(await shown(world)).toMatchObject({ mode: 'passage', untilAt: START_MS + HOUR });
    await world.clock.advance(HOUR);
    expect(await shown(world)).toEqual({ ...NORMAL, confirmedAt: START_MS });
  });

  it('a receipt that comes too late still says which mode the lock is in', async () => {
    const world = await openWorld();
    const { core, owner, door, propertyId } = world;
    const attempt = await core.modes.set(owner, door.id, 'lockdown', null);
    await world.clock.advance(61_000);
    expect((await core.attempts.get(owner, attempt.id)).reason).toBe('outcome_unknown');
    const [before] = await core.modes.list(owner, propertyId, page);
    expect(before).toMatchObject({ known: NORMAL, asked: { mode: 'lockdown' } });
    await confirm(world, attempt.id);
    expect(await core.modes.list(owner, propertyId, page)).toMatchObject([
      { known: { mode: 'lockdown' }, asked: null },
    ]);
  });

  it('a failure changes nothing that is shown', async () => {
    const world = await openWorld();
    const { core, owner, door } = world;
    const attempt = await core.modes.set(owner, door.id, 'lockdown', null);
    const failed = { kind: 'failed', reason: 'unsupported', receipt: undefined, clockOffsetS: undefined } as const;
    await world.lockSays(outcome(attempt.id, failed));
    expect(await shown(world)).toEqual(NORMAL);
  });

  it('locks a property down door by door, and again only where it is not confirmed', async () => {
    const world = await openWorld();
    const { core, owner, door, propertyId } = world;
    const bare = await core.estate.addDoor(owner, { propertyId, floorId: null, name: 'Shed' });
    const first = await core.modes.setAll(owner, propertyId, 'lockdown', null);
    expect(first).toMatchObject([
      { door: { id: door.id }, attempt: { operation: 'set_lockdown', state: 'sent' }, reason: null },
      { door: { id: bare.id }, attempt: null, reason: 'no_lock' },
    ]);
    await confirm(world, first[0]?.attempt?.id ?? '');
    expect(await core.modes.setAll(owner, propertyId, 'lockdown', null)).toMatchObject([
      { attempt: null, reason: 'confirmed' },
      { reason: 'no_lock' },
    ]);
    const [over] = await core.modes.setAll(owner, propertyId, 'normal', null);
    expect(over?.attempt?.operation).toBe('set_normal');
    expect((await core.events.list(owner, { type: 'estate.mode_asked' }, page)).map(({ detail }) => detail)).toEqual([
      { mode: 'lockdown', doors: 2 },
      { mode: 'lockdown', doors: 2 },
      { mode: 'normal', doors: 2 },
    ]);
  });

  it.each([
    ['an end of the normal mode', 'normal', START_MS + HOUR],
    ['an end that has passed', 'passage', START_MS],
    ['an end between two seconds', 'passage', START_MS + 1500],
  ] as const)('refuses %s', async (_, mode, untilAt) => {
    const { core, owner, door } = await openWorld();
    await expect(core.modes.set(owner, door.id, mode, untilAt)).rejects.toMatchObject({
      code: 'invalid',
      field: 'until',
    });
  });

  it('an override needs a reason, which is on record before anything leaves, and raises an alert', async () => {
    const world = await openWorld();
    const { core, owner, door, lockId } = world;
    await expect(core.modes.override(owner, door.id, '  ', undefined)).rejects.toMatchObject({ field: 'reason' });
    expect(world.sent.some(({ message }) => message.kind === 'frame')).toBe(false);
    const attempt = await core.modes.override(owner, door.id, 'smoke in the room', 10);
    expect(attempt).toMatchObject({ operation: 'override', state: 'sent' });
    const [told] = await core.events.list(owner, { type: 'door.override_asked' }, page);
    expect(told).toMatchObject({ lockId, personId: owner.personId, detail: { reason: 'smoke in the room' } });
    await world.settled();
    expect(await core.alerts.list(owner, { rule: 'override_used' }, page)).toMatchObject([{ lockId, count: 1 }]);
  });

  it('nobody puts an override on record that he is not permitted, or that cannot be asked', async () => {
    const world = await openWorld();
    const { core, owner, door, propertyId } = world;
    const bare = await core.estate.addDoor(owner, { propertyId, floorId: null, name: 'Shed' });
    const invited = { name: 'Gast', email: 'g@hotel.test', role: 'guest', password: PASSWORD } as const;
    const person = await core.persons.add(owner, invited);
    const guest = actorOf(owner.organizationId, person.id, 'guest');
    const asked = (actor: Actor, doorId: string, timeToLiveS?: number) =>
      core.modes.override(actor, doorId, 'spam', timeToLiveS).then(
        () => 'taken',
        ({ code }: { code: string }) => code,
      );
    expect(await asked(guest, door.id)).toBe('not_permitted');
    // A door without a lock tells him no more than one that has a lock.
    expect(await asked(guest, bare.id)).toBe('not_permitted');
    expect(await asked(guest, 'door_0')).toBe('not_found');
    expect(await asked(owner, bare.id)).toBe('precondition_failed');
    expect(await asked(owner, door.id, 1)).toBe('invalid');
    expect(await core.events.list(owner, { type: 'door.override_asked' }, page)).toEqual([]);
    await world.settled();
    expect(await core.alerts.list(owner, { rule: 'override_used' }, page)).toEqual([]);
  });

  it('are for those who may manage locks', async () => {
    const { core, owner, door, propertyId } = await openWorld();
    for (const role of ['front_desk', 'cleaner', 'guest'] as const) {
      const actor = actorOf(owner.organizationId, owner.personId, role);
      const no = { code: 'not_permitted' };
      await expect(core.modes.set(actor, door.id, 'lockdown', null)).rejects.toMatchObject(no);
      await expect(core.modes.setAll(actor, propertyId, 'lockdown', null)).rejects.toMatchObject(no);
      await expect(core.modes.override(actor, door.id, 'smoke', undefined)).rejects.toMatchObject(no);
    }
  });

  it('nobody knows the mode of a lock after a restore until the lock has said it again', () => {
    const report = { lockId: 'lock_1', mode: 'lockdown', untilAt: null, confirmedAt: 3, attemptId: 'att_1' } as const;
    expect(modeInForce(undefined, 5, 4)).toBeUndefined();
    expect(modeInForce(report, 5, 4)).toBeUndefined();
    expect(modeInForce({ ...report, confirmedAt: 4 }, 5, 4)).toEqual({
      mode: 'lockdown',
      untilAt: null,
      confirmedAt: 4,
    });
  });

  it('a lock without a word about it is in its normal mode', () => {
    expect(modeInForce(undefined, 5, undefined)).toEqual(NORMAL);
  });
});
