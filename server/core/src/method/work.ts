import type { AccessChange, OnlinePin, Order } from '@cardea/wire-profile';
import type { Context, Note } from '../context.ts';
import type { Ending } from '../link/job.ts';
import type { GrantMethod, LockItem } from '../model.ts';
import type { Transaction } from '../ports.ts';
import { noteMethod } from './facts.ts';
import { lapseOf } from './last-opening.ts';
import { isDue, isUnderWay, type LifeInput, live } from './life.ts';
import { placeOf } from './place.ts';
import { failKeys, settleKeys } from './ready.ts';
import { EVERYTHING, ORDER_DENIALS_MOST, type Rights, type RightsLock, step } from './rights.ts';
import { renewalOf, scheduleTable } from './schedule-table.ts';

/** What a lock cannot tell us because it was not reached: no try. */
const MISSES: readonly string[] = ['gateway_offline', 'out_of_range', 'no_answer', 'busy', 'late', 'not_bound'];
/** What a lock will not take however often it is asked. */
const FAILS: readonly string[] = ['unsupported', 'full'];
/** Why a PIN that is `setting` waits: its slot at the lock has to be emptied first. */
const OCCUPIED = 'full' as const;
/** No end: what four octets of seconds hold. */
const NEVER_S = 0xffff_ffff;

/** One change that a lock should be asked for. */
export interface Work {
  readonly change: AccessChange;
  /** What the end of it comes to, in the unit that records it; true when the lock has taken it. */
  concluded(tx: Transaction, note: Note, outcome: Ending): Promise<boolean>;
  /** The lock was not reached. */
  missed(tx: Transaction): Promise<void>;
}

/** The next change for a lock: what takes rights away first, then what grants need, then what gives them. */
export interface Works {
  /** `proved`: the lock has just been reached, so that what waited for it has its turn. */
  next(tx: Transaction, note: Note, lock: RightsLock, proved: boolean): Promise<Work | undefined>;
  /** Nothing can be asked of the lock now: what is due waits. */
  miss(tx: Transaction, note: Note, lock: Pick<RightsLock, 'id' | 'organizationId'>): Promise<void>;
}

