import { decodeScheduleTable, encodeScheduleTable, nextChange, openAt } from '@cardea/wire-access';
import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import { compileSchedule, isOpenAt, type Schedule } from '../src/index.ts';
import { scheduleNotices } from '../src/schedule/notices.ts';
import { scheduleCases, ZONES } from './schedule-cases.ts';

const DRIFT_S = 300;

/**
 * The oracle: luxon says what the clocks on the wall show, and windows are compared as that text, date by date. Nothing
 * of ours is asked.
 */
function oracle(schedule: Schedule, zone: string, atS: number): boolean {
  const wall = DateTime.fromSeconds(atS, { zone });
  const now = wall.toFormat("yyyy-MM-dd'T'HH:mm");
  return [0, 1].some((daysBack) => {
    const day = DateTime.fromISO(wall.toISODate() ?? '', { zone: 'utc' }).minus({ days: daysBack });
    const date = day.toFormat('yyyy-MM-dd');
    const next = day.plus({ days: 1 }).toFormat('yyyy-MM-dd');
    const special =
      schedule.exceptions.find((one) => one.date === date) ?? schedule.holidays.find((one) => one.date === date);
    const name = day.setLocale('en').toFormat('EEEE').toLowerCase();
    const windows =
      special?.windows ?? schedule.weekly.filter(({ days }) => (days as readonly string[]).includes(name));
    return windows.some(({ from, to }) => {
      const ends = to > from ? `${date}T${to}` : `${next}T${to}`;
      return `${date}T${from}` <= now && now < ends;
    });
  });
}

const cases = scheduleCases();

describe('server, lock and an independent oracle read every schedule alike', () => {
  it.each(ZONES)(
    `of ${cases.length} cases those of %s, each by a clock that is right, 5 min fast and 5 min slow`,
    (zone) => {
      const tables = new Map<string, ReturnType<typeof decodeScheduleTable>>();
      let asked = 0;
      let opened = 0;
      for (const { name, schedule, madeAtS, atS } of cases.filter((one) => one.zone === zone)) {
        const key = `${madeAtS} ${JSON.stringify(schedule)}`;
        // What the lock evaluates is what came over the air.
        const table =
          tables.get(key) ?? decodeScheduleTable(encodeScheduleTable(compileSchedule(schedule, zone, madeAtS)));
        tables.set(key, table);
        const truth = oracle(schedule, zone, atS);
        for (const driftS of [0, DRIFT_S, -DRIFT_S]) {
          const shownS = atS + driftS;
          const what = `${zone}, ${name}, ${new Date(atS * 1000).toISOString()}, drift ${driftS} s`;
          const expected = driftS === 0 ? truth : oracle(schedule, zone, shownS);
          expect(isOpenAt(schedule, zone, shownS * 1000), `server: ${what}`).toBe(expected);
          expect(openAt(table, shownS), `lock: ${what}`).toBe(expected);
          // A clock that is 5 min off errs by 5 min at most: away from every edge it says what a right one says.
          const edge = nextChange(table, atS - DRIFT_S - 1);
          if (edge === undefined || edge > atS + DRIFT_S) expect(openAt(table, shownS), `drift: ${what}`).toBe(truth);
          asked++;
          if (expected) opened++;
        }
      }
      // Cases of which nearly all are open, or nearly none, would show little.
      expect(asked).toBeGreaterThan(500);
      expect(opened / asked).toBeGreaterThan(0.15);
      expect(opened / asked).toBeLessThan(0.85);
    },
  );

  it('past the end of its table a lock opens nothing by it', () => {
    const [one] = cases;
    const always: Schedule = {
      ...one!.schedule,
      weekly: [
        {
          days: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'],
          from: '00:00',
          to: '24:00',
        },
      ],
      holidays: [],
      exceptions: [],
    };
    const compiled = compileSchedule(always, 'Europe/Berlin', one!.madeAtS);
    expect(openAt(compiled, compiled.validUntilS - 1)).toBe(true);
    expect(openAt(compiled, compiled.validUntilS)).toBe(false);
  });
});

describe('what the clocks do to a window is said, and said right', () => {
  /** How long a window of that day is open, counted minute by minute by the oracle. */
  const lengthMin = (schedule: Schedule, zone: string, date: string): number => {
    const from = DateTime.fromISO(`${date}T00:00`, { zone }).toSeconds();
    let minutes = 0;
    for (let at = from; at < from + 50 * 3600; at += 60) if (oracle(schedule, zone, at)) minutes++;
    return minutes;
  };
  const on = (date: string, from: string, to: string): Schedule => ({
    ...cases[0]!.schedule,
    weekly: [],
    holidays: [],
    exceptions: [{ date, windows: [{ from, to }] }],
  });
  it.each([
    ['Europe/Berlin', '2026-03-29', '01:00', '05:00', 'skip', 240, 180],
    ['Europe/Berlin', '2026-03-29', '02:00', '03:00', 'skip', 60, 0],
    ['Europe/Berlin', '2026-10-25', '02:00', '03:00', 'repeat', 60, 120],
    ['Europe/Berlin', '2026-10-24', '22:00', '02:30', 'repeat', 270, 300],
    ['America/St_Johns', '2026-03-08', '01:30', '02:30', 'skip', 60, 30],
    ['Australia/Lord_Howe', '2026-10-04', '02:00', '03:00', 'skip', 60, 30],
    ['Australia/Lord_Howe', '2026-04-05', '01:30', '02:00', 'repeat', 30, 60],
    ['Africa/Casablanca', '2026-02-15', '02:00', '03:00', 'repeat', 60, 120],
  ] as const)('%s, %s, %s to %s: %s', (zone, date, from, to, clocks, readsMin, lastsMin) => {
    const schedule = on(date, from, to);
    const [notice, ...more] = scheduleNotices(schedule, zone, Date.UTC(2026, 0, 10));
    expect(notice).toMatchObject({ date, clocks, readsMin, lastsMin });
    expect(more).toEqual([]);
    expect(lengthMin(schedule, zone, date)).toBe(lastsMin);
  });
  it('nothing is said of a window that no change touches, nor of a change outside the window of the grant', () => {
    const year = Date.UTC(2026, 0, 10);
    expect(scheduleNotices(on('2026-03-29', '03:00', '04:00'), 'Europe/Berlin', year)).toEqual([]);
    expect(scheduleNotices(on('2026-06-01', '02:00', '04:00'), 'Europe/Berlin', year)).toEqual([]);
    expect(scheduleNotices(on('2026-03-29', '01:00', '05:00'), 'Asia/Kolkata', year)).toEqual([]);
    const before = { notBefore: year, notAfter: Date.UTC(2026, 2, 1) };
    expect(scheduleNotices(on('2026-03-29', '01:00', '05:00'), 'Europe/Berlin', year, before)).toEqual([]);
  });
});
