import type { Cancel, Clock } from './clock.ts';

/** A clock whose time passes only when it is told to: the same run every time, as fast as the machine can. */
export interface VirtualClock extends Clock {
  /** Runs everything that is due within `durationMs`, in order of time then of asking, and ends `durationMs` later. */
  advance(durationMs: number): Promise<void>;
  /** Runs until `done` is true. @throws Error when nothing is left to run, or `limitMs` of virtual time has passed */
  runUntil(done: () => boolean, limitMs?: number): Promise<void>;
  /** A second hand on the same timeline that starts `offsetMs` apart and drifts by `driftPpm`: an actor's own clock. */
  skewed(offsetMs: number, driftPpm: number): Clock;
}

interface Timer {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
  cancelled: boolean;
}

/**
 * A virtual clock that starts at `startUnixMs`. `settle` lets pending promises run before time moves on; it must resolve
 * after the microtask queue is empty (Node: `setImmediate`).
 */
export function createVirtualClock(startUnixMs: number, settle: () => Promise<void>): VirtualClock {
  let elapsedMs = 0;
  let order = 0;
  let timers: Timer[] = [];

  const after = (delayMs: number, run: () => void): Cancel => {
    const timer: Timer = { atMs: elapsedMs + Math.max(0, delayMs), order: order++, run, cancelled: false };
    const at = timers.findIndex((other) => other.atMs > timer.atMs);
    timers.splice(at < 0 ? timers.length : at, 0, timer);
    return () => {
      timer.cancelled = true;
    };
  };

  const runNext = async (untilMs: number): Promise<boolean> => {
    timers = timers.filter((timer) => !timer.cancelled);
    const next = timers[0];
    if (next === undefined || next.atMs > untilMs) return false;
    timers.shift();
    elapsedMs = Math.max(elapsedMs, next.atMs);
    next.run();
    await settle();
    return true;
  };

  return {
    now: () => startUnixMs + elapsedMs,
    monotonic: () => elapsedMs,
    after,
    async advance(durationMs) {
      const endMs = elapsedMs + durationMs;
      await settle();
      while (await runNext(endMs));
      elapsedMs = endMs;
    },
    async runUntil(done, limitMs = 24 * 3_600_000) {
      const endMs = elapsedMs + limitMs;
      await settle();
      while (!done()) {
        if (!(await runNext(endMs))) throw new Error(`virtual time: nothing made it true within ${limitMs} ms`);
      }
    },
    skewed(offsetMs, driftPpm) {
      const rate = 1 + driftPpm / 1e6;
      return {
        now: () => startUnixMs + offsetMs + elapsedMs * rate,
        monotonic: () => elapsedMs * rate,
        after: (delayMs, run) => after(delayMs / rate, run),
      };
    },
  };
}
