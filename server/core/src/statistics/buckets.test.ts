import { describe, expect, it } from 'vitest';
import { bucketsOf } from './buckets.ts';

const ms = (text: string): number => Date.parse(text);
const shown = (starts: readonly number[]): string[] => starts.map((start) => new Date(start).toISOString());

describe('local days', () => {
  it('begin at local midnight, and have 23 and 25 hours where the clocks are changed', () => {
    const spring = bucketsOf('day', 'Europe/Berlin', ms('2026-03-28T12:00Z'), ms('2026-03-30T12:00Z'));
    expect(shown(spring.starts)).toEqual([
      '2026-03-27T23:00:00.000Z',
      '2026-03-28T23:00:00.000Z',
      '2026-03-29T22:00:00.000Z',
    ]);
    const autumn = bucketsOf('day', 'Europe/Berlin', ms('2026-10-25T12:00Z'), ms('2026-10-26T12:00Z'));
    expect(shown(autumn.starts)).toEqual(['2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z']);
    expect(autumn.of(ms('2026-10-25T22:59:59.999Z'))).toBe(0);
    expect(autumn.of(ms('2026-10-25T23:00Z'))).toBe(1);
  });

  it('begin after midnight where the clocks skip it', () => {
    const { starts } = bucketsOf('day', 'Africa/Cairo', ms('2026-04-24T06:00Z'), ms('2026-04-24T07:00Z'));
    expect(shown(starts)).toEqual(['2026-04-23T22:00:00.000Z']);
  });

  it('do not reach past an end that is midnight itself', () => {
    expect(bucketsOf('day', 'UTC', ms('2026-01-01T00:00Z'), ms('2026-01-02T00:00Z')).starts).toHaveLength(1);
  });
});

describe('local hours', () => {
  it('are one less where the clocks skip one, and one more where they repeat one', () => {
    const spring = bucketsOf('hour', 'Europe/Berlin', ms('2026-03-28T23:00Z'), ms('2026-03-29T22:00Z'));
    expect(spring.starts).toHaveLength(23);
    const autumn = bucketsOf('hour', 'Europe/Berlin', ms('2026-10-24T22:00Z'), ms('2026-10-25T23:00Z'));
    expect(autumn.starts).toHaveLength(25);
    expect(autumn.of(ms('2026-10-25T00:30Z'))).toBe(2);
    expect(autumn.of(ms('2026-10-25T01:30Z'))).toBe(3);
  });

  it('begin at the full hour of a zone that is half an hour off', () => {
    const { starts } = bucketsOf('hour', 'Asia/Kolkata', ms('2026-01-01T00:15Z'), ms('2026-01-01T01:00Z'));
    expect(shown(starts)).toEqual(['2025-12-31T23:30:00.000Z', '2026-01-01T00:30:00.000Z']);
  });
});
