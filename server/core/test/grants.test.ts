import { describe, expect, it } from 'vitest';
import type { Actor, Grant, GrantDraft } from '../src/index.ts';
import { actorOf, openWorld, outcome, page, receiptOf, START_MS, type World } from './kit.ts';

const HOUR_MS = 3_600_000;

/** A hotel with a guest, who holds nothing yet, and a second one. */
async function hotel(): Promise<{ world: World; guest: Actor; other: Actor; give: Give }> {
  const world = await openWorld();
  const { organizationId } = world.owner;
  const people = ['per_g', 'per_h'];
  await world.store.unit(async (tx) => {
    for (const id of people) {
      const person = { id, organizationId, name: id, email: `${id}@hotel.test`, role: 'guest' } as const;
      await tx.persons.insert({ ...person, mustChangePassword: false, createdAt: 1 });
    }
  });
  const give: Give = async (more = {}, personId = 'per_g') => {
    const scope = { kind: 'doors', doorIds: [world.door.id] } as const;
    const window = { notBefore: START_MS, notAfter: START_MS + 48 * HOUR_MS };
    return (await world.core.grants.create(world.owner, { personId, scope, ...window, ...more })).grant;
  };
  return {
    world,
    guest: actorOf(organizationId, 'per_g', 'guest'),
    other: actorOf(organizationId, 'per_h', 'guest'),
    give,
  };
}
type Give = (more?: Partial<GrantDraft>, personId?: string) => Promise<Grant>;

const unlock = ({ core, door }: World, actor: Actor) => core.attempts.operate(actor, door.id, 'unlock', undefined);
const refusedBy = (words: RegExp) => ({ code: 'not_permitted', message: expect.stringMatching(words) });

