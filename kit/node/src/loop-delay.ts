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

/** How often the loop is looked at. */
const TICK_MS = 2;

/**
 * Measures how long one turn of the event loop holds up everybody else: a timer every 2 ms that notes how late it comes
 * and how much processor time went by. It does not keep the process alive.
 */
export function probeLoop(): LoopProbe {
  let heldMs = 0;
  let busyMs = 0;
  let lastMs = performance.now();
  let lastCpu = process.threadCpuUsage();
  const look = (): void => {
    const nowMs = performance.now();
    const cpu = process.threadCpuUsage();
    heldMs = Math.max(heldMs, nowMs - lastMs - TICK_MS);
    busyMs = Math.max(busyMs, (cpu.user + cpu.system - lastCpu.user - lastCpu.system) / 1000);
    lastMs = nowMs;
    lastCpu = cpu;
  };
  const timer = setInterval(look, TICK_MS);
  timer.unref();
  return {
    read() {
      look();
      const read = { heldMs: Math.max(0, heldMs), busyMs };
      heldMs = 0;
      busyMs = 0;
      return read;
    },
    stop: () => clearInterval(timer),
  };
}
