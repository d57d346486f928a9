import { seededRandom } from '@cardea/kit-node';
import { describe, expect, it } from 'vitest';
import { idMaker } from '../src/ids.ts';
import type { Attempt, Event, StatisticsQuestion, Transaction } from '../src/index.ts';
import { actorOf, attemptAt, LOCKED, openWorld, START_MS, type World } from './kit.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A hotel whose record the test writes itself, at any time. */
async function hotel() {
  const world = await openWorld();
  let sequence = 1_000_000;
  const random = seededRandom('statistics');
  const idOf = (prefix: 'evt' | 'att', at: number): string => idMaker(() => at, random)(prefix);
  const { organizationId } = world.owner;
  const event = (type: Event['type'], at: number, detail: Event['detail'] = {}, more: Partial<Event> = {}): Event => ({
    id: idOf('evt', more.receivedAt ?? at),
    organizationId,
    propertyId: world.propertyId,
    doorId: world.door.id,
    lockId: world.lockId,
    gatewayId: null,
    personId: null,
    attemptId: null,
    type,
    lockSequence: type.startsWith('lock.') ? sequence++ : null,
    occurredAt: at,
    receivedAt: at,
    detail,
    ...more,
  });
  const attempt = (at: number, more: Partial<Attempt> = {}): Attempt =>
    attemptAt(at, {
      id: idOf('att', at),
      organizationId,
      doorId: world.door.id,
      lockId: world.lockId,
      actorId: world.owner.personId,
      state: 'succeeded',
      sentAt: at,
      endedAt: at + 1_000,
      ...more,
    });
  const write = (work: (tx: Transaction) => Promise<unknown>) => world.store.unit(async (tx) => void (await work(tx)));
  return {
    ...world,
    event,
    attempt,
    record: (...events: readonly Event[]) =>
      write(async (tx) => {
        for (const one of events) expect(await tx.events.insert(one)).toBe(true);
      }),
    ask: (...attempts: readonly Attempt[]) =>
      write(async (tx) => {
        for (const one of attempts) await tx.attempts.insert(one);
      }),
    of: (question: Partial<StatisticsQuestion> = {}) =>
      world.core.statistics.of(world.owner, { propertyId: world.propertyId, bucket: 'day', ...question }),
  };
}

const AT = START_MS - 2 * DAY_MS;
const NONE = { remote: 0, key: 0, card: 0, pin: 0, mode: 0, inside: 0, other: 0 };

describe('openings', () => {
  it('are counted by the way that the lock tells, whatever its clock', async () => {
    const world = await hotel();
    const unlocked = (detail: number) => world.event('lock.unlocked', AT, { actor: 1, detail });
    await world.record(
      ...[0, 1, 0x81, 2, 3, 4, 5, 6, 99].map(unlocked),
      world.event('lock.override_unlocked', AT, { actor: 0, detail: 0 }),
      world.event('lock.manual_unlocked', AT, { actor: 0, detail: 0 }),
      world.event('lock.locked', AT, { actor: 0, detail: 0 }),
      world.event('lock.unlocked', AT, {}, { propertyId: null }),
    );
    const { openings, buckets } = await world.of();
    expect(openings).toEqual({ remote: 2, key: 3, card: 1, pin: 2, mode: 1, inside: 1, other: 1 });
    expect(buckets.map((one) => one.openings).filter((one) => one.remote > 0)).toEqual([openings]);
  });

  it('belong to the day on which they happened, also where they were told later or the lock had no clock', async () => {
    const world = await hotel();
    const [at, later] = [START_MS - 3 * DAY_MS, START_MS - DAY_MS];
    await world.record(
      world.event('lock.unlocked', at, { detail: 1 }, { receivedAt: later }),
      world.event('lock.unlocked', at, { detail: 1 }, { occurredAt: null, receivedAt: later }),
      world.event('lock.unlocked', START_MS - 30 * DAY_MS, { detail: 1 }, { receivedAt: later }),
    );
    const { buckets, openings } = await world.of();
    expect(openings.key).toBe(2);
    const days = buckets.filter((one) => one.openings.key > 0);
    expect(days.map(({ start }) => new Date(start).toISOString().slice(0, 10))).toEqual(
      [at - DAY_MS, later - DAY_MS].map((one) => new Date(one).toISOString().slice(0, 10)),
    );
  });

  it('are all counted, however many there are at one moment', async () => {
    const world = await hotel();
    const many = Array.from({ length: 4_500 }, () => world.event('lock.unlocked', AT, { detail: 2 }));
    await world.record(...many);
    expect((await world.of()).openings).toEqual({ ...NONE, card: 4_500 });
  });

  it('count from the first moment of the range to before its end', async () => {
    const world = await hotel();
    await world.record(...[0, 1, 9, 10].map((n) => world.event('lock.unlocked', AT + n, { detail: 3 })));
    expect((await world.of({ from: AT + 1, to: AT + 10 })).openings.pin).toBe(2);
  });
});

