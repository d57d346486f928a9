import type { Cancel } from '@cardea/kit-runtime';

/** How long the event loop of this thread was held, at most, since the probe began or was last read. */
export interface LoopDelay {
  /** By the clock: what somebody waiting would have seen, other processes' share of the machine included. */
  readonly heldMs: number;
  /** By this thread's processor time: what the work itself took, however busy the machine. */
  readonly busyMs: number;
}

/** A running measurement. */
export interface LoopProbe {
  /** The maxima since the last reading; reading begins anew. */
  read(): LoopDelay;
  stop(): void;
}

/** What a probe looks at. */
export interface LoopHands {
  /** Milliseconds since some start; never steps back. */
  now(): number;
  /** Processor time of this thread so far, microseconds. */
  cpu(): number;
  /** Calls `run` every `periodMs`, or as soon after as the event loop is free. */
  every(periodMs: number, run: () => void): Cancel;
}

/** This thread's own: they do not keep the process alive. */
const OWN: LoopHands = {
  now: () => performance.now(),
  cpu() {
    const { user, system } = process.threadCpuUsage();
    return user + system;
  },
  every(periodMs, run) {
    const timer = setInterval(run, periodMs).unref();
    return () => clearInterval(timer);
  },
};

/** How often the loop is looked at. */
const TICK_MS = 2;

/**
 * Measures how long one turn of the event loop holds up everybody else: a timer every 2 ms that notes how late it comes
 * and how much processor time went by. It does not keep the process alive.
 */
export function probeLoop(hands: LoopHands = OWN): LoopProbe {
  let heldMs = 0;
  let busyMs = 0;
  let lastMs = hands.now();
  let lastCpuUs = hands.cpu();
  const look = (): void => {
    const nowMs = hands.now();
    const cpuUs = hands.cpu();
    heldMs = Math.max(heldMs, nowMs - lastMs - TICK_MS);
    busyMs = Math.max(busyMs, (cpuUs - lastCpuUs) / 1000);
    lastMs = nowMs;
    lastCpuUs = cpuUs;
  };
  const stop = hands.every(TICK_MS, look);
  return {
    read() {
      look();
      const read = { heldMs, busyMs };
      heldMs = 0;
      busyMs = 0;
      return read;
    },
    stop,
  };
}
