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
