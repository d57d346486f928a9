import { expect, it } from 'vitest';
import { probeLoop, settle } from '../src/index.ts';

it('sees a turn of the event loop that takes processor time, and forgets it once read', async () => {
  const probe = probeLoop();
  await settle();
  probe.read();
  const began = process.threadCpuUsage();
  let spun = 0;
  while (process.threadCpuUsage(began).user + process.threadCpuUsage(began).system < 60_000) spun++;
  const { heldMs, busyMs } = probe.read();
  expect(spun).toBeGreaterThan(0);
  expect(busyMs).toBeGreaterThanOrEqual(60);
  // The clock runs at least as long as the processor did, less the tick that is due anyway and its own grain.
  expect(heldMs).toBeGreaterThanOrEqual(50);
  expect(probe.read().busyMs).toBeLessThan(busyMs);
  probe.stop();
});
