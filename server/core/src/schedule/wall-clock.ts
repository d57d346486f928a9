import { Temporal } from 'temporal-polyfill';
import type { Schedule, Weekday } from '../model.ts';
import { DAY_MIN, WEEKDAYS, windowsOfDay } from './minutes.ts';

/** A moment as clocks on the wall show it. */
export interface WallClock {
  /** Local date, `YYYY-MM-DD`. */
  readonly date: string;
  readonly weekday: Weekday;
  /** Whole minutes of the local day. */
  readonly minute: number;
  /** The local day before. */
  readonly before: { readonly date: string; readonly weekday: Weekday };
}

/** What the clocks of a zone show at a moment. */
export function wallClock(timeZone: string, atMs: number): WallClock {
  const local = Temporal.Instant.fromEpochMilliseconds(Math.floor(atMs)).toZonedDateTimeISO(timeZone);
  const date = local.toPlainDate();
  const before = date.subtract({ days: 1 });
  return {
    date: date.toString(),
    weekday: weekdayOf(date),
    minute: local.hour * 60 + local.minute,
    before: { date: before.toString(), weekday: weekdayOf(before) },
  };
}

/**
 * Whether a schedule is open at a moment: by the wall clock of its property's zone, so that what daylight saving skips is
 * not there and what it repeats is open twice. A window belongs to the day on which it starts.
 */
export function isOpenAt(
  schedule: Pick<Schedule, 'weekly' | 'holidays' | 'exceptions'>,
  timeZone: string,
  atMs: number,
): boolean {
  const { before, ...today } = wallClock(timeZone, atMs);
  const inWindow = (minute: number) => (window: { startMin: number; endMin: number }) =>
    window.startMin <= minute && minute < window.endMin;
  return (
    windowsOfDay(schedule, today).some(inWindow(today.minute)) ||
    windowsOfDay(schedule, before).some(inWindow(today.minute + DAY_MIN))
  );
}

/** The day of the week of a date. */
export function weekdayOf(date: Temporal.PlainDate): Weekday {
  return WEEKDAYS[date.dayOfWeek - 1] ?? 'monday';
}
