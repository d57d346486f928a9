import { expect, it } from 'vitest';
import { scoreMonitor } from '../src/index.ts';

it('on a seeded day each incident becomes its alert, and ordinary life becomes none', async () => {
  const score = await scoreMonitor(1, 11);
  expect(score.incidents).toBe(7);
  expect(score.wrong).toEqual([]);
}, 240_000);
