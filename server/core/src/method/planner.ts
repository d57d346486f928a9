import type { Context, Note } from '../context.ts';
import type { MethodPlanner } from '../grant/planner.ts';
import { doorsOf } from '../grant/reach.ts';
import { SERIES } from '../grant/series.ts';
import { type HeldLease, leasesAt, leasesOf } from '../key/leases.ts';
import type { AccessMethod, Grant, GrantMethod, KeyLease, Lock, MethodReason, OfflinePinGiven } from '../model.ts';
import type { Transaction } from '../ports.ts';
import { noteMethod } from './facts.ts';
import { lapseOf } from './last-opening.ts';
import { isUnderWay, type LifeInput, live, UNSET } from './life.ts';
import { levelOf, narrows, needsServer } from './narrowing.ts';
import { EVERYTHING, type Rights, type RightsLock } from './rights.ts';

/** What planning needs beside the record. */
export interface PlanWorld {
  readonly context: Context;
  readonly rights: Rights;
  /** Whether a maker's locks enforce anything by themselves. */
  supports(maker: string): boolean;
  kick(lockIds: readonly string[]): void;
}

/** Plans of methods, for grants that change and for locks that are bound. */
export interface Planner extends MethodPlanner {
  /** Plans one grant at one lock, which has just been bound. */
  planAt(tx: Transaction, note: Note, grant: Grant, lock: RightsLock & Pick<Lock, 'maker'>): Promise<void>;
  /** Takes these keys back, wherever they open; answers the locks concerned. */
  takeBack(tx: Transaction, note: Note, leases: readonly KeyLease[]): Promise<readonly string[]>;
}

/** The series of a grant's keys: those of a whole level have one of their own, whatever the grant is of. */
function seriesAt(grant: Grant): number {
  return levelOf(grant) === undefined ? grant.series : SERIES.levels;
}

