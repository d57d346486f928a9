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

/** The mode that a lock is in by what it has confirmed. */
export function modeInForce(report: LockModeReport | undefined, now: number): LockMode {
  if (report === undefined || (report.untilAt !== null && report.untilAt <= now)) return 'normal';
  return report.mode;
}
