import type { Schedule, Weekday } from '../model.ts';
import { dateOfDay } from './civil.ts';
import { DAY_MIN, WEEKDAYS, windowsOfDay } from './minutes.ts';
import { offsetMinAt } from './zone.ts';

const MINUTE_MS = 60_000;
/** 1970-01-01 was a Thursday. */
const FIRST_WEEKDAY = 3;

/** A moment as clocks on the wall show it. */
export interface WallClock {
  /** Days since 1970-01-01 of the local date. */
  readonly day: number;
  /** Whole minutes of the local day. */
  readonly minute: number;
}

/** What the clocks of a zone show at a moment. */
export function wallClock(timeZone: string, atMs: number): WallClock {
  const wallMin = Math.floor(atMs / MINUTE_MS) + offsetMinAt(timeZone, atMs / 1000);
  const day = Math.floor(wallMin / DAY_MIN);
  return { day, minute: wallMin - day * DAY_MIN };
}

/** The weekday of a local day. */
export function weekdayOfDay(day: number): Weekday {
  return WEEKDAYS[(((day + FIRST_WEEKDAY) % 7) + 7) % 7] ?? 'monday';
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
  const { day, minute } = wallClock(timeZone, atMs);
  return startsCover(schedule, day, minute) || startsCover(schedule, day - 1, minute + DAY_MIN);
}

function startsCover(
  schedule: Pick<Schedule, 'weekly' | 'holidays' | 'exceptions'>,
  day: number,
  minute: number,
): boolean {
  const windows = windowsOfDay(schedule, { date: dateOfDay(day), weekday: weekdayOfDay(day) });
  return windows.some(({ startMin, endMin }) => startMin <= minute && minute < endMin);
}
