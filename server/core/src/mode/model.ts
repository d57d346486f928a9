import type { LockMode } from '@cardea/wire-profile';

/** The mode that a lock has confirmed by its receipt. Without one it is in its normal mode. */
export interface LockModeReport {
  readonly lockId: string;
  readonly mode: LockMode;
  /** When the lock ends it by its own clock; null: when it is told. */
  readonly untilAt: number | null;
  readonly confirmedAt: number;
  readonly attemptId: string;
}

/** A mode that was asked of a lock: its receipt may still come. */
export type LockModeRequest = Pick<LockModeReport, 'attemptId' | 'lockId' | 'mode' | 'untilAt'>;

/** What is known of a lock's mode. */
export interface ModeView {
  readonly mode: LockMode;
  readonly untilAt: number | null;
  /** Null: it never was in another than its normal one. */
  readonly confirmedAt: number | null;
}

/**
 * The mode that a lock is in by what it has confirmed. Undefined: nobody knows, because the record came back from a backup
 * at `restoredAt` and the lock may have confirmed another one before that.
 */
export function modeInForce(
  report: LockModeReport | undefined,
  now: number,
  restoredAt: number | undefined,
): ModeView | undefined {
  const confirmedAt = report?.confirmedAt ?? null;
  if (restoredAt !== undefined && (confirmedAt ?? 0) < restoredAt) return undefined;
  if (report === undefined || (report.untilAt !== null && report.untilAt <= now)) {
    return { mode: 'normal', untilAt: null, confirmedAt };
  }
  return { mode: report.mode, untilAt: report.untilAt, confirmedAt };
}
