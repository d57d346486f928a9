import { CoreError } from '../errors.ts';
import type { DayWindow, Schedule, Weekday } from '../model.ts';

/** Minutes of a day. */
export const DAY_MIN = 1440;

/** A window in minutes of the local day on which it starts; `endMin` is up to 2880, past midnight. */
export interface MinuteWindow {
  readonly startMin: number;
  readonly endMin: number;
}

/** The days of the week in their order; ISO 8601 counts them from 1. */
export const WEEKDAYS: readonly Weekday[] = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
];

/** `HH:MM` from 00:00 to 24:00 as minutes of the day. @throws CoreError `invalid` */
export function minuteOf(field: string, text: string): number {
  const [, hours, minutes] = /^([01]\d|2[0-4]):([0-5]\d)$/.exec(text) ?? [];
  const minute = Number(hours) * 60 + Number(minutes);
  if (minute <= DAY_MIN) return minute;
  throw new CoreError('invalid', `${field} must be a time of the day, HH:MM from 00:00 to 24:00`, { field });
}

/** The window in minutes: one that does not end after it starts ends on the next day. @throws CoreError `invalid` */
export function minuteWindow(field: string, { from, to }: DayWindow): MinuteWindow {
  const startMin = minuteOf(`${field}.from`, from);
  const end = minuteOf(`${field}.to`, to);
  if (startMin === DAY_MIN) {
    throw new CoreError('invalid', `${field}.from must be before 24:00`, { field: `${field}.from` });
  }
  return { startMin, endMin: end > startMin ? end : end + DAY_MIN };
}

/** The windows that start on one local day. @throws CoreError `invalid` never for a schedule that was checked */
export function windowsOfDay(
  schedule: Pick<Schedule, 'weekly' | 'holidays' | 'exceptions'>,
  day: { readonly date: string; readonly weekday: Weekday },
): readonly MinuteWindow[] {
  const special =
    schedule.exceptions.find(({ date }) => date === day.date) ??
    schedule.holidays.find(({ date }) => date === day.date);
  const windows = special?.windows ?? schedule.weekly.filter(({ days }) => days.includes(day.weekday));
  return windows.map((window) => minuteWindow('windows', window));
}
