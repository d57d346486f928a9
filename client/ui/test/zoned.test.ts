import { addDays, momentsOf, startOfDay, wallClock } from '@cardea/client-ui';
import { describe, expect, it } from 'vitest';

const iso = (at: number) => new Date(at).toISOString();

describe('wall clocks', () => {
  it('show a moment by the zone, whatever the zone of this machine', () => {
    expect(wallClock('2026-11-21T23:30:00.000Z', 'Europe/Berlin')).toEqual({ date: '2026-11-22', time: '00:30' });
    expect(wallClock('2026-11-21T23:30:00.000Z', 'America/New_York')).toEqual({ date: '2026-11-21', time: '18:30' });
    expect(wallClock(Date.parse('2026-11-21T18:15:00.000Z'), 'Asia/Kathmandu').time).toBe('00:00');
  });

  it('read a local time as one moment on ordinary days', () => {
    expect(momentsOf('2026-07-01T12:00', 'Europe/Berlin').map(iso)).toEqual(['2026-07-01T10:00:00.000Z']);
  });

  it('read a time that daylight saving repeats as two moments', () => {
    expect(momentsOf('2026-10-25T02:30', 'Europe/Berlin').map(iso)).toEqual([
      '2026-10-25T00:30:00.000Z',
      '2026-10-25T01:30:00.000Z',
    ]);
  });

  it('read a time that daylight saving skips as no moment', () => {
    expect(momentsOf('2026-03-29T02:30', 'Europe/Berlin')).toEqual([]);
    expect(momentsOf('2026-02-31T12:00', 'Europe/Berlin')).toEqual([]);
    expect(momentsOf('soon', 'Europe/Berlin')).toEqual([]);
  });

  it('make days of 23, 24 and 25 hours', () => {
    const hours = (date: string) =>
      (startOfDay(addDays(date, 1), 'Europe/Berlin') - startOfDay(date, 'Europe/Berlin')) / 3_600_000;
    expect(['2026-03-29', '2026-03-30', '2026-10-25'].map(hours)).toEqual([23, 24, 25]);
  });

  it('begin a day without midnight when the clocks are set on', () => {
    // Beirut sets its clocks on at midnight: 29 March 2026 begins at 01:00 local time.
    expect(iso(startOfDay('2026-03-29', 'Asia/Beirut'))).toBe('2026-03-28T22:00:00.000Z');
    expect(wallClock(startOfDay('2026-03-29', 'Asia/Beirut'), 'Asia/Beirut').time).toBe('01:00');
  });

  it('count days by the calendar, over months and leap days', () => {
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
    expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
  });
});
