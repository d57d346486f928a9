import { expect, it } from 'vitest';
import { isZone, momentOf, resolve } from './moments.ts';

const berlin = { timeZone: 'Europe/Berlin', checkInTime: '15:00', checkOutTime: '11:00' };
const at = (text: string, which: 'arrival' | 'departure', property = berlin): string => {
  const moment = momentOf(text);
  if (moment === undefined) throw new Error(`${text} is no moment`);
  return new Date(resolve(moment, property, which)).toISOString();
};

it("a date alone is the property's time of arriving or leaving, in its zone", () => {
  expect(at('2026-03-28', 'arrival')).toBe('2026-03-28T14:00:00.000Z');
  expect(at('2026-03-29', 'departure')).toBe('2026-03-29T09:00:00.000Z'); // summer time since the night
  expect(at('2026-03-28', 'departure', { ...berlin, timeZone: 'Pacific/Kiritimati' })).toBe('2026-03-27T21:00:00.000Z');
});

it('a time that daylight saving repeats or skips gives the guest the longer side', () => {
  expect(at('2026-10-25T02:30', 'arrival')).toBe('2026-10-25T00:30:00.000Z');
  expect(at('2026-10-25T02:30', 'departure')).toBe('2026-10-25T01:30:00.000Z');
  expect(at('2026-03-29T02:30', 'arrival')).toBe('2026-03-29T00:30:00.000Z');
  expect(at('2026-03-29T02:30', 'departure')).toBe('2026-03-29T01:30:00.000Z');
});

it('a moment with an offset is what it says, in whole seconds', () => {
  expect(at('2026-03-01T10:00:00.900+02:00', 'departure')).toBe('2026-03-01T08:00:00.000Z');
});

it.each(['', 'tomorrow', '2026-02-29', '2026-3-1', '2026-03-01T24:00', '2026-03-01T10:00+25:00', '2026-13-01'])(
  '%j is no moment',
  (text) => {
    expect(momentOf(text)).toBeUndefined();
  },
);

it('knows the zones of IANA and takes nothing else for one', () => {
  expect(isZone('Europe/Berlin')).toBe(true);
  for (const no of ['Mine', '', '+02:00', '../etc/passwd']) expect(isZone(no)).toBe(false);
});
