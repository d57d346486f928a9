import type { KeyLease, LockReport } from '../model.ts';

/** How fast or slow a lock's clock may run, in millionths. */
const DRIFT_PPM = 20;
/**
 * A lock whose clock may be further off than this says that it is uncertain, and opens nothing by it: nobody's key lasts
 * longer past its lease, but for what the clock was measured to be behind.
 */
export const SLOW_MOST_MS = 5 * 60_000;

/**
 * A lock whose clock was set without our hearing of it (the receipt was lost, or a gateway keeps it) may be behind by half
 * of the 5 s that a SET_TIME may take, and by the second to which its word is cut.
 */
const UNHEARD_MS = 3_500;

/** How far behind a lock's clock may be at `at`, by what it proved last, or by a setting of which nothing was heard. */
export function slowMs(report: LockReport | undefined, at: number): number {
  if (report === undefined || report.clockOffsetS === null) return SLOW_MOST_MS;
  const behindMs = Math.max(0, -report.clockOffsetS * 1000);
  const errorMs = (report.clockErrorS ?? 0) * 1000;
  const driftMs = (Math.max(0, at - report.provedAt) * DRIFT_PPM) / 1e6;
  // The lock says that it is uncertain by what it cannot know; a lag that was measured is none of that.
  const unmeasuredMs = (knownMs: number): number => Math.min(SLOW_MOST_MS, knownMs + driftMs);
  return Math.ceil(Math.max(behindMs + unmeasuredMs(errorMs), unmeasuredMs(UNHEARD_MS)));
}

/** When a key is over at every lock, whatever its clock says. */
export function lapseOf({ leaseEndAt }: Pick<KeyLease, 'leaseEndAt'>): number {
  return leaseEndAt + SLOW_MOST_MS;
}

/**
 * T of "cannot open after T" for a key: the end of its lease by a clock that is as slow as this lock's may be. Null for a
 * key that does not ask the clock: only the lock's own word ends it.
 */
export function lastOpening(
  lease: Pick<KeyLease, 'leaseEndAt' | 'noClock'>,
  report: LockReport | undefined,
): number | null {
  return lease.noClock ? null : lease.leaseEndAt + slowMs(report, lease.leaseEndAt);
}
