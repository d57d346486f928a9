import type { Cancel } from '@cardea/kit-runtime';
import type { Context } from './context.ts';

/** Work that is done again and again, with a pause after each time. */
export interface PeriodicTask {
  start(): void;
  /** Begins no more; what is under way looks at {@link stopped}. */
  stop(): void;
  readonly stopped: boolean;
}

/** What is done, and how often. */
export interface PeriodicWork {
  readonly run: () => Promise<unknown>;
  /** Pause after each time, in milliseconds. */
  readonly everyMs: number;
  /** Before the first time, in milliseconds; `everyMs` unless told. */
  readonly firstAfterMs?: number | undefined;
  /** What the log says when it fails; it is done again all the same. */
  readonly failed: string;
}

/** A task under the clock of this context; it begins with {@link PeriodicTask.start}. */
export function createPeriodicTask(
  { ports: { clock, log } }: Context,
  { run, everyMs, firstAfterMs = everyMs, failed }: PeriodicWork,
): PeriodicTask {
  let cancel: Cancel = () => {};
  let stopped = false;
  const schedule = (afterMs: number): void => {
    cancel = clock.after(afterMs, () => {
      run()
        .catch((error: unknown) => log.error(failed, { error: String(error) }))
        .finally(() => {
          if (!stopped) schedule(everyMs);
        });
    });
  };
  return {
    start: () => schedule(firstAfterMs),
    stop() {
      stopped = true;
      cancel();
    },
    get stopped() {
      return stopped;
    },
  };
}