/** What should be at the locks, compared with what is: the grants that are active, their methods and their doors. */
export function createPlanner({ context, rights, supports, kick }: PlanWorld): Planner {
  const { newId, now } = context;

  const lockOf = async (tx: Transaction, organizationId: string, lockId: string, propertyId: string) => {
    const lock = await tx.locks.get(organizationId, lockId);
    return lock?.state === 'bound' ? { id: lock.id, organizationId, propertyId, maker: lock.maker } : undefined;
  };

  /** Takes a method one step on, and tells where it is then. */
  const advance = async (
    tx: Transaction,
    note: Note,
    method: GrantMethod,
    input: LifeInput,
    more: Partial<GrantMethod> = {},
  ): Promise<void> => {
    const change = { ...live(method, input), ...more };
    await tx.access.methods.update(method.organizationId, method.id, change);
    if (change.state !== method.state) await noteMethod(tx, note, { ...method, ...change });
  };

  const add = async (
    tx: Transaction,
    note: Note,
    grant: Grant,
    lock: RightsLock & Pick<Lock, 'maker'>,
    method: AccessMethod,
  ): Promise<void> => {
    const reason = await impossible(tx, grant, lock, method);
    const series = seriesAt(grant);
    const row: GrantMethod = {
      ...(reason === undefined ? UNSET : live(UNSET, { kind: 'fail', reason })),
      id: newId('mth'),
      organizationId: grant.organizationId,
      grantId: grant.id,
      personId: grant.personId,
      lockId: lock.id,
      method,
      scheduleId: grant.scheduleId,
      series,
      generation: reason === undefined ? await rights.generation(tx, lock, series) : 0,
      slot: null,
      verifier: null,
      pinEndAt: null,
      orderNo: null,
      createdAt: now(),
    };
    await tx.access.methods.insert(row);
    if (row.state === 'failed') await noteMethod(tx, note, row);
    else await ready(tx, grant, lock);
  };

  /** Whether the server decides every opening at the grant's property. */
  const isOfflineOff = async (tx: Transaction, { organizationId, propertyId }: Grant): Promise<boolean> =>
    (await tx.properties.get(organizationId, propertyId))?.offlineLeaseS === null;

  /** Why a method will never be at a lock, as the grant is now. */
  const impossible = async (
    tx: Transaction,
    grant: Grant,
    lock: Pick<Lock, 'maker'>,
    method: AccessMethod,
  ): Promise<MethodReason | undefined> => {
    if (!supports(lock.maker)) return 'unsupported';
    if (await isOfflineOff(tx, grant)) return 'offline_off';
    if (needsServer(grant)) return 'needs_server';
    if (grant.uses !== null && grant.methods[0] !== method) return 'counted_elsewhere';
    return undefined;
  };

  /** What the grant's methods need at the lock beside themselves. */
  const ready = async (tx: Transaction, grant: Grant, lock: RightsLock): Promise<void> => {
    await rights.access(tx, lock);
    if (grant.scheduleId === null) return;
    const schedule = await tx.schedules.get(grant.organizationId, grant.scheduleId);
    if (schedule === undefined) return;
    const { id: scheduleId, number, version: revision } = schedule;
    await rights.want(tx, lock, 'schedule', { scheduleId, number, revision });
  };

  /** The keys that may still open: those that were given, not taken back, and whose lease may not be over everywhere. */
  const outstanding = async (tx: Transaction, grant: Grant): Promise<readonly HeldLease[]> => {
    const all = await leasesOf(tx, grant.organizationId, grant.id);
    return all.filter((lease) => lease.state === 'active' && (lease.noClock || lapseOf(lease) > now()));
  };

  /** Takes a method away: what the lock knows of it, or may come to know by a phone, goes by an order or a job. */
  const remove = async (
    tx: Transaction,
    note: Note,
    grant: Grant,
    method: GrantMethod,
    leases: readonly HeldLease[],
  ): Promise<void> => {
    const lock = { id: method.lockId, organizationId: grant.organizationId, propertyId: grant.propertyId };
    if (method.method === 'pin') {
      const there = method.slot !== null && (method.state === 'set' || isUnderWay(method) || method.state === 'failed');
      await advance(tx, note, method, there ? { kind: 'drop', at: now() } : { kind: 'gone' });
      return;
    }
    const held = leasesAt(leases, method);
    if (held.length === 0) {
      // Keys that are on their way out were revoked before: only the lock's word, or their end, is the end of that.
      return method.state === 'removing' ? undefined : advance(tx, note, method, { kind: 'gone' });
    }
    // What its own time has ended needs no order: only a clock that is slow still takes it, and not for long.
    const told = held.filter((lease) => grant.state !== 'ended' || lease.noClock || lease.leaseEndAt > now());
    const orderNo = (await rights.deny(tx, note, lock, told)) ?? method.orderNo;
    for (const lease of held) if (lease.lockId !== null) await revoke(tx, lease);
    const lapses = held.map((lease) => (lease.noClock ? Number.POSITIVE_INFINITY : lapseOf(lease)));
    const nextTryAt = Math.max(...lapses);
    await advance(
      tx,
      note,
      method,
      { kind: 'drop', at: now() },
      { orderNo, nextTryAt: Number.isFinite(nextTryAt) ? nextTryAt : null },
    );
  };

  /** A method that stays: what was given out of the grant as it was must not go further than the grant as it is. */
  const keep = async (
    tx: Transaction,
    note: Note,
    before: Grant | undefined,
    grant: Grant,
    lock: RightsLock & Pick<Lock, 'maker'>,
    method: GrantMethod,
    leases: readonly HeldLease[],
  ): Promise<void> => {
    const { scheduleId } = grant;
    const reason = await impossible(tx, grant, lock, method.method);
    const gone = method.state === 'removed' || method.state === 'removing';
    // What failed is tried again when somebody has changed something.
    const wasImpossible = method.state === 'failed' && method.slot === null;
    if (reason !== undefined) {
      if (method.state === 'failed' && method.reason === reason) return;
      await remove(tx, note, grant, method, leases);
      const row = await tx.access.methods.get(method.organizationId, method.id);
      if (row?.state === 'removed') await advance(tx, note, row, { kind: 'fail', reason });
      return;
    }
    await ready(tx, grant, lock);
    // A PIN that the lock may still hold goes on being taken away: a new one takes its slot.
    if (method.method === 'pin' && method.state === 'removing') return;
    if (gone || wasImpossible) {
      const generation = await rights.generation(tx, lock, method.series);
      const fresh = { ...UNSET, generation, scheduleId, orderNo: null };
      await tx.access.methods.update(method.organizationId, method.id, fresh);
      return;
    }
    if (scheduleId !== method.scheduleId) {
      await tx.access.methods.update(method.organizationId, method.id, { scheduleId });
    }
    if (before === undefined || before.version === grant.version) return;
    if (method.method === 'pin') {
      if (method.slot !== null) await advance(tx, note, method, { kind: 'want', at: now() });
      return;
    }
    if (!narrows(before, grant)) return;
    // Its keys say more than the grant does now: they are taken back, and new ones fetched.
    const held = leasesAt(leases, method);
    if (held.length > 0) await rights.deny(tx, note, lock, held);
    if (method.state === 'set') await tx.access.methods.update(method.organizationId, method.id, { ...UNSET });
  };

  const plan: Planner['plan'] = async (tx, note, before, after) => {
    const { organizationId, propertyId } = after;
    const rows = await tx.access.methods.list(organizationId, { grantId: after.id }, EVERYTHING);
    const leases = rows.length === 0 ? [] : await outstanding(tx, after);
    const concerned = new Set<string>();
    const wanted = new Set<string>();
    const reached = new Set<string>();
    if (after.state === 'active') {
      for (const door of await doorsOf(tx, after)) {
        const lock = door.lockId === null ? undefined : await lockOf(tx, organizationId, door.lockId, propertyId);
        if (lock === undefined) continue;
        concerned.add(lock.id);
        reached.add(lock.id);
        for (const method of after.methods) {
          wanted.add(`${lock.id} ${method}`);
          const row = rows.find((one) => one.lockId === lock.id && one.method === method);
          if (row === undefined) await add(tx, note, after, lock, method);
          else await keep(tx, note, before, after, lock, row, leases);
        }
      }
    }
    for (const row of rows) {
      if (wanted.has(`${row.lockId} ${row.method}`)) continue;
      if (row.state === 'removed' || row.state === 'removing') continue;
      concerned.add(row.lockId);
      await remove(tx, note, after, row, leases);
    }
    const over = after.state !== 'active';
    const again = over || (await isOfflineOff(tx, after)) || (before !== undefined && narrows(before, after));
    if (again) for (const lease of leases) await revoke(tx, lease);
    for (const id of await voidPins(tx, note, after, reached)) concerned.add(id);
    for (const id of concerned) await rights.trim(tx, { id, organizationId, propertyId });
    return [...concerned];
  };

  const revoke = async (tx: Transaction, lease: KeyLease): Promise<void> => {
    await tx.access.leases.update(lease.organizationId, lease.id, { state: 'revoked', revokedAt: now() });
  };

  /** Methods that no phone holds a key of any more are as if none had been fetched. */
  const letGo = async (tx: Transaction, { organizationId, grantId }: KeyLease): Promise<void> => {
    const held = (await leasesOf(tx, organizationId, grantId)).filter(({ state }) => state === 'active');
    for (const method of await tx.access.methods.list(organizationId, { grantId }, EVERYTHING)) {
      if (method.method === 'pin' || leasesAt(held, method).length > 0) continue;
      if (method.state === 'set' || method.state === 'setting') {
        await tx.access.methods.update(organizationId, method.id, UNSET);
      }
    }
  };

  /** Whether an offline PIN that was given opens where or when the grant does not, or not any more; `reached`: its locks. */
  const saysTooMuch = (pin: OfflinePinGiven, grant: Grant, reached: ReadonlySet<string>): boolean => {
    if (grant.state !== 'active' || !grant.methods.includes('pin') || !reached.has(pin.lockId)) return true;
    if (needsServer(grant) || grant.scheduleId !== null || grant.uses !== null) return true;
    return pin.startAt < grant.notBefore || (grant.notAfter !== null && pin.endAt > grant.notAfter);
  };

  /** What is revoked or narrowed leaves no offline PIN that says more: the series that all of a lock's are of rises there. */
  const voidPins = async (
    tx: Transaction,
    note: Note,
    grant: Grant,
    reached: ReadonlySet<string>,
  ): Promise<readonly string[]> => {
    const pins = await tx.access.pins.list(grant.organizationId, { grantId: grant.id }, EVERYTHING);
    const live = pins.filter(({ voidedAt, endAt }) => voidedAt === null && endAt > now());
    const off = live.length > 0 && (await isOfflineOff(tx, grant));
    const over = live.filter((pin) => off || saysTooMuch(pin, grant, reached));
    const lockIds = [...new Set(over.map(({ lockId }) => lockId))];
    for (const id of lockIds) {
      await rights.raise(tx, note, { id, organizationId: grant.organizationId, propertyId: grant.propertyId }, 0);
    }
    return lockIds;
  };

  return {
    plan,
    async planAt(tx, note, grant, lock) {
      if (grant.state !== 'active') return;
      const rows = await tx.access.methods.list(
        grant.organizationId,
        { grantId: grant.id, lockId: lock.id },
        EVERYTHING,
      );
      for (const method of grant.methods) {
        if (!rows.some((row) => row.method === method)) await add(tx, note, grant, lock, method);
      }
    },
    async raise(tx, note, organizationId, lockIds, series) {
      for (const lockId of lockIds) {
        const [door] = await tx.doors.list(organizationId, { lockId }, { after: undefined, limit: 1 });
        const lock = door && (await lockOf(tx, organizationId, lockId, door.propertyId));
        if (lock !== undefined && supports(lock.maker)) await rights.raise(tx, note, lock, series, { replacing: true });
      }
    },
    async moved(tx, { organizationId, lockId }) {
      const [door] = await tx.doors.list(organizationId, { lockId }, { after: undefined, limit: 1 });
      const lock = door && (await lockOf(tx, organizationId, lockId, door.propertyId));
      if (lock === undefined || !supports(lock.maker)) return [];
      await rights.access(tx, lock);
      await rights.want(tx, lock, 'place', { again: true });
      return [lockId];
    },
    async takeBack(tx, note, leases) {
      const concerned = new Set<string>();
      for (const lease of leases) {
        if (lease.state !== 'active') continue;
        const { organizationId, propertyId, grantId } = lease;
        const filter = lease.lockId === null ? { grantId } : { grantId, lockId: lease.lockId };
        for (const { lockId } of await tx.access.methods.list(organizationId, filter, EVERYTHING)) {
          if (concerned.has(`${lease.id} ${lockId}`)) continue;
          concerned.add(`${lease.id} ${lockId}`);
          if (!lease.noClock && lapseOf(lease) <= now()) continue;
          await rights.deny(tx, note, { id: lockId, organizationId, propertyId }, [lease]);
        }
        await revoke(tx, lease);
        await letGo(tx, lease);
      }
      return [...new Set([...concerned].map((pair) => pair.split(' ')[1] ?? ''))];
    },
    kick,
  };
}