describe('denials', () => {
  it('are counted by reason, those that were told together as many as they are', async () => {
    const world = await hotel();
    await world.record(
      world.event('lock.refused', AT, { actor: 0, detail: 3 }),
      world.event('lock.refused', AT + DAY_MS, { actor: 0, detail: 33 }),
      world.event('lock.refusals', AT + DAY_MS, { actor: 7, detail: 33 }),
      world.event('lock.refused', AT, { actor: 0, detail: 200 }),
    );
    const { denials, buckets } = await world.of();
    expect(denials).toEqual([
      { reason: 'wrong_pin', count: 8 },
      { reason: 'other', count: 1 },
      { reason: 'privacy', count: 1 },
    ]);
    expect(buckets.map((one) => one.denials).filter((one) => one > 0)).toEqual([2, 8]);
  });
});

describe('commands', () => {
  it('are counted by how they ended; times are those of the succeeded, by nearest rank', async () => {
    const world = await hotel();
    const took = [400, 800, 900, 1_000, 9_000];
    await world.ask(
      ...took.map((ms) => world.attempt(AT, { endedAt: AT + ms })),
      world.attempt(AT, { state: 'failed', reason: 'jammed', endedAt: AT + 20_000 }),
      world.attempt(AT, { state: 'expired', reason: 'outcome_unknown', endedAt: AT + 30_000 }),
      world.attempt(AT, { state: 'expired', reason: 'outcome_unknown', endedAt: AT + 30_000 }),
      world.attempt(AT + DAY_MS, { state: 'sent', endedAt: null, operation: 'status' }),
      world.attempt(AT, { doorId: 'door_of_another_property' }),
      world.attempt(AT, { doorId: null }),
    );
    const { commands, commandFailures, buckets } = await world.of();
    expect(commands).toEqual([
      { operation: 'unlock', total: 8, succeeded: 5, failed: 1, expired: 2, open: 0, p50Ms: 900, p95Ms: 9_000 },
      { operation: 'status', total: 1, succeeded: 0, failed: 0, expired: 0, open: 1, p50Ms: null, p95Ms: null },
    ]);
    expect(commandFailures).toEqual([
      { reason: 'outcome_unknown', count: 2 },
      { reason: 'jammed', count: 1 },
    ]);
    expect(buckets.map((one) => one.commands.total).filter((one) => one > 0)).toEqual([8, 1]);
  });

  it('are all counted, over many reads', async () => {
    const world = await hotel();
    await world.ask(...Array.from({ length: 4_100 }, (_, n) => world.attempt(AT + n)));
    expect((await world.of()).commands[0]?.total).toBe(4_100);
  });
});

describe('batteries', () => {
  it('are as they were proved last, lowest first, with the lowest of each day', async () => {
    const world = await hotel();
    await world.store.unit(async (tx) => {
      const report = { attributes: { ...LOCKED, batteryPercent: 14 }, provedAt: START_MS - 5, lockId: world.lockId };
      await tx.locks.setReport({ ...report, clockOffsetS: null, clockErrorS: null });
    });
    const state = (at: number, batteryPercent: number, more: Partial<Event> = {}) =>
      world.event('door.state_changed', at, { ...LOCKED, batteryPercent }, more);
    await world.record(
      state(AT, 40),
      state(AT + 1, 30),
      state(AT + DAY_MS, 14),
      state(AT, 2, { lockId: 'lock_before' }),
    );
    const { batteries } = await world.of();
    expect(batteries).toMatchObject([
      { lockId: world.lockId, doorId: world.door.id, doorName: world.door.name, percent: 14, provedAt: START_MS - 5 },
    ]);
    expect(batteries[0]?.series.map(({ percent }) => percent)).toEqual([30, 14]);
  });
});

describe('a range', () => {
  it('is the last seven days where none is named', async () => {
    const { from, to, buckets } = await (await hotel()).of();
    expect(to - from).toBe(7 * DAY_MS);
    expect(buckets).toHaveLength(8);
  });

  it.each<[string, Partial<StatisticsQuestion>]>([
    ['ends before it begins', { from: AT, to: AT }],
    ['has over 400 days', { from: START_MS - 401 * DAY_MS }],
    ['has over 31 days by the hour', { bucket: 'hour', from: START_MS - 32 * DAY_MS }],
  ])('that %s is refused', async (_, question) => {
    await expect((await hotel()).of(question)).rejects.toMatchObject({ code: 'invalid', field: 'from' });
  });
});

it('needs events:read, and a property of the own organization', async () => {
  const world: World = await openWorld();
  const question = { propertyId: world.propertyId, bucket: 'day' } as const;
  const cleaner = actorOf(world.owner.organizationId, 'per_cleaner', 'cleaner');
  await expect(world.core.statistics.of(cleaner, question)).rejects.toMatchObject({ code: 'not_permitted' });
  const foreign = actorOf('org_other', 'per_other', 'owner');
  await expect(world.core.statistics.of(foreign, question)).rejects.toMatchObject({ code: 'not_found' });
});
