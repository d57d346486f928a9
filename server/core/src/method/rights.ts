import type { Context, Note } from '../context.ts';
import { SERIES } from '../grant/series.ts';
import type { GrantMethod, KeyLease, LockAccess, LockDenial, LockItem, LockSeries } from '../model.ts';
import type { PageRequest, Transaction } from '../ports.ts';
import { generationFloorAt } from '../restore/record-restore.ts';
import type { Restored } from '../restore/restored.ts';
import { noteMethod } from './facts.ts';
import { lapseOf, SLOW_MOST_MS } from './last-opening.ts';
import { isUnderWay, type LifeInput, live, UNSET } from './life.ts';
import type { ItemKind } from './model.ts';

/** Keys that a lock remembers as denied. */
export const DENIALS_MOST = 64;
/** Keys that one order denies: those of which the lock has not said yet that it knows them. */
export const ORDER_DENIALS_MOST = 40;
/** Everything that one lock or grant has, which is bounded by what made it. */
export const EVERYTHING: PageRequest = { after: undefined, limit: 1_000_000 };
/** What no lease of a grant that has no clock, and no PIN of a grant without end, reaches. */
export const NEVER_MS = 0xffff_ffff * 1000;

/** The lock that rights are kept for. */
export interface RightsLock {
  readonly id: string;
  readonly organizationId: string;
  readonly propertyId: string;
}

/** What the server has given out towards locks, and takes back: orders, generations, lists of the denied. */
export interface Rights {
  /** The row of a lock, made when there is none. */
  access(tx: Transaction, lock: RightsLock): Promise<LockAccess>;
  /** The generation that new keys of a series carry at this lock. */
  generation(tx: Transaction, lock: RightsLock, series: number): Promise<number>;
  /** Whether the lock may be ahead of this record, which came back from a backup. */
  isBehind(tx: Transaction, lock: RightsLock, series: number): Promise<boolean>;
  /** Makes something of a lock wanted, as of this revision; one that is wanted so already stays. */
  want(
    tx: Transaction,
    lock: RightsLock,
    kind: ItemKind,
    what?: {
      readonly scheduleId?: string;
      readonly number?: number;
      readonly revision?: number;
      readonly again?: boolean;
    },
  ): Promise<void>;
  /**
   * Takes keys back at a lock: on its list of the denied, or, when that has no room, by raising their series, whose other
   * keys are then given anew. Answers the order's number; undefined when there was nothing to do.
   */
  deny(tx: Transaction, note: Note, lock: RightsLock, leases: readonly KeyLease[]): Promise<number | undefined>;
  /**
   * Raises a series at a lock, `replacing` what was given out of the generations before or giving it anew. Answers the
   * order's number.
   */
  raise(
    tx: Transaction,
    note: Note,
    lock: RightsLock,
    series: number,
    options?: { readonly replacing?: boolean; readonly above?: number },
  ): Promise<number>;
  /** The lock has taken this order. */
  taken(tx: Transaction, note: Note, lock: RightsLock, orderNo: number): Promise<void>;
  /** The lock has risen to this generation. */
  risen(tx: Transaction, note: Note, lock: RightsLock, series: number, generation: number): Promise<void>;
  /** The lock was bound anew: what it was told to refuse and can still be shown, it is told again. */
  retell(tx: Transaction, note: Note, lock: RightsLock): Promise<void>;
  /** The lock has no room for what an order denies: the series of those keys rise instead. */
  crowded(tx: Transaction, note: Note, lock: RightsLock): Promise<void>;
  /** Schedules that no method at the lock is read by any more give their room back. */
  trim(tx: Transaction, lock: RightsLock): Promise<void>;
  /** The lock says that it knows a higher order than this record: the next one is above everything. */
  outranked(tx: Transaction, note: Note, lock: RightsLock): Promise<void>;
}

