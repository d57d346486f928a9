/** Cancels what was asked for; calling it twice does nothing more. */
export type Cancel = () => void;

/** Time as an actor sees it. Built in mains and in the twin only; everything else is handed one. */
export interface Clock {
  /** Unix time in milliseconds; may step. */
  now(): number;
  /** Milliseconds since some start; never steps back. */
  monotonic(): number;
  /** Calls `run` once, `delayMs` from now on the monotonic clock. */
  after(delayMs: number, run: () => void): Cancel;
}

/** A moment, read from both hands of a clock at once: what machines are given as `now`. */
export interface Instant {
  /** Unix milliseconds. */
  readonly unixMs: number;
  /** Monotonic milliseconds. */
  readonly monotonicMs: number;
}

/** The moment that `clock` shows. */
export function instant(clock: Clock): Instant {
  return { unixMs: clock.now(), monotonicMs: clock.monotonic() };
}
