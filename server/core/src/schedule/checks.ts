import { Temporal } from 'temporal-polyfill';
import { CoreError } from '../errors.ts';
import type { DayException, DayWindow, Schedule, WeeklyWindow } from '../model.ts';
import { minuteWindow, WEEKDAYS } from './minutes.ts';

/** Most windows of the week, of one day, and most days that differ: so that a lock can hold the table. */
export const WEEKLY_MOST = 32;
export const WINDOWS_OF_DAY_MOST = 8;
export const SPECIAL_DAYS_MOST = 100;
/** Octets of a lock's table that windows and days may fill; the rest is for the zone. */
const TABLE_OCTETS = 900;
const WINDOW_OCTETS = 4;
const FIRST_DATE = '2024-01-01';
const LAST_DATE = '2105-12-31';

/** Windows of the week, each with its days once in their order. @throws CoreError `invalid` */
export function checkWeekly(weekly: readonly WeeklyWindow[]): readonly WeeklyWindow[] {
  atMost('weekly', weekly, WEEKLY_MOST, 'windows');
  return weekly.map((window, index) => {
    const field = `weekly.${index}`;
    minuteWindow(field, window);
    const days = WEEKDAYS.filter((day) => window.days.includes(day));
    if (days.length === 0) throw new CoreError('invalid', `${field}.days must name a day`, { field: `${field}.days` });
    return { days, from: window.from, to: window.to };
  });
}

/** Days that differ, each once, in their order. @throws CoreError `invalid` */
export function checkDays(field: 'holidays' | 'exceptions', days: readonly DayException[]): readonly DayException[] {
  atMost(field, days, SPECIAL_DAYS_MOST, 'days');
  const seen = new Set<string>();
  const checked = days.map(({ date, windows }, index) => {
    checkDate(`${field}.${index}.date`, date);
    if (seen.has(date)) throw new CoreError('invalid', `${field} names ${date} twice`, { field });
    seen.add(date);
    atMost(`${field}.${index}.windows`, windows, WINDOWS_OF_DAY_MOST, 'windows');
    return { date, windows: windows.map((window, at) => checkWindow(`${field}.${index}.windows.${at}`, window)) };
  });
  return checked.sort((a, b) => (a.date < b.date ? -1 : 1));
}

/** A lock has to hold the whole of it. @throws CoreError `invalid` */
export function checkSize(schedule: Pick<Schedule, 'weekly' | 'holidays' | 'exceptions'>): void {
  const special = [...schedule.holidays, ...schedule.exceptions];
  const message = (what: string): string => `a lock cannot hold so many ${what}: make the schedule simpler`;
  if (special.length > SPECIAL_DAYS_MOST) {
    throw new CoreError('invalid', message('days'), { field: 'exceptions' });
  }
  const octets =
    schedule.weekly.length * (WINDOW_OCTETS + 1) +
    special.reduce((sum, { windows }) => sum + 3 + windows.length * WINDOW_OCTETS, 0);
  if (octets > TABLE_OCTETS) throw new CoreError('invalid', message('windows'), { field: 'exceptions' });
}

function checkWindow(field: string, { from, to }: DayWindow): DayWindow {
  minuteWindow(field, { from, to });
  return { from, to };
}

function checkDate(field: string, date: string): void {
  let known = /^\d{4}-\d{2}-\d{2}$/.test(date) && date >= FIRST_DATE && date <= LAST_DATE;
  if (known) {
    try {
      known = Temporal.PlainDate.from(date, { overflow: 'reject' }).toString() === date;
    } catch {
      known = false;
    }
  }
  if (!known) throw new CoreError('invalid', `${field} must be a date, YYYY-MM-DD from ${FIRST_DATE} on`, { field });
}

function atMost(field: string, list: readonly unknown[], most: number, what: string): void {
  if (list.length > most) throw new CoreError('invalid', `${field} holds at most ${most} ${what}`, { field });
}
