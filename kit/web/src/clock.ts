import type { Clock } from '@cardea/kit-runtime';

/** Longest delay that a browser's timers take: 2^31 - 1 ms; a longer one would fire at once. */
const LONGEST_DELAY_MS = 2 ** 31 - 1;

/** The browser's clock. Delays are of the monotonic one; a page in the background is woken late, never early. */
export function webClock(): Clock {
  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    after(delayMs, run) {
      let timer: ReturnType<typeof setTimeout>;
      const arm = (leftMs: number): void => {
        const partMs = Math.min(leftMs, LONGEST_DELAY_MS);
        timer = setTimeout(() => (leftMs > partMs ? arm(leftMs - partMs) : run()), partMs);
      };
      arm(Math.max(0, delayMs));
      return () => clearTimeout(timer);
    },
  };
}
