import { describe, expect, it } from 'vitest';
import type { GrantDraft, Role, Schedule } from '../src/index.ts';
import { actorOf, openWorld, page, receiptOf, START_MS, type World } from './kit.ts';

const HOUR_MS = 3_600_000;

/** A hotel with somebody of a role, who is given grants at its door. */
async function houseOf(role: Role) {
  const world = await openWorld();
  const { organizationId } = world.owner;
  const id = 'per_r';
  await world.store.unit((tx) =>
    tx.persons.insert({
      id,
      organizationId,
      name: 'Resident 1',
      email: 'resident@example.org',
      role,
      mustChangePassword: false,
      createdAt: 1,
    }),
  );
  const give = async (more: Partial<GrantDraft> = {}) => {
    const scope = { kind: 'doors', doorIds: [world.door.id] } as const;
    const window = { notBefore: START_MS, notAfter: null };
    return (await world.core.grants.create(world.owner, { personId: id, scope, ...window, ...more })).grant;
  };
  const who = actorOf(organizationId, id, role);
  const shown = async () => (await world.core.own.doors(who, page))[0];
  return { world, who, give, shown };
}

/** A schedule of the property that lets in on the evening of START. */
async function eveningsOf({ core, owner, propertyId }: World): Promise<Schedule> {
  const { schedule } = await core.schedules.add(owner, {
    propertyId,
    name: 'evenings',
    // START is a Thursday, 13:00 in Berlin.
    weekly: [{ days: ['thursday'], from: '18:00', to: '20:00' }],
    holidays: [],
    exceptions: [],
  });
  return schedule;
}

/** The lock proves its state, which then is on record. */
async function prove(world: World): Promise<void> {
  await world.lockSays({ kind: 'state', attributes: receiptOf().attributes, provedAtMs: world.clock.now() });
  await world.settled();
}

describe('the doors that a phone shows', () => {
  it('are those that an active grant reaches, and nobody else’s', async () => {
    const { world, who, give, shown } = await houseOf('resident');
    expect(await world.core.own.doors(who, page)).toEqual([]);
    const grant = await give();
    expect(await shown()).toMatchObject({
      id: world.door.id,
      property: { id: world.propertyId },
      grants: [{ id: grant.id }],
      admits: 'now',
      span: { from: START_MS, until: null },
      afar: { permitted: true, opens: true, against: null },
      atDoor: { permitted: false, against: 'method', opensUntil: null },
      methods: expect.arrayContaining([expect.objectContaining({ doorId: world.door.id })]),
    });
    await world.core.grants.revoke(world.owner, grant.id);
    expect(await world.core.own.doors(who, page)).toEqual([]);
  });

  it('need access:use, also of staff', async () => {
    const { world, who } = await houseOf('cleaner');
    await expect(world.core.own.doors({ ...who, scopes: ['estate:read'] }, page)).rejects.toMatchObject({
      code: 'not_permitted',
    });
  });

  it('say from when and until when: by the window, and by the schedule in the zone of the property', async () => {
    const { world, give, shown } = await houseOf('resident');
    const schedule = await eveningsOf(world);
    const evening = await give({ scheduleId: schedule.id, notAfter: START_MS + 6 * HOUR_MS });
    const begins = START_MS + 5 * HOUR_MS;
    expect(await shown()).toMatchObject({
      admits: 'later',
      span: { from: begins, until: START_MS + 6 * HOUR_MS },
      afar: { permitted: false, against: 'schedule' },
    });
    const later = await give({ notBefore: START_MS + HOUR_MS, notAfter: START_MS + 2 * HOUR_MS });
    expect((await shown())?.span).toEqual({ from: START_MS + HOUR_MS, until: START_MS + 2 * HOUR_MS });
    await world.core.grants.revoke(world.owner, later.id);
    await world.clock.advance(5 * HOUR_MS + 60_000);
    expect((await shown())?.span).toEqual({ from: begins + 60_000, until: START_MS + 6 * HOUR_MS });
    expect((await shown())?.grants).toMatchObject([{ id: evening.id }]);
  });

  it('go on for as long as any grant that lets in now', async () => {
    const { give, shown } = await houseOf('resident');
    await give({ notAfter: START_MS + HOUR_MS });
    await give({ notAfter: START_MS + 3 * HOUR_MS });
    expect((await shown())?.span).toEqual({ from: START_MS, until: START_MS + 3 * HOUR_MS });
  });

  it('tell a resident of the lock in the window of his grant, and nothing before it', async () => {
    const { world, give, shown } = await houseOf('resident');
    await prove(world);
    await give({ notBefore: START_MS + HOUR_MS });
    expect(await shown()).toMatchObject({ lock: null, afar: { permitted: false, against: 'window' } });
    await world.clock.advance(HOUR_MS);
    expect(await shown()).toMatchObject({
      lock: { report: { attributes: { bolt: 'locked' } }, gatewayId: world.gatewayId },
    });
  });

  it('tell a guest of the lock only while he may open it', async () => {
    const { world, give, shown } = await houseOf('guest');
    await prove(world);
    const schedule = await eveningsOf(world);
    await give({ scheduleId: schedule.id });
    expect((await shown())?.lock).toBeNull();
    await world.clock.advance(5 * HOUR_MS);
    expect((await shown())?.lock?.report?.attributes.bolt).toBe('locked');
  });
});
