import type { LockEvent } from '@cardea/wire-profile';
import type { Context, Note } from '../context.ts';
import { targetsOfDoor } from '../grant/reach.ts';
import { SERIES } from '../grant/series.ts';
import type { LockWatch } from '../link/watch.ts';
import type { Grant, Lock } from '../model.ts';
import type { Transaction } from '../ports.ts';
import { noteMethod } from './facts.ts';
import { lapseOf } from './last-opening.ts';
import { live, UNSET } from './life.ts';
import type { Planner } from './planner.ts';
import { EVERYTHING, type Rights, type RightsLock } from './rights.ts';

/** How an opening was made, in the detail of the lock's event. */
const METHOD_OF_DETAIL = { phone: 1, card: 2, onlinePin: 3, offlinePin: 4, level: 5 } as const;
/** Set in the detail when the lock's clock was not valid. */
const CLOCK_NOT_VALID = 0x80;
const OPENINGS: readonly LockEvent['code'][] = ['unlocked', 'locked', 'override_unlocked'];

/** What the watch hands on. */
export interface WatchWorld {
  readonly context: Context;
  readonly rights: Rights;
  readonly planner: Planner;
  /** Whether a maker's locks enforce anything by themselves. */
  supports(maker: string): boolean;
  /** A door was opened at the door itself by this grant. */
  opened(tx: Transaction, note: Note, grant: Grant, at: number): Promise<readonly string[]>;
  proved(lockId: string): void;
  kick(lockIds: readonly string[]): void;
}

