import { expect, it } from 'vitest';
import { createVirtualClock } from './virtual-clock.ts';

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

it('virtual time runs what is due in order of time, then of asking', async () => {
  const clock = createVirtualClock(1000, settle);
  const seen: string[] = [];
  clock.after(20, () => seen.push(`b${clock.now()}`));
  clock.after(10, () => {
    seen.push(`a${clock.now()}`);
    clock.after(10, () => seen.push(`c${clock.now()}`));
  });
  clock.after(15, () => seen.push('never'))();
  await clock.advance(20);
  expect(seen).toEqual(['a1010', 'b1020', 'c1020']);
  expect(clock.now()).toBe(1020);
});

it('a skewed hand runs fast by its drift', async () => {
  const clock = createVirtualClock(0, settle);
  const fast = clock.skewed(5000, 100_000);
  let rangAt = -1;
  fast.after(1100, () => {
    rangAt = clock.now();
  });
  await clock.advance(2000);
  expect(rangAt).toBeCloseTo(1000);
  expect(fast.now()).toBeCloseTo(7200);
});

it('waiting for what cannot happen ends with an error', async () => {
  const clock = createVirtualClock(0, settle);
  await expect(clock.runUntil(() => false)).rejects.toThrow('nothing made it true');
});
