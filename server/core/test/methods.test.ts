import { nodeKeyAgreement, nodePrimitives, seededRandom } from '@cardea/kit-node';
import { silentLog, type VirtualClock } from '@cardea/kit-runtime';
import type { FailureReason } from '@cardea/wire-profile';
import { describe, expect, it } from 'vitest';
import { type Context, createContext } from '../src/context.ts';
import type { Grant, GrantMethod, KeyLease, Store } from '../src/index.ts';
import type { Ending } from '../src/link/job.ts';
import { lastOpening, SLOW_MOST_MS, slowMs } from '../src/method/last-opening.ts';
import { TRIES_MOST, UNSET } from '../src/method/life.ts';
import { narrows, needsServer } from '../src/method/narrowing.ts';
import { propertyAccess } from '../src/method/place.ts';
import { createRights, type Rights } from '../src/method/rights.ts';
import { createWorks, type Work, type Works } from '../src/method/work.ts';
import { checkChosenPin, randomPin } from '../src/pin/digits.ts';
import { checkInGrant, offlineWindow } from '../src/pin/windows.ts';
import { openWorld, receiptOf, START_MS } from './kit.ts';

const DAY_MS = 86_400_000;

interface Bench {
  readonly clock: VirtualClock;
  readonly store: Store;
  readonly context: Context;
  readonly rights: Rights;
  readonly works: Works;
  readonly lock: { readonly id: string; readonly organizationId: string; readonly propertyId: string };
  /** The next work for the lock, if there is one. */
  next(proved?: boolean): Promise<Work | undefined>;
  /** Ends it by a receipt, or with this reason. */
  end(work: Work, reason?: FailureReason): Promise<boolean>;
  item(id: string): Promise<unknown>;
}

/** The lock of the kit's hotel, without anybody who works on it by himself. */
async function openBench(): Promise<Bench> {
  const world = await openWorld();
  await world.core.stop();
  const { store, clock, lockId, propertyId } = world;
  const unused = {} as never;
  const context = createContext({
    store,
    clock,
    random: seededRandom(9),
    primitives: nodePrimitives,
    keys: nodeKeyAgreement,
    passwords: unused,
    scram: unused,
    uplink: unused,
    log: silentLog,
  });
  const rights = createRights(context, { newest: undefined });
  const works = createWorks(context, rights);
  const lock = { id: lockId, organizationId: world.owner.organizationId, propertyId };
  await propertyAccess(context, lock.organizationId, propertyId);
  return {
    clock,
    store,
    context,
    rights,
    works,
    lock,
    next: (proved = false) => context.write((tx, note) => works.next(tx, note, lock, proved)),
    end: (work, reason) => {
      const outcome: Ending =
        reason === undefined
          ? { kind: 'succeeded', receipt: receiptOf() }
          : { kind: 'failed', reason, receipt: receiptOf(), clockOffsetS: undefined };
      return context.write((tx, note) => work.concluded(tx, note, outcome));
    },
    item: (id) => store.read((tx) => tx.access.items.get(lock.organizationId, `${lockId}/${id}`)),
  };
}

async function addSchedule({ store, lock, rights, context }: Bench): Promise<void> {
  await context.write(async (tx) => {
    await tx.schedules.insert({
      id: 'sch_1',
      organizationId: lock.organizationId,
      propertyId: lock.propertyId,
      name: 'office',
      number: 7,
      weekly: [{ days: ['monday'], from: '09:00', to: '17:00' }],
      holidays: [],
      exceptions: [],
      createdAt: START_MS,
      version: 1,
    });
    await rights.want(tx, lock, 'schedule', { scheduleId: 'sch_1', number: 7, revision: 1 });
  });
  expect(store.commits).toBeGreaterThan(0);
}