describe('opening by a grant', () => {
  it('opens nothing without a grant, and with one this door, as a command of class operate', async () => {
    const { world, guest, give } = await hotel();
    await expect(unlock(world, guest)).rejects.toMatchObject(refusedBy(/no grant/));
    expect(world.script.inputs.filter(({ kind }) => kind === 'operate')).toEqual([]);
    const grant = await give();
    const attempt = await unlock(world, guest);
    expect(attempt).toMatchObject({ state: 'sent', grantId: grant.id, actorId: guest.personId, confirmBy: null });
    expect(world.script.inputs).toContainEqual(expect.objectContaining({ kind: 'operate', class: 'operate' }));
  });

  it('lets nobody override who was not granted it', async () => {
    const { world, guest, give } = await hotel();
    await give();
    const override = world.core.attempts.operate(guest, world.door.id, 'override', undefined);
    await expect(override).rejects.toMatchObject(refusedBy(/unlock and lock/));
  });

  it('is over when its window is, to the moment, and begins at its own', async () => {
    const { world, guest, give } = await hotel();
    await give({ notBefore: START_MS + HOUR_MS, notAfter: START_MS + 2 * HOUR_MS });
    await expect(unlock(world, guest)).rejects.toMatchObject(refusedBy(/begins at 2026-01-15 14:00/));
    await world.clock.advance(HOUR_MS - 1);
    await expect(unlock(world, guest)).rejects.toMatchObject({ code: 'not_permitted' });
    await world.clock.advance(1);
    await world.lockSays(outcome((await unlock(world, guest)).id, { kind: 'succeeded', receipt: receiptOf() }));
    await world.clock.advance(HOUR_MS);
    await expect(unlock(world, guest)).rejects.toMatchObject({ code: 'not_permitted' });
    await world.settled();
    expect((await world.core.grants.list(world.owner, {}, page))[0]?.state).toBe('ended');
  });

  it('asks a waiting command again: what was revoked meanwhile does not leave', async () => {
    const { world, guest, give } = await hotel();
    const grant = await give();
    const first = await unlock(world, world.owner);
    const waiting = await unlock(world, guest);
    expect(waiting.state).toBe('pending');
    await world.core.grants.revoke(world.owner, grant.id);
    await world.lockSays(outcome(first.id, { kind: 'succeeded', receipt: receiptOf() }));
    await world.settled();
    const over = await world.core.attempts.get(guest, waiting.id);
    expect(over).toMatchObject({ state: 'failed', reason: 'not_permitted', sentAt: null });
  });

  it('counts uses by what happened: given back when nothing came of it, kept when nobody knows', async () => {
    const { world, guest, give } = await hotel();
    const grant = await give({ uses: 2 });
    const read = () => world.core.grants.get(world.owner, grant.id);
    const first = await unlock(world, guest);
    expect((await read()).used).toBe(1);
    await world.lockSays(
      outcome(first.id, { kind: 'failed', reason: 'jammed', receipt: undefined, clockOffsetS: undefined }),
    );
    await world.settled();
    expect((await read()).used).toBe(0);
    await unlock(world, guest);
    await world.clock.advance(10_000);
    await world.settled();
    expect(await read()).toMatchObject({ used: 1, state: 'active' });
    const last = await unlock(world, guest);
    await world.lockSays(outcome(last.id, { kind: 'succeeded', receipt: receiptOf() }));
    await world.settled();
    expect(await read()).toMatchObject({ used: 2, state: 'ended' });
    await expect(unlock(world, guest)).rejects.toMatchObject(refusedBy(/was ended/));
  });

  it('takes the last use once, though two ask at the same moment', async () => {
    const { world, guest, give } = await hotel();
    const grant = await give({ uses: 1 });
    const both = await Promise.allSettled([unlock(world, guest), unlock(world, guest)]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect((await world.core.grants.get(world.owner, grant.id)).used).toBe(1);
  });

  it('begins a grant with its first opening', async () => {
    const { world, guest, give } = await hotel();
    const conditions = { geofence: false, secondPerson: false, firstUse: { validForS: 7200 } };
    const grant = await give({ notAfter: null, conditions });
    await world.clock.advance(5 * HOUR_MS);
    await world.lockSays(outcome((await unlock(world, guest)).id, { kind: 'succeeded', receipt: receiptOf() }));
    await world.settled();
    const begun = await world.core.grants.get(world.owner, grant.id);
    expect(begun.firstUsedAt).toBe(START_MS + 5 * HOUR_MS);
    expect(begun.notAfter).toBe(START_MS + 7 * HOUR_MS);
    await world.clock.advance(2 * HOUR_MS);
    await expect(unlock(world, guest)).rejects.toMatchObject({ code: 'not_permitted' });
  });

  it('forgets where the phone said it was after 30 days', async () => {
    const { world, guest, give } = await hotel();
    const fence = { latitude: 52.5, longitude: 13.4, radiusM: 100 };
    await world.core.estate.changeProperty(world.owner, world.propertyId, { geofence: fence });
    await give({ notAfter: null, conditions: { geofence: true, secondPerson: false, firstUse: null } });
    const position = { latitude: 52.500456, longitude: 13.400123, accuracyM: 12.4 };
    const { id } = await world.core.attempts.operate(guest, world.door.id, 'unlock', undefined, position);
    const kept = () => world.store.read((tx) => tx.positionClaims.get(id));
    const coarse = { latitude: 52.5, longitude: 13.4, accuracyM: 12 };
    const claim = await kept();
    expect(claim).toMatchObject({ ...coarse, personId: guest.personId });
    const claimedAt = START_MS - 30 * 24 * HOUR_MS;
    await world.store.unit((tx) => tx.positionClaims.insert({ ...claim!, attemptId: 'att_old', claimedAt }));
    await world.clock.advance(HOUR_MS / 2);
    await world.settled();
    expect(await world.store.read((tx) => tx.positionClaims.get('att_old'))).toBeUndefined();
    expect(await kept()).toEqual(claim);
  });

  it('asks where the phone is, and keeps of the claim no more than a hundred metres', async () => {
    const { world, guest, give } = await hotel();
    const fence = { latitude: 52.5, longitude: 13.4, radiusM: 100 };
    await world.core.estate.changeProperty(world.owner, world.propertyId, { geofence: fence });
    await give({ conditions: { geofence: true, secondPerson: false, firstUse: null } });
    const at = (latitude: number) => ({ latitude, longitude: 13.400123, accuracyM: 12 });
    const from = (position?: ReturnType<typeof at>) =>
      world.core.attempts.operate(guest, world.door.id, 'unlock', undefined, position);
    await expect(from()).rejects.toMatchObject(refusedBy(/where it is/));
    await expect(from(at(52.6))).rejects.toMatchObject(refusedBy(/outside/));
    expect((await from(at(52.5))).state).toBe('sent');
    const events = await world.core.events.list(world.owner, { type: 'attempt.position_claimed' }, page);
    // The place itself is the person's own and goes with the person.
    expect(events.map(({ personId, detail }) => [personId, detail])).toEqual([[guest.personId, {}]]);
  });
});

describe('a second person', () => {
  const conditions = { geofence: false, secondPerson: true, firstUse: null };

  it('nothing leaves before another person who may open the door has confirmed, and then it does', async () => {
    const { world, guest, other, give } = await hotel();
    await give({ conditions });
    const asked = await unlock(world, guest);
    expect(asked).toMatchObject({ state: 'pending', confirmBy: START_MS + 60_000 });
    const sent = world.sent.length;
    const confirm = (actor: Actor) => world.core.attempts.confirm(actor, asked.id);
    await expect(confirm(guest)).rejects.toMatchObject({ code: 'not_permitted' });
    await expect(confirm(other)).rejects.toMatchObject({ code: 'not_permitted' });
    expect(world.sent).toHaveLength(sent);
    await give({}, 'per_h');
    await world.clock.advance(50_000);
    const going = await confirm(other);
    expect(going).toMatchObject({ state: 'sent', expiresAt: START_MS + 60_000 });
    await expect(confirm(world.owner)).rejects.toMatchObject({ code: 'precondition_failed' });
    await world.lockSays(outcome(asked.id, { kind: 'succeeded', receipt: receiptOf() }));
    expect((await world.core.attempts.get(guest, asked.id)).state).toBe('succeeded');
    const [confirmed] = await world.core.events.list(world.owner, { type: 'attempt.confirmed' }, page);
    expect(confirmed?.personId).toBe(other.personId);
  });

  it('after a restart nobody can confirm it any more, and its use is given back', async () => {
    const { world, guest, give } = await hotel();
    const grant = await give({ conditions, uses: 1 });
    const asked = await unlock(world, guest);
    expect((await world.core.grants.get(world.owner, grant.id)).used).toBe(1);
    const core = await world.restart();
    expect(await core.attempts.get(guest, asked.id)).toMatchObject({ state: 'expired', reason: 'not_sent' });
    expect((await core.grants.get(world.owner, grant.id)).used).toBe(0);
    await expect(core.attempts.confirm(world.owner, asked.id)).rejects.toMatchObject({ code: 'precondition_failed' });
  });

  it('is asked again before the command leaves: revoked meanwhile, it does not', async () => {
    const { world, guest, give } = await hotel();
    const grant = await give({ conditions });
    const asked = await unlock(world, guest);
    await world.core.grants.revoke(world.owner, grant.id);
    const sent = world.sent.length;
    await expect(world.core.attempts.confirm(world.owner, asked.id)).rejects.toMatchObject({ code: 'not_permitted' });
    await world.settled();
    expect(await world.core.attempts.get(guest, asked.id)).toMatchObject({ state: 'failed', reason: 'not_permitted' });
    expect(world.sent).toHaveLength(sent);
  });

  it('lets one person keep three attempts waiting, and no more', async () => {
    const { world, guest, give } = await hotel();
    await give({ conditions });
    for (let n = 0; n < 3; n++) await unlock(world, guest);
    await expect(unlock(world, guest)).rejects.toMatchObject({ code: 'too_many' });
  });

  it('after 60 s it is over, and was never sent', async () => {
    const { world, guest, give } = await hotel();
    await give({ conditions });
    const asked = await unlock(world, guest);
    const over = world.core.attempts.wait(guest, asked.id, 90_000);
    await world.clock.advance(60_000);
    expect(await over).toMatchObject({ state: 'expired', reason: 'not_sent' });
    await expect(world.core.attempts.confirm(world.owner, asked.id)).rejects.toMatchObject({
      code: 'precondition_failed',
    });
  });
});

describe('a change of a grant', () => {
  it('never drops a constraint silently', async () => {
    const { world, give } = await hotel();
    const { core, owner } = world;
    const { schedule } = await core.schedules.add(owner, {
      propertyId: world.propertyId,
      name: 'days',
      weekly: [{ days: ['monday'], from: '09:00', to: '17:00' }],
      holidays: [],
      exceptions: [],
    });
    const conditions = { geofence: true, secondPerson: true, firstUse: { validForS: 3600 } };
    const grant = await give({ uses: 3, scheduleId: schedule.id, conditions });
    const open = { geofence: false, secondPerson: false, firstUse: null };
    const silent = [{ notAfter: null }, { scheduleId: null }, { uses: null }, { conditions: open }];
    for (const change of silent) {
      await expect(core.grants.change(owner, grant.id, change, [])).rejects.toMatchObject({
        code: 'conflict',
        field: 'drop',
      });
    }
    await expect(core.grants.change(owner, grant.id, { uses: 4 }, ['uses'])).rejects.toMatchObject({ code: 'invalid' });
    expect(await core.grants.get(owner, grant.id)).toEqual(grant);
    const named = await core.grants.change(owner, grant.id, {}, ['uses', 'geofence']);
    expect(named.grant).toMatchObject({ uses: null, version: 2, scheduleId: schedule.id });
    expect(named.grant.conditions).toEqual({ ...conditions, geofence: false });
    const longer = await core.grants.change(owner, grant.id, { notAfter: START_MS + 72 * HOUR_MS }, []);
    expect(longer.grant).toMatchObject({ notAfter: START_MS + 72 * HOUR_MS, version: 3 });
  });

  it('is refused when the grant has changed since it was read', async () => {
    const { world, give } = await hotel();
    const grant = await give();
    const unchanged = (now: Grant): void => {
      if (now.version !== grant.version) throw new Error('changed');
    };
    await world.core.grants.change(world.owner, grant.id, { uses: 5 }, [], unchanged);
    await expect(world.core.grants.change(world.owner, grant.id, { uses: 9 }, [], unchanged)).rejects.toThrow(
      'changed',
    );
  });

  it('gives nobody what his own role may not do', async () => {
    const { world, give } = await hotel();
    const grant = await give();
    const desk = actorOf(world.owner.organizationId, 'per_d', 'front_desk');
    const operations = ['unlock', 'override'] as const;
    const draft = { personId: 'per_g', scope: grant.scope, notBefore: START_MS, notAfter: null };
    await expect(world.core.grants.create(desk, { ...draft, operations })).rejects.toMatchObject({
      code: 'not_permitted',
      field: 'operations',
    });
    await expect(world.core.grants.change(desk, grant.id, { operations }, [])).rejects.toMatchObject({
      code: 'not_permitted',
    });
    expect((await world.core.grants.create(desk, draft)).grant.operations).toEqual(['unlock', 'lock']);
  });

  it('a grant that is over stays over', async () => {
    const { world, give } = await hotel();
    const grant = await give();
    const revoked = await world.core.grants.revoke(world.owner, grant.id);
    expect(await world.core.grants.revoke(world.owner, grant.id)).toEqual(revoked);
    await expect(world.core.grants.change(world.owner, grant.id, { uses: 1 }, [])).rejects.toMatchObject({
      code: 'precondition_failed',
    });
  });
});

describe('what a grant names', () => {
  it('is not removed while the grant is active', async () => {
    const { world, give } = await hotel();
    const { core, owner, propertyId } = world;
    const floor = await core.estate.addFloor(owner, { propertyId, name: 'first', level: 1 });
    const door = await core.estate.addDoor(owner, { propertyId, floorId: null, name: '201' });
    const grants = [
      await give({ scope: { kind: 'floor', floorId: floor.id } }),
      await give({ scope: { kind: 'doors', doorIds: [door.id] } }),
    ];
    const removals = [() => core.estate.removeFloor(owner, floor.id), () => core.estate.removeDoor(owner, door.id)];
    for (const remove of removals) await expect(remove()).rejects.toMatchObject({ code: 'conflict' });
    for (const { id } of grants) await core.grants.revoke(owner, id);
    for (const remove of removals) await remove();
  });

  it('reaches doors that are added to its floor or property later, and only them', async () => {
    const { world, guest, give } = await hotel();
    const { core, owner, propertyId } = world;
    const floor = await core.estate.addFloor(owner, { propertyId, name: 'first', level: 1 });
    await give({ scope: { kind: 'floor', floorId: floor.id } });
    const inside = await core.estate.addDoor(owner, { propertyId, floorId: floor.id, name: '201' });
    const outside = await core.estate.addDoor(owner, { propertyId, floorId: null, name: '301' });
    const may = async (doorId: string) =>
      (await core.grants.explain(guest, doorId, { personId: guest.personId })).afar.permitted;
    expect([await may(inside.id), await may(outside.id), await may(world.door.id)]).toEqual([true, false, false]);
    await give({ scope: { kind: 'property', propertyId } });
    expect([await may(inside.id), await may(outside.id), await may(world.door.id)]).toEqual([true, true, true]);
  });

  it('is all of one property, with its schedule', async () => {
    const { world, give } = await hotel();
    const { core, owner } = world;
    const input = { name: 'annex', timeZone: 'UTC', region: 'eu', geofence: null };
    const annex = await core.estate.addProperty(owner, input);
    const door = await core.estate.addDoor(owner, { propertyId: annex.id, floorId: null, name: '101' });
    const both = { kind: 'doors', doorIds: [world.door.id, door.id] } as const;
    await expect(give({ scope: both })).rejects.toMatchObject({ code: 'invalid', field: 'scope.door_ids' });
    const windows = { weekly: [], holidays: [], exceptions: [] };
    const { schedule } = await core.schedules.add(owner, { propertyId: annex.id, name: 'annex', ...windows });
    await expect(give({ scheduleId: schedule.id })).rejects.toMatchObject({ code: 'invalid', field: 'schedule_id' });
    await expect(core.estate.removeProperty(owner, annex.id)).rejects.toMatchObject({ code: 'conflict' });
  });
});

describe('a schedule', () => {
  const office = {
    weekly: [{ days: ['thursday'], from: '08:00', to: '18:00' }],
    holidays: [],
    exceptions: [],
  } as const;

  it('closes the door outside its windows, from one minute to the next', async () => {
    const { world, guest, give } = await hotel();
    const { schedule } = await world.core.schedules.add(world.owner, {
      propertyId: world.propertyId,
      name: 'office',
      ...office,
    });
    await give({ scheduleId: schedule.id });
    // A Thursday, 13:00 in Berlin.
    await world.lockSays(outcome((await unlock(world, guest)).id, { kind: 'succeeded', receipt: receiptOf() }));
    await world.clock.advance(5 * HOUR_MS - 1000);
    await world.lockSays(outcome((await unlock(world, guest)).id, { kind: 'succeeded', receipt: receiptOf() }));
    await world.clock.advance(1000);
    await expect(unlock(world, guest)).rejects.toMatchObject(refusedBy(/office is closed at 2026-01-15 18:00/));
  });

  it('has a number that is never given again, and stays while a grant is read by it', async () => {
    const { world, give } = await hotel();
    const { core, owner, propertyId } = world;
    const add = async (name: string) => (await core.schedules.add(owner, { propertyId, name, ...office })).schedule;
    const [first, second] = [await add('a'), await add('b')];
    expect([first.number, second.number]).toEqual([1, 2]);
    await expect(add('a')).rejects.toMatchObject({ code: 'conflict', field: 'name' });
    const grant = await give({ scheduleId: second.id });
    await expect(core.schedules.remove(owner, second.id)).rejects.toMatchObject({ code: 'conflict' });
    await core.grants.revoke(owner, grant.id);
    await core.schedules.remove(owner, second.id);
    expect((await add('c')).number).toBe(3);
  });

  it.each([
    ['a time that is none', { weekly: [{ days: ['monday'], from: '25:00', to: '26:00' }] }, 'weekly.0.from'],
    ['a start at the end of the day', { weekly: [{ days: ['monday'], from: '24:00', to: '01:00' }] }, 'weekly.0.from'],
    ['no day', { weekly: [{ days: [], from: '08:00', to: '09:00' }] }, 'weekly.0.days'],
    ['a date that is none', { holidays: [{ date: '2027-02-29', windows: [] }] }, 'holidays.0.date'],
    [
      'a day twice',
      {
        holidays: [
          { date: '2027-03-01', windows: [] },
          { date: '2027-03-01', windows: [] },
        ],
      },
      'holidays',
    ],
  ] as const)('is refused with %s', async (_, terms, field) => {
    const { world } = await hotel();
    const input = { propertyId: world.propertyId, name: 'x', weekly: [], holidays: [], exceptions: [], ...terms };
    await expect(world.core.schedules.add(world.owner, input as never)).rejects.toMatchObject({
      code: 'invalid',
      field,
    });
  });

  it('is refused when no lock could hold it', async () => {
    const { world } = await hotel();
    const windows = Array.from({ length: 8 }, (_, hour) => ({ from: `0${hour}:00`, to: `0${hour}:30` }));
    const exceptions = Array.from({ length: 30 }, (_, day) => ({
      date: `2027-01-${String(day + 1).padStart(2, '0')}`,
      windows,
    }));
    const input = { propertyId: world.propertyId, name: 'x', weekly: [], holidays: [], exceptions };
    await expect(world.core.schedules.add(world.owner, input)).rejects.toMatchObject({ code: 'invalid' });
  });
});

describe('by access:use alone', () => {
  it('a guest sees his own doors, attempts, grants and events, and nothing else', async () => {
    const { world, guest, other, give } = await hotel();
    const { core, owner } = world;
    const second = await core.estate.addDoor(owner, { propertyId: world.propertyId, floorId: null, name: '102' });
    const mine = await give();
    const theirs = await give({ scope: { kind: 'doors', doorIds: [second.id] } }, 'per_h');
    await unlock(world, owner);
    const own = await unlock(world, guest);
    expect((await core.estate.listDoors(guest, {}, page)).map(({ id }) => id)).toEqual([world.door.id]);
    expect((await core.estate.listDoors(other, {}, page)).map(({ id }) => id)).toEqual([second.id]);
    await expect(core.estate.getDoor(guest, second.id)).rejects.toMatchObject({ code: 'not_found' });
    expect((await core.attempts.list(guest, {}, page)).map(({ id }) => id)).toEqual([own.id]);
    expect((await core.grants.list(guest, {}, page)).map(({ id }) => id)).toEqual([mine.id]);
    await expect(core.grants.get(guest, theirs.id)).rejects.toMatchObject({ code: 'not_found' });
    await expect(core.grants.list(guest, { personId: 'per_h' }, page)).rejects.toMatchObject({ code: 'not_permitted' });
    await expect(core.grants.create(guest, { ...mine, personId: 'per_g' })).rejects.toMatchObject({
      code: 'not_permitted',
    });
    const events = await core.events.list(guest, {}, page);
    expect(events.filter(({ personId }) => personId !== guest.personId)).toEqual([]);
    await expect(core.locks.list(guest, {}, page)).rejects.toMatchObject({ code: 'not_permitted' });
    await expect(core.grants.explain(guest, world.door.id, { personId: 'per_h' })).rejects.toMatchObject({
      code: 'not_permitted',
    });
  });
});

describe('explain', () => {
  it('says which rule stands against it, first of all, in words', async () => {
    const { world, guest, give } = await hotel();
    const ask = (at?: number) =>
      world.core.grants.explain(guest, world.door.id, { personId: guest.personId, ...(at && { at }) });
    expect((await ask()).afar).toMatchObject({ permitted: false, opens: false, against: 'grant' });
    const grant = await give({ notAfter: START_MS + HOUR_MS });
    const now = await ask();
    expect(now.afar).toMatchObject({ permitted: true, opens: true, by: 'grant', grantId: grant.id, against: null });
    expect(now.door).toMatchObject({ permitted: false, against: 'method' });
    const later = await ask(START_MS + HOUR_MS + 60_000);
    expect(later.afar).toMatchObject({ permitted: false, against: 'window', grantId: grant.id });
    expect(later.afar.rules.find(({ rule }) => rule === 'window')?.detail).toBe(
      'it ended at 2026-01-15 14:00, 60 s earlier',
    );
    await world.core.grants.revoke(world.owner, grant.id);
    const revoked = await ask();
    expect(revoked.afar.against).toBe('grant');
    expect(revoked.afar.rules.find(({ rule }) => rule === 'grant')?.detail).toMatch(/was revoked at 2026-01-15 13:00/);
  });

  it('says that a permitted door does not open when no gateway reaches it', async () => {
    const { world, guest, give } = await hotel();
    await give();
    world.core.uplink.offline(world.gatewayId, 'timeout');
    await world.settled();
    const { afar } = await world.core.grants.explain(world.owner, world.door.id, { personId: guest.personId });
    expect(afar).toMatchObject({ permitted: true, opens: false, against: 'gateway' });
  });

  it('tells nothing of a lock to whoever may not open it now, whatever moment he asks about', async () => {
    const { world, guest, other, give } = await hotel();
    await world.lockSays({ kind: 'state', attributes: receiptOf().attributes, provedAtMs: START_MS });
    await world.settled();
    await give({ notBefore: START_MS + HOUR_MS });
    const ask = (by: Actor, at?: number) =>
      world.core.grants.explain(by, world.door.id, { personId: by.personId, ...(at !== undefined && { at }) });
    const of = ['lock', 'mode', 'clock', 'last_proof', 'gateway'];
    for (const told of [await ask(other), await ask(guest), await ask(guest, START_MS + 2 * HOUR_MS)]) {
      expect(told).toMatchObject({ clock: null, provedAt: null });
      for (const { rules } of [told.afar, told.door]) expect(rules.filter(({ rule }) => of.includes(rule))).toEqual([]);
    }
    expect((await ask(guest, START_MS + 2 * HOUR_MS)).afar).toMatchObject({ permitted: true, against: null });
    await world.clock.advance(HOUR_MS);
    const { afar, provedAt } = await ask(guest);
    expect(provedAt).toBe(START_MS);
    expect(afar.rules.find(({ rule }) => rule === 'last_proof')?.detail).toMatch(/locked/);
  });

  it('asks staff by their role', async () => {
    const { world } = await hotel();
    const { afar } = await world.core.grants.explain(world.owner, world.door.id, { personId: world.owner.personId });
    expect(afar).toMatchObject({ permitted: true, by: 'role', against: null });
  });
});