/** Keeps the record of methods true to what locks say. */
export function createWatch(world: WatchWorld): LockWatch {
  const { context, rights, planner } = world;

  /** The grant by which somebody opened, and whose it is. */
  const openerOf = async (
    tx: Transaction,
    lock: Lock,
    event: LockEvent,
  ): Promise<{ readonly grantId: string; readonly personId: string } | undefined> => {
    if (!OPENINGS.includes(event.code) || event.actor === 0) return undefined;
    const how = event.detail & ~CLOCK_NOT_VALID;
    const { organizationId, id: lockId } = lock;
    if (how === METHOD_OF_DETAIL.onlinePin) {
      const methods = await tx.access.methods.list(organizationId, { lockId, slot: event.actor }, EVERYTHING);
      return methods[0];
    }
    if (how !== METHOD_OF_DETAIL.phone && how !== METHOD_OF_DETAIL.card && how !== METHOD_OF_DETAIL.level)
      return undefined;
    const leases = await tx.access.leases.list(organizationId, { keyPrefix: event.actor }, EVERYTHING);
    const here = leases.filter((lease) => lease.lockId === null || lease.lockId === lockId);
    // Four octets of two keys may be the same: then nobody is named.
    return here.length === 1 ? here[0] : undefined;
  };

  /** A lock that holds nothing: what the record believes of it is forgotten. */
  const forget = async (tx: Transaction, lock: Lock): Promise<void> => {
    const { organizationId, id: lockId } = lock;
    for (const item of await tx.access.items.list(organizationId, { lockId }, EVERYTHING)) {
      await tx.access.items.remove(organizationId, item.id);
    }
    for (const pin of await tx.access.pins.list(organizationId, { lockId }, EVERYTHING)) {
      if (pin.voidedAt === null) await tx.access.pins.update(organizationId, pin.id, { voidedAt: context.now() });
    }
    for (const lease of await tx.access.leases.list(organizationId, { lockId }, EVERYTHING)) {
      await tx.access.leases.remove(organizationId, lease.id);
    }
    // A level grant is signed, not sealed under the lock's key: what was denied of them still is.
    for (const denial of await tx.access.denials.list(organizationId, { lockId }, EVERYTHING)) {
      if (denial.series !== SERIES.levels) await tx.access.denials.remove(organizationId, denial.id);
      else await tx.access.denials.update(organizationId, denial.id, { acknowledgedAt: null });
    }
    for (const series of await tx.access.series.list(organizationId, { lockId }, EVERYTHING)) {
      await tx.access.series.update(organizationId, series.id, { acknowledged: 0, acknowledgedAt: null });
    }
  };

  /**
   * Keys of a level are signed for all of its locks, those too that come later: what of them was taken back before this
   * lock was there is taken back at it as well.
   */
  const denyLevels = async (tx: Transaction, note: Note, at: RightsLock): Promise<void> => {
    const { organizationId, propertyId } = at;
    const levels = await tx.access.properties.get(organizationId, propertyId);
    if (levels === undefined) return;
    if (levels.levelGeneration > 0) await rights.generation(tx, at, SERIES.levels);
    const filter = { propertyId, series: SERIES.levels, state: 'revoked' } as const;
    const leases = (await tx.access.leases.list(organizationId, filter, EVERYTHING)).filter(
      (lease) =>
        lease.lockId === null &&
        lease.generation >= levels.levelGeneration &&
        (lease.noClock || lapseOf(lease) > context.now()),
    );
    if (leases.length > 0) await rights.deny(tx, note, at, leases);
  };

  return {
    async bound(tx, note, lock, place) {
      await forget(tx, lock);
      if (!world.supports(lock.maker)) return;
      const { organizationId, id: lockId } = lock;
      const at = { id: lockId, organizationId, propertyId: place.propertyId };
      await rights.access(tx, at);
      await tx.access.locks.update(organizationId, lockId, { propertyId: place.propertyId, haltedAt: null });
      await rights.want(tx, at, 'place', { again: true });
      await denyLevels(tx, note, at);
      await rights.retell(tx, note, at);
      for (const method of await tx.access.methods.list(organizationId, { lockId }, EVERYTHING)) {
        const { state } = method;
        if (state === 'removing' || state === 'removed') {
          await tx.access.methods.update(organizationId, method.id, {
            ...live(method, { kind: 'gone' }),
            slot: null,
            pinEndAt: null,
          });
        } else if (method.slot !== null) {
          const failed = live(method, { kind: 'fail', reason: 'bound_anew' });
          await tx.access.methods.update(organizationId, method.id, {
            ...failed,
            slot: null,
            verifier: null,
            pinEndAt: null,
          });
          await noteMethod(tx, note, { ...method, ...failed });
        } else if (state !== 'failed') {
          const generation = await rights.generation(tx, at, method.series);
          await tx.access.methods.update(organizationId, method.id, { ...UNSET, generation, orderNo: null });
        }
      }
      const door = await tx.doors.get(organizationId, place.doorId);
      if (door !== undefined) {
        const grants = await tx.grants.reaching(organizationId, targetsOfDoor(door), EVERYTHING);
        for (const grant of grants) await planner.planAt(tx, note, grant, { ...at, maker: lock.maker });
        for (const scheduleId of new Set(grants.map((grant) => grant.scheduleId))) {
          const schedule = scheduleId === null ? undefined : await tx.schedules.get(organizationId, scheduleId);
          if (schedule === undefined || scheduleId === null) continue;
          await rights.want(tx, at, 'schedule', { scheduleId, number: schedule.number, revision: schedule.version });
        }
      }
    },
    async unbound(tx, _, lock) {
      await forget(tx, lock);
      for (const method of await tx.access.methods.list(lock.organizationId, { lockId: lock.id }, EVERYTHING)) {
        await tx.access.methods.remove(lock.organizationId, method.id);
      }
    },
    async heard(tx, note, lock, place, event) {
      if (place === undefined) return;
      const at = { id: lock.id, organizationId: lock.organizationId, propertyId: place.propertyId };
      if (event.code === 'order_taken') await rights.taken(tx, note, at, event.actor);
      if (event.code === 'generation_raised') await rights.risen(tx, note, at, event.detail, event.actor);
      const opener = await openerOf(tx, lock, event);
      if (opener === undefined || event.code === 'locked') return;
      const grant = await tx.grants.get(lock.organizationId, opener.grantId);
      if (grant?.state !== 'active') return;
      const lockIds = await world.opened(tx, note, grant, context.now());
      if (lockIds.length > 0) world.kick(lockIds);
    },
    async personOf(tx, lock, event) {
      const personId = (await openerOf(tx, lock, event))?.personId;
      return personId === undefined || personId === '' ? null : personId;
    },
    proved: world.proved,
  };
}
