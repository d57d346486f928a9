import { array, assert, integer, property } from 'fast-check';
import { expect, it } from 'vitest';
import { Spread } from './spread.ts';

it('has no percentile of nothing', () => {
  expect(new Spread().percentiles([50, 95])).toEqual([null, null]);
});

it('gives the value of the nearest rank', () => {
  assert(
    property(
      array(integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 80 }),
      integer({ min: 0, max: 100 }),
      (values, percent) => {
        const spread = new Spread();
        for (const value of values) spread.add(value);
        const sorted = [...values].sort((a, b) => a - b);
        const rank = Math.max(1, Math.ceil((percent / 100) * sorted.length));
        expect(spread.percentiles([percent])).toEqual([sorted[rank - 1]]);
      },
    ),
  );
});
