import { addDays, wallClock } from '@cardea/client-ui';
import type { DayWindow, Schedule } from '@cardea/wire-api';
import type { CalendarDay } from './days.ts';

/** From `fromMs` up to but not at `untilMs`, Unix ms. */
export interface Stretch {
  readonly fromMs: number;
  readonly untilMs: number;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

/**
 * When a schedule is open in some days of a zone (IANA), merged and in order. The wall clock decides (docs/grants.md, 13 and
 * 14): a time that is skipped is not there, one that is repeated is open twice; a window belongs to the day on which it
 * starts, so what began the evening before goes on.
 */
export function openStretches(
  schedule: Pick<Schedule, 'weekly' | 'holidays' | 'exceptions'>,
  days: readonly CalendarDay[],
  zone: string,
): readonly Stretch[] {
  const [first] = days;
  const last = days.at(-1);
  if (first === undefined || last === undefined) return [];
  const offsets = offsetStretches(zone, first.fromMs, last.untilMs);
  const found: Stretch[] = [];
  for (const date of [addDays(first.date, -1), ...days.map((day) => day.date)]) {
    const midnight = Date.parse(`${date}T00:00Z`);
    for (const { from, to } of windowsOn(schedule, date)) {
      const start = midnight + minutesOf(from) * MINUTE_MS;
      const end = midnight + minutesOf(to) * MINUTE_MS + (minutesOf(to) <= minutesOf(from) ? DAY_MS : 0);
      for (const { fromMs, untilMs, offsetMs } of offsets) {
        const stretch = { fromMs: Math.max(fromMs, start - offsetMs), untilMs: Math.min(untilMs, end - offsetMs) };
        if (stretch.fromMs < stretch.untilMs) found.push(stretch);
      }
    }
  }
  return merged(found);
}

/** What two lists of stretches have in common; `one` is merged and in order. */
export function within(one: readonly Stretch[], other: Stretch): readonly Stretch[] {
  return one
    .map(({ fromMs, untilMs }) => ({
      fromMs: Math.max(fromMs, other.fromMs),
      untilMs: Math.min(untilMs, other.untilMs),
    }))
    .filter(({ fromMs, untilMs }) => fromMs < untilMs);
}

/** The windows that start on a day: of an exception, else of a holiday, else of the week. */
function windowsOn(
  { weekly, holidays, exceptions }: Pick<Schedule, 'weekly' | 'holidays' | 'exceptions'>,
  date: string,
): readonly DayWindow[] {
  const special = exceptions.find((day) => day.date === date) ?? holidays.find((day) => day.date === date);
  if (special !== undefined) return special.windows;
  const weekday = WEEKDAYS[(new Date(`${date}T00:00Z`).getUTCDay() + 6) % 7];
  return weekly.filter(({ days }) => weekday !== undefined && days.includes(weekday));
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

interface OffsetStretch extends Stretch {
  readonly offsetMs: number;
}

/** Stretches of one offset from UTC each, from one moment to another. */
function offsetStretches(zone: string, fromMs: number, untilMs: number): readonly OffsetStretch[] {
  const found: OffsetStretch[] = [];
  let begin = fromMs;
  let offsetMs = offsetAt(fromMs, zone);
  for (let at = fromMs; at < untilMs; ) {
    const next = Math.min(at + DAY_MS, untilMs);
    const then = offsetAt(next, zone);
    if (then !== offsetMs) {
      const change = changeBetween(at, next, offsetMs, zone);
      found.push({ fromMs: begin, untilMs: change, offsetMs });
      begin = change;
      offsetMs = offsetAt(change, zone);
      at = change;
    } else at = next;
  }
  found.push({ fromMs: begin, untilMs, offsetMs });
  return found;
}

/** The first whole minute after `low` at which the offset is not `offsetMs` any more. */
function changeBetween(low: number, high: number, offsetMs: number, zone: string): number {
  let [before, after] = [low, high];
  while (after - before > MINUTE_MS) {
    const middle = before + Math.floor((after - before) / (2 * MINUTE_MS)) * MINUTE_MS;
    if (offsetAt(middle, zone) === offsetMs) before = middle;
    else after = middle;
  }
  return after;
}

function offsetAt(at: number, zone: string): number {
  const { date, time } = wallClock(at, zone);
  return Date.parse(`${date}T${time}Z`) - Math.floor(at / MINUTE_MS) * MINUTE_MS;
}

function merged(stretches: readonly Stretch[]): readonly Stretch[] {
  const result: Stretch[] = [];
  for (const stretch of [...stretches].sort((a, b) => a.fromMs - b.fromMs)) {
    const last = result.at(-1);
    if (last !== undefined && stretch.fromMs <= last.untilMs) {
      result[result.length - 1] = { fromMs: last.fromMs, untilMs: Math.max(last.untilMs, stretch.untilMs) };
    } else result.push(stretch);
  }
  return result;
}
