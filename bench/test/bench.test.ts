import { expect, it } from 'vitest';
import { frames } from '../src/frames.ts';
import { tap } from '../src/tap.ts';
import { unlock } from '../src/unlock.ts';

// Whether a goal is met is the bench's own affair, on a quiet machine: here each figure has only to come about.
it.each([
  ['frames', () => frames({ rounds: 3 })],
  ['unlock', () => unlock({ iterations: 3, warmUp: 1 })],
  ['tap', () => tap({ taps: 3 })],
] as const)('bench %s yields finite figures', { timeout: 60_000 }, async (_name, run) => {
  const figures = await run();
  expect(figures.length).toBeGreaterThan(0);
  for (const { value, of } of figures) {
    expect(value).toBeGreaterThan(0);
    for (const number of [value, ...Object.values(of)]) expect(number).toSatisfy(Number.isFinite);
  }
});
