import type { CorePorts } from '../ports.ts';

/** Tasks of one lock, one after the other. */
export interface Turns {
  /** Runs `task` after everything before it; a task that fails takes nothing else with it. */
  take<T>(task: () => Promise<T>): Promise<T>;
  /** The same for a task that nobody waits for: its failure is logged as `what`. */
  takeAlone(what: string, task: () => Promise<void>): void;
}

/** Turns of the lock with this identifier. */
export function createTurns(log: CorePorts['log'], identifier: string): Turns {
  let tail: Promise<unknown> = Promise.resolve();
  const take: Turns['take'] = (task) => {
    const run = tail.then(task);
    tail = run.catch(() => undefined);
    return run;
  };
  return {
    take,
    takeAlone(what, task) {
      take(task).catch((error: unknown) => log.error(what, { lock: identifier, error: String(error) }));
    },
  };
}
