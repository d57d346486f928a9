import fc from 'fast-check';
import { DateTime } from 'luxon';
import { expect, it } from 'vitest';
import { dateOfDay, timeOfMinute } from './civil.ts';

it('a day since 1970 has the date that the Gregorian calendar gives it', () => {
  const luxon = (day: number) => DateTime.fromMillis(day * 86_400_000, { zone: 'utc' }).toFormat('yyyy-MM-dd');
  for (const day of [-1, 0, 10_956, 11_016, 11_017, 19_782, 19_783, 47_541, 47_542])
    expect(dateOfDay(day)).toBe(luxon(day));
  fc.assert(
    fc.property(fc.integer({ min: -30_000, max: 60_000 }), (day) => {
      expect(dateOfDay(day)).toBe(luxon(day));
    }),
  );
  expect([0, 59, 60, 1439].map(timeOfMinute)).toEqual(['00:00', '00:59', '01:00', '23:59']);
});