/** The work of all locks, as the record has it. */
export function createWorks(context: Context, rights: Rights): Works {
  const now = context.now;
  const dueOf = (proved: boolean) => (one: LockItem | GrantMethod) =>
    isDue(one, now()) || (proved && one.tries === 0 && isUnderWay(one) && one.nextTryAt !== null);

  const ofItem = async (tx: Transaction, lock: RightsLock, item: LockItem): Promise<AccessChange | undefined> => {
    switch (item.kind) {
      case 'order': {
        const order = await pendingOrder(tx, lock, now());
        return order && { kind: 'order', order };
      }
      case 'place': {
        const property = await tx.access.properties.get(lock.organizationId, lock.propertyId);
        const [door] = await tx.doors.list(lock.organizationId, { lockId: lock.id }, { after: undefined, limit: 1 });
        return property && door && { kind: 'place', place: await placeOf(tx, property, door) };
      }
      case 'schedule': {
        if (item.state === 'removing') return { kind: 'schedule', number: item.number, table: undefined };
        const table = await scheduleTable(tx, lock, item, now());
        return table && { kind: 'schedule', number: item.number, table };
      }
      case 'keypad':
        return { kind: 'keypad-reopened' };
      case 'forget':
        return { kind: 'forget' };
    }
  };

  /** A receipt for an item as it was when it was asked for. */
  const concludeItem = async (
    tx: Transaction,
    note: Note,
    lock: RightsLock,
    asked: LockItem,
    change: AccessChange,
    outcome: Ending,
  ): Promise<boolean> => {
    const item = await tx.access.items.get(asked.organizationId, asked.id);
    if (item === undefined) return outcome.kind === 'succeeded';
    if (outcome.kind === 'succeeded') {
      if (change.kind === 'order') await rights.taken(tx, note, lock, change.order.orderNo);
      // What was changed meanwhile is still wanted.
      else if (item.revision === asked.revision && item.state === asked.state) {
        const renewAt = item.kind === 'schedule' && item.state === 'setting' ? { renewAt: renewalOf(now()) } : {};
        await step(tx, item, { kind: 'acknowledge', at: now(), ...renewAt });
        await settleKeys(tx, note, lock);
      }
      return true;
    }
    if (change.kind === 'order' && outcome.reason === 'superseded' && outcome.receipt !== undefined) {
      await rights.outranked(tx, note, lock);
      return true;
    }
    if (change.kind === 'order' && outcome.reason === 'full') {
      await rights.crowded(tx, note, lock);
      return true;
    }
    const after = await step(tx, item, inputOf(outcome, now()));
    if (after.state === 'failed') await failKeys(tx, note, after);
    return false;
  };

  const concludeMethod = async (
    tx: Transaction,
    note: Note,
    asked: GrantMethod,
    change: AccessChange,
    outcome: Ending,
  ): Promise<boolean> => {
    const method = await tx.access.methods.get(asked.organizationId, asked.id);
    if (method === undefined) return outcome.kind === 'succeeded';
    const same = method.state === asked.state && method.slot === asked.slot;
    if (outcome.kind === 'succeeded' && !same) return true;
    // A slot has room for one: the lock holds an earlier PIN there, which has to go before this one comes.
    const occupied = change.kind === 'pin' && outcome.kind === 'failed' && outcome.reason === 'full';
    const freed = change.kind === 'pin-removed' && outcome.kind === 'succeeded';
    if (same && method.state === 'setting' && (occupied || freed)) {
      const wanted = { ...live(method, { kind: 'want', at: now() }), reason: occupied ? OCCUPIED : null };
      await tx.access.methods.update(method.organizationId, method.id, wanted);
      return true;
    }
    const input: LifeInput =
      outcome.kind === 'succeeded' ? { kind: 'acknowledge', at: now() } : inputOf(outcome, now());
    const life = live(method, input);
    const gone = life.state === 'removed' ? { slot: null, verifier: null, pinEndAt: null } : {};
    // Only the lock's word that it holds a sooner end makes it one.
    const held = change.kind === 'pin' && life.state === 'set' ? { pinEndAt: change.pin.notAfterS * 1000 } : {};
    await tx.access.methods.update(method.organizationId, method.id, { ...life, ...held, ...gone });
    if (life.state !== method.state) await noteMethod(tx, note, { ...method, ...life });
    return outcome.kind === 'succeeded';
  };

  const workOfItem = async (tx: Transaction, lock: RightsLock, item: LockItem): Promise<Work | undefined> => {
    const change = await ofItem(tx, lock, item);
    if (change === undefined) {
      // There is nothing to say any more: no order that is open, no door, no schedule.
      await step(tx, item, item.kind === 'order' ? { kind: 'acknowledge', at: now() } : { kind: 'gone' });
      return undefined;
    }
    // A table whose time has come to be made anew is wanted again.
    const asked = isUnderWay(item) ? item : await step(tx, item, { kind: 'want', at: now() });
    return {
      change,
      concluded: (inner, note, outcome) => concludeItem(inner, note, lock, asked, change, outcome),
      async missed(inner) {
        const known = await inner.access.items.get(asked.organizationId, asked.id);
        if (known !== undefined) await step(inner, known, { kind: 'miss', at: now(), reason: 'no_answer' });
      },
    };
  };

  const workOfPin = async (tx: Transaction, note: Note, method: GrantMethod): Promise<Work | undefined> => {
    const { slot, verifier, organizationId, id } = method;
    let change: AccessChange | undefined;
    const occupied = method.state === 'setting' && method.reason === OCCUPIED;
    if (slot !== null && (method.state === 'removing' || occupied)) change = { kind: 'pin-removed', slot };
    if (slot !== null && verifier !== null && method.state === 'setting' && !occupied) {
      const pin = await onlinePin(tx, method, slot, verifier);
      change = pin && { kind: 'pin', pin };
    }
    if (change === undefined) {
      const gone = live(method, { kind: 'gone' });
      await tx.access.methods.update(organizationId, id, { ...gone, slot: null, verifier: null, pinEndAt: null });
      await noteMethod(tx, note, { ...method, ...gone });
      return undefined;
    }
    const asked = change;
    if (asked.kind === 'pin') {
      // Before it leaves: whatever is heard of it, the lock may hold it.
      const pinEndAt = Math.max(method.pinEndAt ?? 0, asked.pin.notAfterS * 1000);
      await tx.access.methods.update(organizationId, id, { pinEndAt });
    }
    return {
      change,
      concluded: (inner, more, outcome) => concludeMethod(inner, more, method, asked, outcome),
      async missed(inner) {
        const known = await inner.access.methods.get(organizationId, id);
        if (known === undefined) return;
        await inner.access.methods.update(
          organizationId,
          id,
          live(known, { kind: 'miss', at: now(), reason: 'no_answer' }),
        );
      },
    };
  };

  /** Keys whose leases are over everywhere open nothing any more: that takes no word of the lock. */
  const lapse = async (tx: Transaction, note: Note, method: GrantMethod): Promise<void> => {
    const gone = live(method, method.state === 'removing' ? { kind: 'gone' } : { kind: 'hold' });
    await tx.access.methods.update(method.organizationId, method.id, gone);
    if (gone.state !== method.state) await noteMethod(tx, note, { ...method, ...gone });
  };

  return {
    async next(tx, note, lock, proved) {
      const { organizationId, id: lockId } = lock;
      const items = (await tx.access.items.list(organizationId, { lockId }, EVERYTHING)).filter(dueOf(proved));
      items.sort((a, b) => RANK[a.kind] - RANK[b.kind] || a.number - b.number);
      const forget = items.filter(({ kind }) => kind === 'forget');
      for (const item of items) {
        if (item.kind === 'forget') continue;
        const work = await workOfItem(tx, lock, item);
        if (work !== undefined) return work;
      }
      const methods = await tx.access.methods.list(organizationId, { lockId }, EVERYTHING);
      for (const key of methods) if (key.method !== 'pin' && isDue(key, now())) await lapse(tx, note, key);
      const pins = methods.filter((one) => one.method === 'pin').filter(dueOf(proved));
      pins.sort((a, b) => (a.state === b.state ? 0 : a.state === 'removing' ? -1 : 1));
      for (const pin of pins) {
        const work = await workOfPin(tx, note, pin);
        if (work !== undefined) return work;
      }
      // Last of all: what was taken away just now is then forgotten as well.
      for (const item of forget) {
        const work = await workOfItem(tx, lock, item);
        if (work !== undefined) return work;
      }
      return undefined;
    },
    async miss(tx, note, { organizationId, id: lockId }) {
      const input: LifeInput = { kind: 'miss', at: now(), reason: 'gateway_offline' };
      for (const item of await tx.access.items.list(organizationId, { lockId }, EVERYTHING)) {
        if (isDue(item, now())) await step(tx, item, input);
      }
      for (const method of await tx.access.methods.list(organizationId, { lockId }, EVERYTHING)) {
        if (!isDue(method, now())) continue;
        if (method.method !== 'pin') await lapse(tx, note, method);
        else await tx.access.methods.update(organizationId, method.id, live(method, input));
      }
    },
  };
}

