import type { Schedule } from '../model.ts';
import { dateOfDay } from './civil.ts';
import { DAY_MIN, windowsOfDay } from './minutes.ts';
import { type Transition, transitionsOf } from './transitions.ts';
import { weekdayOfDay } from './wall-clock.ts';

/** How far ahead is looked. */
const LOOK_AHEAD_S = 400 * 86_400;

/** A window that a change of the clocks makes shorter or longer than it reads. */
export interface ScheduleNotice {
  /** Local date on which the window starts. */
  readonly date: string;
  readonly startMin: number;
  readonly endMin: number;
  /** Whether the clocks skip part of the window or repeat it. */
  readonly clocks: 'skip' | 'repeat';
  /** When the clocks change, Unix ms. */
  readonly changesAt: number;
  /** How long the window reads, and how long it is open; 0: not at all. */
  readonly readsMin: number;
  readonly lastsMin: number;
}

/**
 * The windows of a schedule that touch a gap or fold of its zone within 400 days, or within the window of a grant:
 * what daylight saving skips is not there, what it repeats is open twice, and this says so when it is made.
 */
export function scheduleNotices(
  schedule: Pick<Schedule, 'weekly' | 'holidays' | 'exceptions'>,
  timeZone: string,
  nowMs: number,
  within: { readonly notBefore: number; readonly notAfter: number | null } = { notBefore: nowMs, notAfter: null },
): readonly ScheduleNotice[] {
  const fromS = Math.floor(Math.max(nowMs, within.notBefore) / 1000);
  const untilS = Math.min(Math.floor((within.notAfter ?? Number.POSITIVE_INFINITY) / 1000), fromS + LOOK_AHEAD_S);
  return transitionsOf(timeZone, fromS, untilS).flatMap((transition) => noticesAt(schedule, transition));
}

/** Windows that touch what one transition skips or repeats. Both are stretches of the wall clock, in minutes since 1970. */
function noticesAt(
  schedule: Pick<Schedule, 'weekly' | 'holidays' | 'exceptions'>,
  { atS, offsetBeforeMin, offsetMin }: Transition,
): readonly ScheduleNotice[] {
  const clocks = offsetMin > offsetBeforeMin ? 'skip' : 'repeat';
  const least = atS / 60 + Math.min(offsetBeforeMin, offsetMin);
  const most = atS / 60 + Math.max(offsetBeforeMin, offsetMin);
  const notices: ScheduleNotice[] = [];
  for (let day = Math.floor(least / DAY_MIN) - 1; day * DAY_MIN < most; day++) {
    const date = dateOfDay(day);
    for (const { startMin, endMin } of windowsOfDay(schedule, { date, weekday: weekdayOfDay(day) })) {
      const from = Math.max(least, day * DAY_MIN + startMin);
      const touched = Math.min(most, day * DAY_MIN + endMin) - from;
      if (touched <= 0) continue;
      const readsMin = endMin - startMin;
      const lastsMin = clocks === 'skip' ? readsMin - touched : readsMin + touched;
      notices.push({ date, startMin, endMin, clocks, changesAt: atS * 1000, readsMin, lastsMin });
    }
  }
  return notices;
}
