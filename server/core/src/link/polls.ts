import type { Cancel, Clock } from '@cardea/kit-runtime';
import type { Presence } from '../gateway/presence.ts';
import type { LockLink } from './link.ts';
import type { UnderWay } from './under-way.ts';

/** How often the state of a bound lock is asked for when nothing else proved it. */
export const POLL_INTERVAL_MS = 15 * 60_000;
/** How soon a lock that wants attention is asked, and the least time between two such polls (its battery pays). */
const ATTENTION_AFTER_MS = 500;
const ATTENTION_EVERY_MS = 10_000;
/** When a poll could not be made or failed. */
const POLL_AGAIN_MS = 60_000;
/** A poll lets the commands that a gateway carries go first, and other polls; but not for ever. */
const YIELD_MS = 500;
const YIELDS_MOST = 40;
/**
 * Locks that the whole server asks at once. After a start every gateway comes back and every lock is due: more of them
 * would only wait for one another until their time is over, and then all come again.
 */
export const ASKED_AT_ONCE_MOST = 128;

/** What a poll needs of the links. */
export interface PollWorld {
  readonly clock: Clock;
  readonly presence: Presence;
  readonly underWay: UnderWay;
  /** Asks the lock for its state, or for the head of its event chain; rejects when that cannot even begin. */
  ask(link: LockLink, what: 'status' | 'chain_head'): Promise<void>;
}

/** Who is asked when. The answer is the link's business; its end comes through `over`. */
export interface Polls {
  /** Asks for a poll `delayMs` from now; an earlier one that is due already stays. */
  schedule(link: LockLink, delayMs: number): void;
  /** The lock has something to tell. */
  wanted(link: LockLink): void;
  /** A command of the server's own has ended. */
  over(link: LockLink, succeeded: boolean): void;
  forget(lockId: string): void;
  stop(): void;
}

/** What is known of one lock's polls. */
interface Poll {
  readonly cancel: Cancel;
  readonly dueAt: number;
  readonly lastAt: number;
  readonly yields: number;
}

/** Nobody is asked yet. */
export function createPolls({ clock, presence, underWay, ask }: PollWorld): Polls {
  const polls = new Map<string, Poll>();
  /** Locks that are being asked, and those whose turn comes when one of them is done, in the order in which they came. */
  const asking = new Set<string>();
  const waiting = new Map<string, LockLink>();
  let stopped = false;

  const schedule = (link: LockLink, delayMs: number): void => {
    if (stopped) return;
    const known = polls.get(link.lock.id);
    const dueAt = clock.monotonic() + delayMs;
    if (known !== undefined && known.dueAt <= dueAt && known.dueAt > clock.monotonic()) return;
    known?.cancel();
    polls.set(link.lock.id, {
      dueAt,
      lastAt: known?.lastAt ?? Number.NEGATIVE_INFINITY,
      yields: known?.yields ?? 0,
      cancel: clock.after(delayMs, () => poll(link)),
    });
  };

  const poll = (link: LockLink): void => {
    const { lock, place } = link;
    const known = polls.get(lock.id);
    if (known !== undefined) polls.set(lock.id, { ...known, dueAt: 0 });
    if (lock.state !== 'bound' || place === undefined) return;
    const gatewayId = presence.reach(lock.organizationId, lock.identifier, place.propertyId);
    if (gatewayId === undefined || link.busy) {
      schedule(link, POLL_AGAIN_MS);
      return;
    }
    const yields = known?.yields ?? 0;
    if (yields < YIELDS_MOST && underWay.through(gatewayId).size > 0) {
      if (known !== undefined) polls.set(lock.id, { ...known, dueAt: 0, yields: yields + 1 });
      schedule(link, YIELD_MS);
      return;
    }
    if (asking.size >= ASKED_AT_ONCE_MOST) {
      waiting.set(lock.id, link);
      return;
    }
    polls.set(lock.id, { cancel: () => {}, dueAt: 0, lastAt: clock.monotonic(), yields: 0 });
    begin(link, 'status');
  };

  const begin = (link: LockLink, what: 'status' | 'chain_head'): void => {
    asking.add(link.lock.id);
    ask(link, what).catch(() => release(link.lock.id));
  };

  /** The lock is no longer being asked: those that wait have their turn, each looked at again. */
  const release = (lockId: string): void => {
    if (!asking.delete(lockId)) return;
    while (asking.size < ASKED_AT_ONCE_MOST && !stopped) {
      const [next] = waiting.values();
      if (next === undefined) return;
      waiting.delete(next.lock.id);
      poll(next);
    }
  };

  return {
    schedule,
    wanted(link) {
      const last = polls.get(link.lock.id)?.lastAt ?? Number.NEGATIVE_INFINITY;
      schedule(link, Math.max(ATTENTION_AFTER_MS, last + ATTENTION_EVERY_MS - clock.monotonic()));
    },
    over(link, succeeded) {
      const bound = link.place !== undefined && link.lock.state === 'bound';
      schedule(link, succeeded ? POLL_INTERVAL_MS : POLL_AGAIN_MS);
      if (succeeded && bound && link.wantsChainHead()) begin(link, 'chain_head');
      else release(link.lock.id);
    },
    forget(lockId) {
      polls.get(lockId)?.cancel();
      polls.delete(lockId);
      waiting.delete(lockId);
      release(lockId);
    },
    stop() {
      stopped = true;
      for (const { cancel } of polls.values()) cancel();
    },
  };
}
