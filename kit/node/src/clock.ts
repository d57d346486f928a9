import type { Clock } from '@cardea/kit-runtime';

/** Longest delay that Node's timers take; longer ones are asked for again. */
const LONGEST_DELAY_MS = 2 ** 31 - 1;

/** The machine's clock, its Unix time moved by `offsetMs` (a process of the demo may live in another time). */
export function systemClock(offsetMs = 0): Clock {
  const after: Clock['after'] = (delayMs, run) => {
    let timer: NodeJS.Timeout;
    const arm = (leftMs: number): void => {
      const partMs = Math.min(leftMs, LONGEST_DELAY_MS);
      timer = setTimeout(() => (leftMs > partMs ? arm(leftMs - partMs) : run()), partMs);
    };
    arm(Math.max(0, delayMs));
    return () => clearTimeout(timer);
  };
  return { now: () => Date.now() + offsetMs, monotonic: () => performance.now(), after };
}

/** Resolves after every pending promise and I/O callback of this turn: what {@link createVirtualClock} waits with. */
export function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
