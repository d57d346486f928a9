import { engineFailureOf } from './engine-failure.ts';
import { StoreError } from './errors.ts';

/** What the group commit needs of an engine. Each call is synchronous or throws. */
export interface Engine {
  begin(): void;
  commit(): void;
  rollback(): void;
  savepoint(): void;
  release(): void;
  rollbackToSavepoint(): void;
  /** False after the engine ended the transaction by itself (disk full, I/O error). */
  readonly inTransaction: boolean;
  /** Work of the engine's own between two commits, such as moving its log into its database. */
  maintain(): void;
}

/** How units are gathered, and who is told when nothing can be trusted any more. */
export interface GroupCommitOptions {
  /** Calls back after this turn of the event loop. */
  turn(run: () => void): void;
  /** Called once: the store has refused everything since, and the process should end. */
  broken?(error: StoreError): void;
}

/** Units and reads over one connection. */
export interface GroupCommit {
  unit<T>(work: () => Promise<T>): Promise<T>;
  read<T>(work: () => Promise<T>): Promise<T>;
  /** Whether a unit is running now. */
  readonly inUnit: boolean;
  readonly commits: number;
  /** How often a unit, or a batch of them, was taken back. */
  readonly takenBack: number;
  /** Waits for what was asked for; refuses everything from now on. */
  close(): Promise<void>;
}

interface Unit {
  run(): Promise<void>;
  /** Told once, after COMMIT has returned or the unit has failed. */
  settle(failure: { readonly error: unknown } | undefined): void;
}

/**
 * Units asked for in one turn of the event loop share one BEGIN..COMMIT, each inside its own savepoint: one fsync for
 * all of them, and one that fails takes only itself away. A promise resolves after COMMIT has returned. When COMMIT
 * itself fails, nothing is known to be durable: all fail, and the store refuses from then on (an fsync that failed once
 * may report success when it is repeated, and the pages are lost). An engine without room is no such failure: what did
 * not fit is rolled back and refused as `no_room`, and the store goes on.
 *
 * ```
 *   idle --unit--> turn asked --turn, no read running--> batch (BEGIN, units, COMMIT) --> idle, or turn asked
 * ```
 */
