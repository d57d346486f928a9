import type { Cancel } from '@cardea/kit-runtime';
import type { Context } from '../context.ts';
import type { Presence } from '../gateway/presence.ts';
import type { Job } from '../link/job.ts';
import type { LockLink } from '../link/link.ts';
import type { Links } from '../link/links.ts';
import { propertyAccess } from './place.ts';
import type { RightsLock } from './rights.ts';
import type { Work, Works } from './work.ts';

/** Nobody stands at the door: a change may take its time, but a gateway does not keep it for long. */
const CHANGE_TIME_TO_LIVE_S = 30;
/** Locks that are worked on at once, and those of one look at what is due. */
const AT_ONCE_MOST = 32;
const DUE_MOST = 500;
/** People's commands go first; but not for ever. */
const YIELD_MS = 500;
const YIELDS_MOST = 40;
/** A timer waits no longer than this: the clock may be set meanwhile. */
const LOOK_MOST_MS = 60_000;

/** Brings to the locks what the record says that they should hold, one change at a time a lock. */
export interface Provisioner {
  /** Something is planned at these locks. */
  kick(lockIds: readonly string[]): void;
  /** The lock can be asked: what waited for it has its turn. */
  proved(lockId: string): void;
  start(links: Links): void;
  stop(): void;
}

/** A lock that is to be visited, or is. */
interface Visit {
  readonly proved: boolean;
  readonly yields: number;
}

/** The provisioner of all organizations' locks. It waits until it is started. */
export function createProvisioner(context: Context, presence: Presence, works: Works): Provisioner {
  const { clock, log } = context.ports;
  const waiting = new Map<string, Visit>();
  const visiting = new Set<string>();
  /** Locks that could not be asked: their next proof is a turn. */
  const missed = new Set<string>();
  let links: Links | undefined;
  let cancel: Cancel = () => {};
  let stopped = false;

  const enqueue = (lockId: string, visit: Visit): void => {
    if (stopped) return;
    const known = waiting.get(lockId);
    waiting.set(lockId, { proved: visit.proved || (known?.proved ?? false), yields: visit.yields });
    pump();
  };

  const pump = (): void => {
    if (links === undefined || stopped) return;
    for (const [lockId, visit] of waiting) {
      if (visiting.size >= AT_ONCE_MOST) return;
      if (visiting.has(lockId)) continue;
      waiting.delete(lockId);
      visiting.add(lockId);
      visitOnce(lockId, visit).catch((error: unknown) => {
        log.error('what a lock should hold could not be brought to it', { lock: lockId, error: String(error) });
        leave(lockId);
      });
    }
  };

  const leave = (lockId: string): void => {
    if (!visiting.delete(lockId)) return;
    pump();
  };

  const visitOnce = async (lockId: string, visit: Visit): Promise<void> => {
    const link = links?.byId(lockId);
    const place = link?.place;
    if (link === undefined || place === undefined || link.lock.state !== 'bound') return leave(lockId);
    const lock: RightsLock = { id: lockId, organizationId: link.lock.organizationId, propertyId: place.propertyId };
    const gatewayId = presence.reach(lock.organizationId, link.lock.identifier, lock.propertyId);
    if (gatewayId === undefined) {
      await context.write((tx, note) => works.miss(tx, note, lock));
      missed.add(lockId);
      return leave(lockId);
    }
    const others = link.busy || (links?.busyThrough(gatewayId) ?? []).length > 0;
    if (others && visit.yields < YIELDS_MOST) {
      clock.after(YIELD_MS, () => enqueue(lockId, { ...visit, yields: visit.yields + 1 }));
      return leave(lockId);
    }
    await propertyAccess(context, lock.organizationId, lock.propertyId);
    const work = await context.write((tx, note) => works.next(tx, note, lock, visit.proved));
    if (work === undefined || stopped) return leave(lockId);
    await ask(link, lock, work);
  };

  const ask = async (link: LockLink, lock: RightsLock, work: Work): Promise<void> => {
    let said = false;
    let taken = false;
    const over = (): void => {
      if (said) {
        // It was reached: the next change follows at once, and what it did not take has its time.
        if (taken) enqueue(lock.id, { proved: true, yields: 0 });
        else missed.add(lock.id);
        leave(lock.id);
        return;
      }
      missed.add(lock.id);
      context
        .write((tx) => work.missed(tx))
        .catch((error: unknown) => log.error('a change that was not made is not recorded', { error: String(error) }))
        .finally(() => leave(lock.id));
    };
    const job: Job = {
      id: context.newId('own'),
      attempt: undefined,
      operation: 'access_change',
      change: work.change,
      class: 'manage',
      expiresAtMs: context.now() + CHANGE_TIME_TO_LIVE_S * 1000,
      timeToLiveS: CHANGE_TIME_TO_LIVE_S,
      stepBack: false,
      propertyId: lock.propertyId,
      stillPermitted: async () => link.lock.state === 'bound',
      async concluded(tx, note, outcome) {
        taken = await work.concluded(tx, note, outcome);
        said = true;
      },
      over,
    };
    try {
      await link.submit(job);
    } catch (error) {
      log.warn('a lock could not be asked', { lock: link.lock.identifier, error: String(error) });
      over();
    }
  };

  /** What is due in the record: after a start, and when a time has come that nothing else tells of. */
  const look = async (): Promise<void> => {
    for (const { organizationId, lockId } of await context.read((tx) => tx.access.due(context.now(), DUE_MOST))) {
      if (links?.byId(lockId)?.place !== undefined) enqueue(lockId, { proved: false, yields: 0 });
      else await context.write((tx, note) => works.miss(tx, note, { id: lockId, organizationId }));
    }
    const next = await context.read((tx) => tx.access.nextDue());
    const inMs = next === undefined ? LOOK_MOST_MS : Math.max(1000, next - context.now());
    schedule(Math.min(LOOK_MOST_MS, inMs));
  };

  const schedule = (delayMs: number): void => {
    if (stopped) return;
    cancel();
    cancel = clock.after(delayMs, () => {
      look().catch((error: unknown) => {
        log.error('what is due at the locks could not be read', { error: String(error) });
        schedule(LOOK_MOST_MS);
      });
    });
  };

  return {
    kick(lockIds) {
      for (const lockId of lockIds) enqueue(lockId, { proved: true, yields: 0 });
    },
    proved(lockId) {
      if (missed.delete(lockId)) enqueue(lockId, { proved: true, yields: 0 });
    },
    start(all) {
      links = all;
      schedule(0);
      pump();
    },
    stop() {
      stopped = true;
      cancel();
    },
  };
}
