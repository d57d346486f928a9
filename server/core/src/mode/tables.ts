import type { LockModeReport, LockModeRequest } from './model.ts';

/** What locks were asked for, and have confirmed, of their mode. */
export interface ModeTables {
  readonly modes: {
    get(lockId: string): Promise<LockModeReport | undefined>;
    /** The lock's word: what was asked of it before is settled. */
    confirm(report: LockModeReport): Promise<void>;
    ask(request: LockModeRequest): Promise<void>;
    asked(attemptId: string): Promise<LockModeRequest | undefined>;
    /** The newest request that is not settled. */
    newestAsked(lockId: string): Promise<LockModeRequest | undefined>;
    /** The lock was bound or reset: it is in its normal mode. */
    forget(lockId: string): Promise<void>;
  };
}
