import type { DayException, DayWindow, Weekday, WeeklyWindow } from '@cardea/wire-api';
import { usage } from '../errors.ts';

const DAYS: readonly Weekday[] = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const TIME = /^([01]\d|2[0-3]):[0-5]\d$|^24:00$/;

/** `mon-fri 08:00-18:00`, `sat,sun 10:00-14:00`, `daily 22:00-06:00`. @throws CliError `usage` */
export function weeklyWindow(given: string): WeeklyWindow {
  const [days = '', window = '', ...rest] = given.trim().split(/\s+/);
  if (rest.length > 0 || window === '')
    throw unreadable('--weekly', given, 'write days and times: "mon-fri 08:00-18:00"');
  return { days: weekdays(days, given), ...dayWindow('--weekly', window) };
}

/** `2026-12-25` (closed), or `2026-12-24=08:00-12:00,14:00-18:00`. @throws CliError `usage` */
export function dayException(option: string, given: string): DayException {
  const [date = '', windows] = given.split('=');
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) throw unreadable(option, given, 'write a date: 2026-12-24=08:00-12:00');
  return { date, windows: windows === undefined ? [] : windows.split(',').map((one) => dayWindow(option, one)) };
}

/** Windows as they are read: `mon-fri 08:00-18:00`. */
export function weeklyText({ days, from, to }: WeeklyWindow): string {
  const indices = days.map((day) => DAYS.indexOf(day)).sort((a, b) => a - b);
  const [first = 0, last = 0] = [indices[0], indices.at(-1)];
  const run = indices.length > 2 && last - first === indices.length - 1;
  const names = run ? `${short(first)}-${short(last)}` : indices.map(short).join(',');
  return `${indices.length === DAYS.length ? 'daily' : names} ${from}-${to}`;
}

/** A day as it is read: `2026-12-25 closed`. */
export function dayText({ date, windows }: DayException): string {
  return `${date} ${windows.length === 0 ? 'closed' : windows.map(({ from, to }) => `${from}-${to}`).join(', ')}`;
}

function weekdays(given: string, whole: string): Weekday[] {
  if (given === 'daily') return [...DAYS];
  const named = given.split(',').flatMap((part) => {
    const [from, to = from] = part
      .split('-')
      .map((name) => DAYS.findIndex((day) => name.length >= 2 && day.startsWith(name)));
    if (from === undefined || to === undefined || from < 0 || to < from) {
      throw unreadable('--weekly', whole, 'write days as mon, mon-fri, sat,sun or daily');
    }
    return DAYS.slice(from, to + 1);
  });
  return DAYS.filter((day) => named.includes(day));
}

function dayWindow(option: string, given: string): DayWindow {
  const [from = '', to = '', ...rest] = given.split('-');
  if (!TIME.test(from) || !TIME.test(to) || rest.length > 0) {
    throw unreadable(option, given, 'write times as 08:00-18:00; up to 24:00, and past midnight as 22:00-06:00');
  }
  return { from, to };
}

function short(day: number): string {
  return (DAYS[day] ?? '').slice(0, 3);
}

function unreadable(option: string, given: string, remedy: string): Error {
  return usage(`${option} is ${JSON.stringify(given)}`, remedy);
}
