import type { LockModeReport } from './model.ts';

/** What locks have confirmed of their mode. */
export interface ModeTables {
  readonly modes: {
    get(lockId: string): Promise<LockModeReport | undefined>;
    set(report: LockModeReport): Promise<void>;
    remove(lockId: string): Promise<void>;
  };
}