/** Rights over the record; a restore lays a floor under every number. */
export function createRights(context: Context, restored: Restored): Rights {
  const now = context.now;
  const floor = (): number => restored.newest?.generationFloor ?? 0;

  const access: Rights['access'] = async (tx, lock) => {
    const known = await tx.access.locks.get(lock.organizationId, lock.id);
    if (known !== undefined) return known;
    const row: LockAccess = {
      id: lock.id,
      organizationId: lock.organizationId,
      propertyId: lock.propertyId,
      orderIssued: 0,
      orderAcknowledged: 0,
      haltedAt: null,
    };
    await tx.access.locks.insert(row);
    // The first thing that a lock should know: where it is.
    await want(tx, lock, 'place');
    return row;
  };

  const seriesOf = async (tx: Transaction, lock: RightsLock, series: number): Promise<LockSeries> => {
    const id = `${lock.id}/${series}`;
    const known = await tx.access.series.get(lock.organizationId, id);
    if (known !== undefined) return known;
    const levels =
      series === SERIES.levels ? await tx.access.properties.get(lock.organizationId, lock.propertyId) : undefined;
    const row: LockSeries = {
      id,
      organizationId: lock.organizationId,
      lockId: lock.id,
      series,
      generation: levels?.levelGeneration ?? 0,
      acknowledged: 0,
      acknowledgedAt: null,
      orderNo: 0,
    };
    await tx.access.series.insert(row);
    return row;
  };

  const want: Rights['want'] = async (tx, lock, kind, what = {}) => {
    const number = what.number ?? 0;
    const id = kind === 'schedule' ? `${lock.id}/${kind}/${number}` : `${lock.id}/${kind}`;
    const { organizationId } = lock;
    const known = await tx.access.items.get(organizationId, id);
    const revision = what.revision ?? (known?.revision ?? 0) + 1;
    const same = known !== undefined && known.revision === revision && what.again !== true;
    if (same && (isUnderWay(known) ? known.state === 'setting' : known.state === 'set')) return;
    const life = live(known ?? UNSET, { kind: 'want', at: now() });
    if (known !== undefined) await tx.access.items.update(organizationId, id, { ...life, revision });
    else {
      const scheduleId = what.scheduleId ?? null;
      await tx.access.items.insert({
        id,
        organizationId,
        lockId: lock.id,
        kind,
        scheduleId,
        number,
        revision,
        ...life,
      });
    }
  };

  /** A fresh order for a lock, above every number that there may have been. */
  const newOrder = async (tx: Transaction, lock: RightsLock, above = 0): Promise<number> => {
    const { orderIssued } = await access(tx, lock);
    const orderNo = Math.max(orderIssued + 1, floor(), above);
    await tx.access.locks.update(lock.organizationId, lock.id, { orderIssued: orderNo });
    await want(tx, lock, 'order', { revision: orderNo });
    return orderNo;
  };

  const raiseHere: Rights['raise'] = async (tx, note, lock, series, { replacing = false, above = 0 } = {}) => {
    const { organizationId, id: lockId } = lock;
    const row = await seriesOf(tx, lock, series);
    const generation = Math.max(row.generation, floor(), above) + 1;
    const orderNo = await newOrder(tx, lock);
    await tx.access.series.update(organizationId, row.id, { generation, orderNo });
    // Every key on the list is of an older generation: raising says more than the list.
    for (const denial of await tx.access.denials.list(organizationId, { lockId, series }, EVERYTHING)) {
      await tx.access.denials.remove(organizationId, denial.id);
    }
    if (series === SERIES.offlinePins) await voidPins(tx, lock, generation);
    for (const method of await tx.access.methods.list(organizationId, { lockId, series }, EVERYTHING)) {
      await ofNewGeneration(tx, note, method, generation, orderNo, replacing);
    }
    return orderNo;
  };

  const ofNewGeneration = async (
    tx: Transaction,
    note: Note,
    method: GrantMethod,
    generation: number,
    orderNo: number,
    replacing: boolean,
  ): Promise<void> => {
    const { organizationId, id } = method;
    if (method.method === 'pin' || method.state === 'removed') return;
    if (method.state === 'removing') {
      await tx.access.methods.update(organizationId, id, { orderNo });
    } else if (!replacing) {
      // Its keys are fetched anew; who has not fetched one loses nothing.
      const state = method.state === 'set' ? 'unset' : method.state;
      await tx.access.methods.update(organizationId, id, { generation, state, acknowledgedAt: null });
    } else if (method.generation < generation) {
      const lapsesAt = await revokeKeys(tx, method);
      const life = live(method, lapsesAt === undefined ? { kind: 'gone' } : { kind: 'drop', at: lapsesAt });
      const after = { ...life, reason: 'replaced', orderNo } as const;
      await tx.access.methods.update(organizationId, id, after);
      await noteMethod(tx, note, { ...method, ...after });
    }
  };

  /** The keys of a method are over; answers when the last of them is, whatever the lock has heard. */
  const revokeKeys = async (tx: Transaction, { organizationId, grantId, lockId }: GrantMethod) => {
    let lapsesAt: number | undefined;
    for (const lease of await tx.access.leases.list(organizationId, { grantId, state: 'active' }, EVERYTHING)) {
      if (lease.lockId !== null && lease.lockId !== lockId) continue;
      await tx.access.leases.update(organizationId, lease.id, { state: 'revoked', revokedAt: now() });
      const lapse = lease.noClock ? NEVER_MS : lapseOf(lease);
      if (lapse > now()) lapsesAt = Math.max(lapsesAt ?? 0, lapse);
    }
    return lapsesAt;
  };

  const voidPins = async (tx: Transaction, lock: RightsLock, generation: number): Promise<void> => {
    for (const pin of await tx.access.pins.list(lock.organizationId, { lockId: lock.id }, EVERYTHING)) {
      if (pin.voidedAt !== null || pin.generation >= generation) continue;
      await tx.access.pins.update(lock.organizationId, pin.id, { voidedAt: now() });
    }
  };

  /** A level grant carries one generation for all of its locks: it rises at all of them. */
  const raiseLevels: Rights['raise'] = async (tx, note, lock, series, { replacing = false, above = 0 } = {}) => {
    const { organizationId, propertyId } = lock;
    await access(tx, lock);
    const property = await tx.access.properties.get(organizationId, propertyId);
    const { generation } = await seriesOf(tx, lock, series);
    const before = Math.max(property?.levelGeneration ?? 0, generation, floor(), above);
    await tx.access.properties.update(organizationId, propertyId, { levelGeneration: before + 1 });
    let own = 0;
    for (const one of await tx.access.locks.list(organizationId, { propertyId }, EVERYTHING)) {
      const orderNo = await raiseHere(tx, note, one, series, { replacing, above: before });
      if (one.id === lock.id) own = orderNo;
    }
    return own;
  };

  const raise: Rights['raise'] = (tx, note, lock, series, options) =>
    series === SERIES.levels
      ? raiseLevels(tx, note, lock, series, options)
      : raiseHere(tx, note, lock, series, options);

  const halt = async (tx: Transaction, note: Note, lock: RightsLock, text: string): Promise<void> => {
    await tx.access.locks.update(lock.organizationId, lock.id, { haltedAt: now() });
    const [door] = await tx.doors.list(lock.organizationId, { lockId: lock.id }, { after: undefined, limit: 1 });
    await note({
      organizationId: lock.organizationId,
      propertyId: door?.propertyId ?? null,
      doorId: door?.id ?? null,
      lockId: lock.id,
      type: 'alarm.generation_higher',
      detail: { text, not_shown: 0 },
    });
  };

  return {
    access,
    async generation(tx, lock, series) {
      const row = await seriesOf(tx, lock, series);
      if (row.generation >= floor()) return row.generation;
      await tx.access.series.update(lock.organizationId, row.id, { generation: floor() });
      return floor();
    },
    isBehind: async (tx, lock, series) => (await seriesOf(tx, lock, series)).generation < floor(),
    want,
    async deny(tx, note, lock, leases) {
      const { organizationId, id: lockId } = lock;
      const known = await tx.access.denials.list(organizationId, { lockId }, EVERYTHING);
      // A lock whose clock is slow remembers them for longer.
      const over = (one: LockDenial): boolean => one.leaseEndAt + SLOW_MOST_MS <= now();
      for (const old of known) if (over(old)) await tx.access.denials.remove(organizationId, old.id);
      const listed = known.filter((one) => !over(one));
      const fresh = leases.filter((lease) => !listed.some((one) => one.id === denialId(lockId, lease)));
      if (fresh.length === 0) return undefined;
      const unheard = listed.filter((one) => one.acknowledgedAt === null).length;
      if (listed.length + fresh.length > DENIALS_MOST || unheard + fresh.length > ORDER_DENIALS_MOST) {
        let orderNo = 0;
        for (const series of new Set(fresh.map((lease) => lease.series))) {
          orderNo = Math.max(orderNo, await raise(tx, note, lock, series));
        }
        return orderNo;
      }
      const orderNo = await newOrder(tx, lock);
      for (const lease of fresh) {
        await tx.access.denials.insert({
          id: denialId(lockId, lease),
          organizationId,
          lockId,
          keyId: lease.keyId,
          series: lease.series,
          leaseEndAt: lease.noClock ? NEVER_MS : lease.leaseEndAt,
          orderNo,
          acknowledgedAt: null,
        });
      }
      return orderNo;
    },
    raise,
    async taken(tx, note, lock, orderNo) {
      const { organizationId, id: lockId } = lock;
      const row = await access(tx, lock);
      if (orderNo > row.orderIssued) {
        await halt(tx, note, lock, `the lock has taken order ${orderNo}, and this record knows of ${row.orderIssued}`);
        await newOrder(tx, lock, orderNo + 1);
        return;
      }
      if (orderNo <= row.orderAcknowledged) return;
      await tx.access.locks.update(organizationId, lockId, {
        orderAcknowledged: orderNo,
        ...(orderNo === row.orderIssued && { haltedAt: null }),
      });
      for (const one of await tx.access.series.list(organizationId, { lockId }, EVERYTHING)) {
        if (one.orderNo > orderNo || one.acknowledged >= one.generation) continue;
        const heard = { acknowledged: one.generation, acknowledgedAt: now() };
        await tx.access.series.update(organizationId, one.id, heard);
      }
      for (const one of await tx.access.denials.list(organizationId, { lockId }, EVERYTHING)) {
        if (one.acknowledgedAt !== null || one.orderNo > orderNo) continue;
        await tx.access.denials.update(organizationId, one.id, { acknowledgedAt: now() });
      }
      await acknowledgeMethods(tx, note, lock, (one) => one.orderNo !== null && one.orderNo <= orderNo);
      const item = await tx.access.items.get(organizationId, `${lockId}/order`);
      if (item !== undefined && orderNo === row.orderIssued) await step(tx, item, { kind: 'acknowledge', at: now() });
    },
    async risen(tx, note, lock, series, generation) {
      const row = await seriesOf(tx, lock, series);
      if (generation > row.generation) {
        const text = `the lock's series ${series} is at generation ${generation}, and this record knows of ${row.generation}`;
        await halt(tx, note, lock, text);
        await raise(tx, note, lock, series, { above: generation });
        return;
      }
      if (generation <= row.acknowledged) return;
      await tx.access.series.update(lock.organizationId, row.id, { acknowledged: generation, acknowledgedAt: now() });
      await acknowledgeMethods(
        tx,
        note,
        lock,
        (one) => one.method !== 'pin' && one.series === series && one.generation < generation,
      );
    },
    async retell(tx, note, lock) {
      const { organizationId, id: lockId } = lock;
      const unheard = (await tx.access.denials.list(organizationId, { lockId }, EVERYTHING)).filter(
        (one) => one.acknowledgedAt === null,
      );
      // More than an order holds: what it left out would be taken for told.
      if (unheard.length > ORDER_DENIALS_MOST) {
        for (const series of new Set(unheard.map((one) => one.series))) await raise(tx, note, lock, series);
      }
      const denials = await tx.access.denials.list(organizationId, { lockId }, EVERYTHING);
      const series = await tx.access.series.list(organizationId, { lockId }, EVERYTHING);
      const raised = series.filter((one) => one.generation > 0);
      if (denials.length === 0 && raised.length === 0) return;
      const orderNo = await newOrder(tx, lock);
      for (const one of denials) await tx.access.denials.update(organizationId, one.id, { orderNo });
      for (const one of raised) await tx.access.series.update(organizationId, one.id, { orderNo });
    },
    async crowded(tx, note, lock) {
      const { organizationId, id: lockId } = lock;
      const denials = await tx.access.denials.list(organizationId, { lockId }, EVERYTHING);
      const unheard = denials.filter((one) => one.acknowledgedAt === null);
      for (const series of new Set(unheard.map((one) => one.series))) await raise(tx, note, lock, series);
    },
    async trim(tx, lock) {
      const { organizationId, id: lockId } = lock;
      const items = await tx.access.items.list(organizationId, { lockId, kind: 'schedule' }, EVERYTHING);
      const idle = items.filter(({ state }) => state !== 'removing' && state !== 'removed');
      if (idle.length === 0) return;
      const methods = await tx.access.methods.list(organizationId, { lockId }, EVERYTHING);
      const gone = ({ state }: GrantMethod): boolean => state === 'removing' || state === 'removed';
      const needed = new Set(methods.filter((one) => !gone(one)).map(({ scheduleId }) => scheduleId));
      for (const item of idle) {
        if (!needed.has(item.scheduleId)) await step(tx, item, { kind: 'drop', at: now() });
      }
    },
    async outranked(tx, note, lock) {
      const row = await access(tx, lock);
      const text = `the lock takes only orders above ${row.orderIssued}, which this record issued last`;
      await halt(tx, note, lock, text);
      await newOrder(tx, lock, generationFloorAt(now()));
    },
  };

  /** What the lock has been told to forget is gone. */
  async function acknowledgeMethods(
    tx: Transaction,
    note: Note,
    lock: RightsLock,
    which: (method: GrantMethod) => boolean,
  ): Promise<void> {
    for (const method of await tx.access.methods.list(lock.organizationId, { lockId: lock.id }, EVERYTHING)) {
      const going = method.state === 'removing' || method.state === 'failed';
      if (!going || !which(method)) continue;
      const after = { ...live(method, { kind: 'gone' }), acknowledgedAt: now() };
      await tx.access.methods.update(lock.organizationId, method.id, after);
      await noteMethod(tx, note, { ...method, ...after });
    }
  }
}

/** Takes an item of a lock one step on. */
export async function step(tx: Transaction, item: LockItem, input: LifeInput): Promise<LockItem> {
  const life = live(item, input);
  await tx.access.items.update(item.organizationId, item.id, life);
  return { ...item, ...life };
}

function denialId(lockId: string, lease: KeyLease): string {
  return `${lockId}/${lease.id}`;
}