const RANK: Readonly<Record<LockItem['kind'], number>> = { order: 0, place: 1, schedule: 2, keypad: 3, forget: 4 };

/** Everything that a lock has not said yet that it knows, as one order with the newest number; undefined when it knows all. */
export async function pendingOrder(tx: Transaction, lock: RightsLock, now: number): Promise<Order | undefined> {
  const { organizationId, id: lockId } = lock;
  const access = await tx.access.locks.get(organizationId, lockId);
  if (access === undefined || access.orderIssued <= access.orderAcknowledged) return undefined;
  const series = await tx.access.series.list(organizationId, { lockId }, EVERYTHING);
  const denials = await tx.access.denials.list(organizationId, { lockId }, EVERYTHING);
  return {
    orderNo: access.orderIssued,
    series: series
      .filter((one) => one.acknowledged < one.generation && one.orderNo > 0)
      .map(({ series: number, generation }) => ({ series: number, generation })),
    denied: denials
      .filter((one) => one.acknowledgedAt === null && lapseOf(one) > now)
      .slice(0, ORDER_DENIALS_MOST)
      .map(({ keyId, leaseEndAt }) => ({ grantId: keyId, leaseEndS: Math.ceil(leaseEndAt / 1000) })),
  };
}

async function onlinePin(
  tx: Transaction,
  method: GrantMethod,
  slot: number,
  verifier: Uint8Array,
): Promise<OnlinePin | undefined> {
  const grant = await tx.grants.get(method.organizationId, method.grantId);
  if (grant?.state !== 'active') return undefined;
  const schedule =
    grant.scheduleId === null ? undefined : await tx.schedules.get(grant.organizationId, grant.scheduleId);
  return {
    slot,
    verifier,
    notBeforeS: grant.notBefore / 1000,
    notAfterS: grant.notAfter === null ? NEVER_S : grant.notAfter / 1000,
    scheduleNumber: schedule?.number ?? 0,
    uses: grant.uses ?? 0,
  };
}

function inputOf(outcome: Extract<Ending, { kind: 'failed' }>, at: number): LifeInput {
  const { reason } = outcome;
  if (FAILS.includes(reason)) return { kind: 'fail', reason };
  return { kind: MISSES.includes(reason) ? 'miss' : 'refuse', at, reason };
}
