import type { Context } from '../context.ts';
import type { LockView } from '../core.ts';
import type { Presence } from '../gateway/presence.ts';
import { suiteOf } from '../link/controllers.ts';
import { POLL_INTERVAL_MS } from '../link/polls.ts';
import { modeInForce } from '../mode/model.ts';
import type { Door, Lock, LockModeReport, LockReport } from '../model.ts';
import type { Transaction } from '../ports.ts';
import type { Restored } from '../restore/restored.ts';
import { staleness } from './staleness.ts';

/** A lock is overdue when it missed a poll and the time that one takes. */
const STALE_AFTER_MS = POLL_INTERVAL_MS + 60_000;

/** What the record has of a lock. */
export interface KnownLock {
  readonly lock: Lock;
  readonly door: Door | undefined;
  readonly report: LockReport | undefined;
  readonly mode: LockModeReport | undefined;
}

/** Shows what is on record of a lock as it has to be taken now. */
export type LockViewer = (known: KnownLock) => LockView;

/** Reads it. */
export async function knowLock(tx: Transaction, lock: Lock): Promise<KnownLock> {
  const [door] = await tx.doors.list(lock.organizationId, { lockId: lock.id }, { after: undefined, limit: 1 });
  return { lock, door, report: await tx.locks.report(lock.id), mode: await tx.modes.get(lock.id) };
}

/** With the gateway that would reach the lock, and how stale it is. */
export function createLockViewer(context: Context, presence: Presence, restored: Restored): LockViewer {
  return ({ lock, door, report, mode }) => {
    const gatewayId = presence.reach(lock.organizationId, lock.identifier, door?.propertyId);
    return {
      ...lock,
      suite: suiteOf(lock.maker),
      doorId: door?.id ?? null,
      report: report ?? null,
      ...staleness(report, gatewayId, context.now(), STALE_AFTER_MS, restored.newest?.restoredAt),
      gatewayId: gatewayId ?? null,
      mode: modeInForce(mode, context.now(), restored.newest?.restoredAt),
    };
  };
}