describe('bringing to a lock what it should hold', () => {
  it('a schedule is told once, and again 100 days before its table runs out', async () => {
    const bench = await openBench();
    await addSchedule(bench);
    const first = await bench.next();
    expect(first?.change).toMatchObject({ kind: 'schedule', number: 7, table: expect.any(Uint8Array) });
    expect(await bench.end(first!)).toBe(true);
    expect(await bench.next()).toBeUndefined();
    await bench.clock.advance(299 * DAY_MS);
    expect(await bench.next()).toBeUndefined();
    await bench.clock.advance(1.01 * DAY_MS);
    const again = await bench.next();
    expect(again?.change).toMatchObject({ kind: 'schedule', number: 7 });
    expect(again?.change).not.toEqual(first?.change);
    expect(await bench.item('schedule/7')).toMatchObject({ state: 'setting' });
  });

  it('what takes rights away goes first: the order, then the place, then schedules', async () => {
    const bench = await openBench();
    await addSchedule(bench);
    await bench.context.write((tx, note) => bench.rights.raise(tx, note, bench.lock, 1));
    const kinds: string[] = [];
    for (let work = await bench.next(); work !== undefined; work = await bench.next()) {
      kinds.push(work.change.kind);
      await bench.end(work);
    }
    expect(kinds).toEqual(['order', 'place', 'schedule']);
  });

  it('a refusal counts, waits, and is for somebody to look at after the eighth; a lock that was not reached does not count', async () => {
    const bench = await openBench();
    await addSchedule(bench);
    for (let n = 0; n < 20; n++) {
      const missed = await bench.next(true);
      await (n % 2 === 0 ? bench.context.write((tx) => missed!.missed(tx)) : bench.end(missed!, 'no_answer'));
    }
    expect(await bench.item('schedule/7')).toMatchObject({ state: 'setting', tries: 0 });
    expect(await bench.next()).toBeUndefined();
    for (let tries = 1; tries <= TRIES_MOST; tries++) {
      const work = await bench.next(tries === 1);
      expect(await bench.end(work!, 'refused')).toBe(false);
      // Neither at once, nor because the lock proves itself again.
      expect(await bench.next()).toBeUndefined();
      expect(await bench.next(true)).toBeUndefined();
      await bench.clock.advance(3_600_000);
    }
    expect(await bench.item('schedule/7')).toMatchObject({ state: 'failed', reason: 'refused', tries: TRIES_MOST });
    expect(await bench.next(true)).toBeUndefined();
  });

  it('a table for which the lock has no room fails at once, and so do the keys that need it', async () => {
    const bench = await openBench();
    await addSchedule(bench);
    const { organizationId, id: lockId } = bench.lock;
    const key = (id: string, scheduleId: string | null): GrantMethod => ({
      ...UNSET,
      id,
      organizationId,
      grantId: 'grant_1',
      personId: 'per_1',
      lockId,
      method: 'mobile_key',
      scheduleId,
      series: 1,
      generation: 0,
      slot: null,
      verifier: null,
      pinEndAt: null,
      orderNo: null,
      createdAt: START_MS,
      state: 'setting',
    });
    await bench.context.write(async (tx) => {
      await tx.access.methods.insert(key('mth_1', 'sch_1'));
      await tx.access.methods.insert(key('mth_2', null));
    });
    await bench.end((await bench.next())!, 'full');
    const rows = await bench.store.read((tx) =>
      tx.access.methods.list(organizationId, { lockId }, { after: undefined, limit: 9 }),
    );
    expect(rows).toMatchObject([{ state: 'failed', reason: 'full' }, { state: 'setting' }]);
  });

  it('what was changed while the lock was told is told again', async () => {
    const bench = await openBench();
    await addSchedule(bench);
    const first = await bench.next();
    await bench.context.write(async (tx) => {
      await tx.schedules.update(bench.lock.organizationId, 'sch_1', { weekly: [], version: 2 });
      await bench.rights.want(tx, bench.lock, 'schedule', { scheduleId: 'sch_1', number: 7, revision: 2 });
    });
    expect(await bench.end(first!)).toBe(true);
    const second = await bench.next();
    expect(second?.change).toMatchObject({ kind: 'schedule' });
    expect(second?.change).not.toEqual(first?.change);
    await bench.end(second!);
    expect(await bench.next()).toBeUndefined();
  });

  it('an order holds all that the lock has not said it knows; one that was overtaken leaves the newer one to be told', async () => {
    const bench = await openBench();
    const raise = (series: number) =>
      bench.context.write((tx, note) => bench.rights.raise(tx, note, bench.lock, series));
    await raise(1);
    const first = await bench.next();
    expect(first?.change).toMatchObject({ order: { orderNo: 1, series: [{ series: 1, generation: 1 }], denied: [] } });
    await raise(2);
    await bench.end(first!);
    const second = await bench.next();
    expect(second?.change).toMatchObject({ order: { orderNo: 2, series: [{ series: 2, generation: 1 }] } });
    // Never heard: the third holds both.
    await raise(3);
    const third = await bench.next();
    expect(third?.change).toMatchObject({
      order: {
        orderNo: 3,
        series: [
          { series: 2, generation: 1 },
          { series: 3, generation: 1 },
        ],
      },
    });
  });

  const leaseOf = ({ lock }: Bench, n: number, series: number): KeyLease => ({
    id: `key_${n}`,
    organizationId: lock.organizationId,
    personId: 'per_1',
    grantId: 'grant_1',
    phoneId: 'phone_1',
    lockId: series === 6 ? null : lock.id,
    propertyId: lock.propertyId,
    keyId: new Uint8Array(16).fill(n),
    keyPrefix: 0,
    series,
    generation: 0,
    noClock: false,
    issuedAt: START_MS,
    leaseEndAt: START_MS + DAY_MS,
    state: 'active',
    revokedAt: null,
  });

  it('a key whose lease has just ended is still denied: the clock of the lock may be slow', async () => {
    const bench = await openBench();
    const lease = leaseOf(bench, 1, 3);
    await bench.context.write((tx, note) => bench.rights.deny(tx, note, bench.lock, [lease]));
    await bench.clock.advance(DAY_MS + SLOW_MOST_MS - 1000);
    expect((await bench.next(true))?.change).toMatchObject({ order: { denied: [{ grantId: lease.keyId }] } });
    await bench.clock.advance(2000);
    expect((await bench.next(true))?.change).toMatchObject({ order: { denied: [] } });
  });

  it('a lock bound anew is told all that is denied, or the series rises: nothing that an order left out counts as told', async () => {
    const bench = await openBench();
    const { organizationId, id: lockId } = bench.lock;
    for (const range of [0, 30]) {
      const leases = Array.from({ length: 30 }, (_, n) => leaseOf(bench, range + n, 6));
      await bench.context.write((tx, note) => bench.rights.deny(tx, note, bench.lock, leases));
      const order = await bench.next(true);
      expect(order?.change).toMatchObject({ kind: 'order' });
      await bench.end(order!);
    }
    await bench.context.write(async (tx, note) => {
      for (const one of await tx.access.denials.list(organizationId, { lockId }, { after: undefined, limit: 100 })) {
        await tx.access.denials.update(organizationId, one.id, { acknowledgedAt: null });
      }
      await bench.rights.retell(tx, note, bench.lock);
    });
    expect((await bench.next(true))?.change).toMatchObject({
      order: { series: [{ series: 6, generation: 1 }], denied: [] },
    });
  });

  it('an order for which the lock has no room becomes a raise of the series of those keys', async () => {
    const bench = await openBench();
    const { organizationId, id: lockId } = bench.lock;
    const lease: KeyLease = {
      id: 'key_1',
      organizationId,
      personId: 'per_1',
      grantId: 'grant_1',
      phoneId: 'phone_1',
      lockId,
      propertyId: bench.lock.propertyId,
      keyId: new Uint8Array(16),
      keyPrefix: 0,
      series: 3,
      generation: 0,
      noClock: false,
      issuedAt: START_MS,
      leaseEndAt: START_MS + DAY_MS,
      state: 'active',
      revokedAt: null,
    };
    await bench.context.write((tx, note) => bench.rights.deny(tx, note, bench.lock, [lease]));
    const denying = await bench.next();
    expect(denying?.change).toMatchObject({ order: { orderNo: 1, series: [], denied: [{ grantId: lease.keyId }] } });
    expect(await bench.end(denying!, 'full')).toBe(true);
    const raising = await bench.next();
    expect(raising?.change).toMatchObject({
      order: { orderNo: 2, series: [{ series: 3, generation: 1 }], denied: [] },
    });
    await bench.end(raising!);
    expect(await bench.next()).toMatchObject({ change: { kind: 'place' } });
  });

  it('a schedule that no method needs any more gives its room back, unless it is wanted again meanwhile', async () => {
    const bench = await openBench();
    await addSchedule(bench);
    await bench.end((await bench.next())!);
    await bench.context.write((tx) => bench.rights.trim(tx, bench.lock));
    const removal = await bench.next();
    expect(removal?.change).toEqual({ kind: 'schedule', number: 7, table: undefined });
    const again = { scheduleId: 'sch_1', number: 7, revision: 1 };
    await bench.context.write((tx) => bench.rights.want(tx, bench.lock, 'schedule', again));
    await bench.end(removal!);
    const told = await bench.next();
    expect(told?.change).toMatchObject({ kind: 'schedule', number: 7, table: expect.any(Uint8Array) });
    await bench.end(told!);
    await bench.context.write((tx) => bench.rights.trim(tx, bench.lock));
    await bench.end((await bench.next())!);
    expect(await bench.item('schedule/7')).toMatchObject({ state: 'removed' });
    expect(await bench.next()).toBeUndefined();
  });

  it('a lock that has taken a higher order: halted, told above it, and well again', async () => {
    const bench = await openBench();
    await bench.context.write((tx, note) => bench.rights.raise(tx, note, bench.lock, 1));
    const low = await bench.next();
    expect(await bench.end(low!, 'superseded')).toBe(true);
    const { organizationId, id } = bench.lock;
    const access = () => bench.store.read((tx) => tx.access.locks.get(organizationId, id));
    expect((await access())?.haltedAt).not.toBeNull();
    const high = await bench.next();
    if (high?.change.kind !== 'order') throw new Error('not an order');
    expect(high.change.order.orderNo).toBeGreaterThan(60_000_000);
    await bench.end(high);
    expect(await access()).toMatchObject({ haltedAt: null });
  });
});

