import type { Engine } from '@cardea/server-store';

/** How a call of the engine fails, by the code that SQLite gives it. */
export type EngineFault = 'SQLITE_FULL' | 'SQLITE_IOERR_WRITE' | 'SQLITE_IOERR_FSYNC';

/** An engine of which one call fails. */
export interface FailingEngine {
  readonly engine: Engine;
  readonly calls: number;
  readonly failed: boolean;
  /** Commits that were tried after one had failed for good: a service that retries. */
  readonly retried: number;
}

/**
 * Stands before a real engine and fails its `nth` call (1 is the first; 0 none). After a failed fsync the pages are gone,
 * and the next sync reports success: so do kernels.
 */
export function failingEngine(real: Engine, nth: number, fault: EngineFault): FailingEngine {
  let calls = 0;
  let failed = false;
  let lost = false;
  let retried = 0;
  const fail = (): never => {
    failed = true;
    throw Object.assign(new Error(`${fault} (made by a test)`), { code: fault });
  };
  const call = (run: () => void) => (): void => {
    calls++;
    if (calls === nth) fail();
    run();
  };
  return {
    get calls() {
      return calls;
    },
    get failed() {
      return failed;
    },
    get retried() {
      return retried;
    },
    engine: {
      begin: call(() => real.begin()),
      savepoint: call(() => real.savepoint()),
      release: call(() => real.release()),
      rollbackToSavepoint: call(() => real.rollbackToSavepoint()),
      maintain: call(() => real.maintain()),
      rollback: () => real.rollback(),
      commit() {
        calls++;
        if (failed && fault !== 'SQLITE_FULL') retried++;
        if (lost) {
          // Nothing is left to write: the disk says that all is well.
          lost = false;
          return;
        }
        if (calls === nth) {
          if (fault !== 'SQLITE_FULL') {
            real.rollback();
            lost = true;
          }
          fail();
        }
        real.commit();
      },
      get inTransaction() {
        return real.inTransaction;
      },
    },
  };
}

/** The weak double's engine: what failed is tried again, and then counts as done. */
export function retryingEngine(real: Engine): Engine {
  const again = (run: () => void) => (): void => {
    try {
      run();
    } catch {
      run();
    }
  };
  return {
    begin: again(() => real.begin()),
    commit: again(() => real.commit()),
    savepoint: again(() => real.savepoint()),
    release: again(() => real.release()),
    rollback: again(() => real.rollback()),
    rollbackToSavepoint: again(() => real.rollbackToSavepoint()),
    maintain: again(() => real.maintain()),
    get inTransaction() {
      return real.inTransaction;
    },
  };
}