export function createGroupCommit(engine: Engine, { turn, ...options }: GroupCommitOptions): GroupCommit {
  let queue: Unit[] = [];
  let waitingReads: (() => void)[] = [];
  let whenIdle: (() => void)[] = [];
  let reads = 0;
  let asked = false;
  let due = false;
  let batching = false;
  let inUnit = false;
  let closed = false;
  let commits = 0;
  let takenBack = 0;
  let broken: StoreError | undefined;

  const refusal = (): StoreError | undefined =>
    broken ?? (closed ? new StoreError('closed', 'the store is closed') : undefined);

  /** Nothing can be trusted from here on. */
  const breakDown = (code: 'commit_failed' | 'damaged', cause: unknown): StoreError => {
    if (broken !== undefined) return broken;
    const what = code === 'commit_failed' ? 'a commit failed' : 'the database cannot be read or written';
    broken = new StoreError(code, `${what} (${wordsOf(cause)}): the store must be opened anew`, { cause });
    options.broken?.(broken);
    return broken;
  };

  /** An error as whoever asked sees it; one of the engine itself may end the store. */
  const judged = (error: unknown): unknown => {
    switch (engineFailureOf(error)) {
      case 'no_room':
        return new StoreError('no_room', 'there is no room for the change', { cause: error });
      case 'damaged':
        return breakDown('damaged', error);
      case undefined:
        return error;
    }
  };

  const ask = (): void => {
    if (asked || batching) return;
    asked = true;
    turn(() => {
      asked = false;
      due = true;
      startBatch();
    });
  };

  const startBatch = (): void => {
    if (!due || batching || reads > 0) return;
    due = false;
    batching = true;
    void batch();
  };

  const batch = async (): Promise<void> => {
    const units = queue;
    queue = [];
    const failures = await runUnits(units);
    batching = false;
    units.forEach((unit, i) => {
      unit.settle(failures[i]);
    });
    maintain();
    const readers = waitingReads;
    waitingReads = [];
    for (const start of readers) start();
    if (queue.length > 0) ask();
    else idle();
  };

  const maintain = (): void => {
    if (broken !== undefined) return;
    try {
      engine.maintain();
    } catch (error) {
      // Without room the log stays where it is, and this is tried again after the next commit.
      judged(error);
    }
  };

  const runUnits = async (units: readonly Unit[]): Promise<readonly ({ error: unknown } | undefined)[]> => {
    if (broken !== undefined) return units.map(() => ({ error: broken }));
    try {
      engine.begin();
    } catch (cause) {
      const error = judged(cause);
      return units.map(() => ({ error }));
    }
    const failures: ({ error: unknown } | undefined)[] = [];
    for (const unit of units) {
      failures.push(await runUnit(unit));
      if (!engine.inTransaction) {
        // The engine took the whole transaction back: what had succeeded in it is gone as well.
        const error = failures.at(-1)?.error ?? new Error('the transaction ended by itself');
        return undone(units, failures, error);
      }
    }
    if (broken !== undefined || failures.every((failure) => failure !== undefined)) return undone(units, failures);
    try {
      engine.commit();
      commits++;
      return failures;
    } catch (cause) {
      // Without room for the whole of it the engine wrote no end of the transaction: nothing of it can come back.
      if (engineFailureOf(cause) !== 'no_room') breakDown('commit_failed', cause);
      return undone(units, failures, judged(cause));
    }
  };

  /** Takes the transaction back: every unit has failed, with its own failure or with `error`. */
  const undone = (
    units: readonly Unit[],
    failures: readonly ({ error: unknown } | undefined)[],
    error?: unknown,
  ): readonly { error: unknown }[] => {
    takenBack++;
    try {
      if (engine.inTransaction) engine.rollback();
    } catch (cause) {
      breakDown('damaged', cause);
    }
    return units.map((_, i) => failures[i] ?? { error: broken ?? error });
  };

  const runUnit = async (unit: Unit): Promise<{ error: unknown } | undefined> => {
    try {
      engine.savepoint();
    } catch (cause) {
      return { error: judged(cause) };
    }
    try {
      inUnit = true;
      await unit.run();
      inUnit = false;
      engine.release();
      return undefined;
    } catch (cause) {
      inUnit = false;
      takenBack++;
      const error = judged(cause);
      try {
        if (engine.inTransaction) engine.rollbackToSavepoint();
      } catch (failed) {
        return { error: breakDown('damaged', failed) };
      }
      return { error };
    }
  };

  const idle = (): void => {
    if (batching || asked || due || reads > 0 || queue.length > 0) return;
    const waiting = whenIdle;
    whenIdle = [];
    for (const resolve of waiting) resolve();
  };

  return {
    get inUnit() {
      return inUnit;
    },
    get commits() {
      return commits;
    },
    get takenBack() {
      return takenBack;
    },
    unit<T>(work: () => Promise<T>): Promise<T> {
      const refused = refusal();
      if (refused !== undefined) return Promise.reject(refused);
      return new Promise<T>((resolve, reject) => {
        let result: { readonly value: T } | undefined;
        queue.push({
          async run() {
            result = { value: await work() };
          },
          settle(failure) {
            if (failure !== undefined) reject(failure.error);
            else if (result !== undefined) resolve(result.value);
          },
        });
        ask();
      });
    },
    async read<T>(work: () => Promise<T>): Promise<T> {
      const refused = refusal();
      if (refused !== undefined) throw refused;
      while (batching) await new Promise<void>((resolve) => waitingReads.push(resolve));
      reads++;
      try {
        return await work();
      } catch (error) {
        throw judged(error);
      } finally {
        reads--;
        startBatch();
        idle();
      }
    },
    close() {
      closed = true;
      return new Promise((resolve) => {
        whenIdle.push(resolve);
        idle();
      });
    },
  };
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? `${error.code}: ${error.message}` : error.message;
}
