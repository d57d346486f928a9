import type { Statistics } from '@cardea/wire-api';
import { describe, expect, it } from 'vitest';
import { csvOf } from '../src/insights/csv.ts';
import { bucketLabel, percentOf, totalOf } from '../src/insights/figures.ts';

describe('figures as a file', () => {
  it('quote what needs quotes, and leave numbers and nothing as they are', () => {
    expect(
      csvOf(
        ['a', 'b,c'],
        [
          ['say "hi"', 1.5],
          ['two\nlines', null],
        ],
      ),
    ).toBe('a,"b,c"\r\n"say ""hi""",1.5\r\n"two\nlines",\r\n');
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx'])('keep %j text that no table program computes', (name) => {
    expect(csvOf(['door'], [[name]]).split('\r\n')[1]).toBe(`'${name}`);
  });

  it('keep negative numbers numbers', () => {
    expect(csvOf(['n'], [[-1]])).toBe('n\r\n-1\r\n');
  });
});

describe('figures in words', () => {
  const berlin = (bucket: Statistics['bucket']) => ({ bucket, time_zone: 'Europe/Berlin' });

  it('name a bucket by its beginning in the zone of the property', () => {
    expect(bucketLabel(berlin('day'), '2026-03-28T23:00:00.000Z')).toBe('29 Mar');
    expect(bucketLabel(berlin('hour'), '2026-10-25T01:00:00.000Z')).toBe('25 Oct, 02:00');
  });

  it('are whole percent, and 0 of nothing', () => {
    expect(percentOf(1, 3)).toBe(33);
    expect(percentOf(0, 0)).toBe(0);
  });

  it('count every way once', () => {
    expect(totalOf({ remote: 1, key: 2, card: 4, pin: 8, mode: 16, inside: 32, other: 64 })).toBe(127);
  });
});
