import { Temporal } from 'temporal-polyfill';
import type { DayException, Schedule } from '../model.ts';
import { type MinuteWindow, minuteWindow, WEEKDAYS } from './minutes.ts';
import { offsetAt, transitionsOf } from './transitions.ts';

/** How long a compiled table is good for; past it nothing opens by it. */
export const TABLE_VALID_DAYS = 400;
/** A table is made anew so long before its end. */
export const TABLE_RENEWED_DAYS = 100;
const DAY_S = 86_400;
/** A lock may be behind, and a window may have begun yesterday: the table begins before it is made. */
const BEGINS_BEFORE_S = 2 * DAY_S;
const EPOCH = '2024-01-01';
/** The same as days since 1970. */
const EPOCH_DAY = 19_723;

/** A schedule as a lock evaluates it (access.md, "Schedules and time"), before it is octets. */
export interface CompiledSchedule {
  readonly number: number;
  /** Unix seconds. */
  readonly validUntilS: number;
  /** Minutes from UTC before the first transition. */
  readonly baseOffsetMin: number;
  readonly transitions: readonly { readonly atS: number; readonly offsetMin: number }[];
  /** `days` is a bit set, bit 0 Monday. */
  readonly weekly: readonly (MinuteWindow & { readonly days: number })[];
  /** `day` counts local days since 2024-01-01; its windows replace those of the week that start on it. */
  readonly special: readonly { readonly day: number; readonly windows: readonly MinuteWindow[] }[];
}

/** Compiles a schedule in its property's zone for {@link TABLE_VALID_DAYS} from a moment. */
export function compileSchedule(
  schedule: Pick<Schedule, 'number' | 'weekly' | 'holidays' | 'exceptions'>,
  timeZone: string,
  nowS: number,
): CompiledSchedule {
  const fromS = Math.floor(nowS) - BEGINS_BEFORE_S;
  const validUntilS = Math.floor(nowS) + TABLE_VALID_DAYS * DAY_S;
  return {
    number: schedule.number,
    validUntilS,
    baseOffsetMin: offsetAt(timeZone, fromS),
    transitions: transitionsOf(timeZone, fromS, validUntilS).map(({ atS, offsetMin }) => ({ atS, offsetMin })),
    weekly: schedule.weekly.map((window) => ({
      days: WEEKDAYS.reduce((bits, day, bit) => bits | (window.days.includes(day) ? 1 << bit : 0), 0),
      ...minuteWindow('weekly', window),
    })),
    special: specialDays(schedule, fromS, validUntilS),
  };
}

/** The days with windows of their own that a table of this time can meet; an exception wins over a holiday. */
function specialDays(
  { holidays, exceptions }: Pick<Schedule, 'holidays' | 'exceptions'>,
  fromS: number,
  untilS: number,
): CompiledSchedule['special'] {
  const byDate = new Map<string, DayException>();
  for (const day of [...holidays, ...exceptions]) byDate.set(day.date, day);
  // A day's own date may be one off the day in UTC, and its windows may end on the next.
  const [first, last] = [dayOfMoment(fromS) - 2, dayOfMoment(untilS) + 2];
  return [...byDate.values()]
    .map(({ date, windows }) => ({
      day: dayNumber(date),
      windows: windows.map((window) => minuteWindow('special', window)),
    }))
    .filter(({ day }) => day >= Math.max(0, first) && day <= last)
    .sort((a, b) => a.day - b.day);
}

/** Days since 2024-01-01 of a local date. */
export function dayNumber(date: string): number {
  return Temporal.PlainDate.from(EPOCH).until(Temporal.PlainDate.from(date), { largestUnit: 'days' }).days;
}

function dayOfMoment(atS: number): number {
  return Math.floor(atS / DAY_S) - EPOCH_DAY;
}