describe('until when somebody can open', () => {
  const report = (clockOffsetS: number | null, clockErrorS: number | null) => ({
    lockId: 'lock_1',
    attributes: {} as never,
    provedAt: START_MS,
    clockOffsetS,
    clockErrorS,
  });

  it('a lock that is behind lets the key in for longer, one that is ahead for no less than the lease', () => {
    const at = START_MS + DAY_MS;
    expect(slowMs(report(-10, 1), START_MS)).toBe(11_000);
    expect(slowMs(report(10, 1), START_MS)).toBe(3_500); // set meanwhile, unheard
    expect(slowMs(report(0, 0), at)).toBe(3_500 + 1_728); // and 20 millionths of a day
    expect(slowMs(report(-1000, 1), at)).toBe(1_000_000 + 1_000 + 1_728); // what was measured has no cap
    expect(slowMs(report(null, null), at)).toBe(SLOW_MOST_MS);
    expect(slowMs(undefined, at)).toBe(SLOW_MOST_MS);
    expect(lastOpening({ leaseEndAt: at, noClock: false }, report(0, 0))).toBe(at + 5_228);
    expect(lastOpening({ leaseEndAt: at, noClock: true }, report(0, 0))).toBeNull();
  });
});

describe('what a change of a grant takes back', () => {
  const grant: Grant = {
    id: 'grant_1',
    organizationId: 'org_1',
    personId: 'per_1',
    propertyId: 'prop_1',
    scope: { kind: 'doors', doorIds: ['door_1'] },
    notBefore: START_MS,
    notAfter: START_MS + DAY_MS,
    scheduleId: null,
    conditions: { geofence: false, secondPerson: false, firstUse: null },
    operations: ['unlock', 'lock'],
    methods: ['mobile_key'],
    uses: 5,
    used: 0,
    firstUsedAt: null,
    series: 1,
    stayId: null,
    sourceGrantId: null,
    visitorId: null,
    state: 'active',
    revokedAt: null,
    createdBy: 'per_1',
    createdAt: START_MS,
    version: 1,
  };
  const none = grant.conditions;

  it.each<readonly [string, Partial<Grant>, boolean]>([
    ['a later beginning', { notBefore: START_MS + 1000 }, true],
    ['an earlier beginning', { notBefore: START_MS - 1000 }, false],
    ['an earlier end', { notAfter: START_MS + 1000 }, true],
    ['a later end', { notAfter: START_MS + 2 * DAY_MS }, false],
    ['no end', { notAfter: null }, false],
    ['a schedule', { scheduleId: 'sch_1' }, true],
    ['fewer uses', { uses: 4 }, true],
    ['more uses', { uses: 6 }, false],
    ['any number of uses', { uses: null }, false],
    ['fewer operations', { operations: ['unlock'] }, true],
    ['more operations', { operations: ['unlock', 'lock', 'override'] }, false],
    ['a geofence', { conditions: { ...none, geofence: true } }, true],
    ['a second person', { conditions: { ...none, secondPerson: true } }, true],
    ['a first use', { conditions: { ...none, firstUse: { validForS: 60 } } }, true],
    ['another door', { scope: { kind: 'doors', doorIds: ['door_1', 'door_2'] } }, false],
  ])('%s', (_, change, expected) => {
    expect(narrows(grant, { ...grant, ...change })).toBe(expected);
  });

  it('a floor instead of the property is less, and a first use that has been needs the server no more', () => {
    const whole: Grant = { ...grant, scope: { kind: 'property', propertyId: 'prop_1' } };
    expect(narrows(whole, { ...whole, scope: { kind: 'floor', floorId: 'floor_1' } })).toBe(true);
    const first: Grant = { ...grant, conditions: { ...none, firstUse: { validForS: 60 } } };
    expect(needsServer(first)).toBe(true);
    expect(needsServer({ ...first, firstUsedAt: START_MS })).toBe(false);
  });

  it('an offline PIN lies within its grant, on its hour or day', () => {
    const hour = Math.ceil(START_MS / 3_600_000) * 3_600_000;
    expect(offlineWindow('3h', hour)).toEqual({ kind: 0, startAt: hour, endAt: hour + 3 * 3_600_000 });
    expect(() => offlineWindow('3h', hour + 60_000)).toThrow(/hour/);
    expect(() => offlineWindow('7d', Math.floor(START_MS / DAY_MS) * DAY_MS + 3_600_000)).toThrow(/day/);
    expect(() => offlineWindow('3h', 0)).toThrow();
    checkInGrant(offlineWindow('3h', hour), grant, START_MS);
    expect(() => checkInGrant(offlineWindow('28d', Math.ceil(START_MS / DAY_MS) * DAY_MS), grant, START_MS)).toThrow(
      /within/,
    );
    expect(() => checkInGrant(offlineWindow('3h', hour - 3_600_000), grant, START_MS)).toThrow(/within/);
  });
});

describe('PINs', () => {
  it('one by chance has six digits, each as likely as the others', () => {
    const random = seededRandom(5);
    const counts = new Array<number>(10).fill(0);
    for (let n = 0; n < 20_000; n++) {
      const pin = randomPin(random);
      expect(pin).toMatch(/^[0-9]{6}$/);
      for (const digit of pin) counts[Number(digit)]! += 1;
    }
    // 12,000 of each expected, standard deviation about 104: six of them.
    for (const count of counts) expect(Math.abs(count - 12_000)).toBeLessThan(624);
  });

  it.each(['000000', '999999999', '123456', '234567', '987654', '12345', '1234567890', '12a456', ''])(
    'refuses %j as chosen',
    (pin) => {
      expect(() => checkChosenPin(pin)).toThrow();
    },
  );

  it.each(['135790', '112233', '384712', '908172635'])('takes %s as chosen', (pin) => {
    expect(checkChosenPin(pin)).toBe(pin);
  });
});
