import type { Clock } from '@cardea/kit-runtime';

/** A lock's hardware clock: Unix time that can be set wrong, on a monotonic hand that cannot. */
export interface LockClock extends Clock {
  /** Moves its Unix time by this much. */
  step(ms: number): void;
}

/** A hardware clock that starts with the time of `clock`. */
export function createLockClock(clock: Clock): LockClock {
  let offsetMs = 0;
  return {
    now: () => clock.now() + offsetMs,
    monotonic: () => clock.monotonic(),
    after: (delayMs, run) => clock.after(delayMs, run),
    step(ms) {
      offsetMs += ms;
    },
  };
}
