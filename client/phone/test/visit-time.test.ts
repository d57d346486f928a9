import { describe, expect, it } from 'vitest';
import { usualVisit, visitOf } from '../src/visitors/visit-time.ts';

const BERLIN = 'Europe/Berlin';
const BEFORE = Date.parse('2026-01-01T00:00:00Z');

describe('the time of a visit', () => {
  it('is usually a day from this minute on, by the clocks of the property', () => {
    expect(usualVisit(Date.parse('2026-11-21T13:05:42Z'), BERLIN)).toEqual({
      from: '2026-11-21T14:05',
      until: '2026-11-22T14:05',
    });
  });

  it('is read by the clocks of the property', () => {
    expect(visitOf({ from: '2026-07-01T10:00', until: '2026-07-02T10:00' }, BERLIN, BEFORE)).toEqual({
      not_before: '2026-07-01T08:00:00.000Z',
      not_after: '2026-07-02T08:00:00.000Z',
    });
  });

  it('begins at once where its beginning has come', () => {
    const time = { from: '2026-07-01T10:00', until: '2026-07-02T10:00' };
    expect(visitOf(time, BERLIN, Date.parse('2026-07-01T08:00:00Z'))).toEqual({
      not_after: '2026-07-02T08:00:00.000Z',
    });
  });

  it('ends at the later of two times when the clocks are set back', () => {
    expect(visitOf({ from: '2026-10-25T00:00', until: '2026-10-25T02:30' }, BERLIN, BEFORE)?.not_after).toBe(
      '2026-10-25T01:30:00.000Z',
    );
  });

  it.each([
    ['begins when the clocks skip', '2026-03-29T02:30', '2026-03-30T10:00'],
    ['ends before it begins', '2026-07-02T10:00', '2026-07-01T10:00'],
    ['ends as it begins', '2026-07-01T10:00', '2026-07-01T10:00'],
    ['is left empty', '', ''],
  ])('is none that %s', (_, from, until) => {
    expect(visitOf({ from, until }, BERLIN, BEFORE)).toBeUndefined();
  });
});
