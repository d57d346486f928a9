import { language, say } from '@cardea/client-ui';
import type { DayWindow, Schedule, WeeklyWindow } from '@cardea/wire-api';
import { endsNextDay, runsOf } from './draft.ts';
import { scheduleTexts } from './texts.ts';

/** A Monday: days of the week are named by the days after it. */
const SOME_MONDAY = '2024-01-01';

/** The short or long name of a day of the week; 0 is Monday. */
export function weekdayName(at: number, width: 'short' | 'long' = 'short'): string {
  const date = new Date(Date.parse(`${SOME_MONDAY}T00:00Z`) + at * 86_400_000);
  const locale = language() === 'zh' ? 'zh-CN' : 'en-GB';
  return new Intl.DateTimeFormat(locale, { timeZone: 'UTC', weekday: width }).format(date);
}

/** `08:00–18:00`, or `22:00–06:00 (next day)`. */
export function windowWords(window: DayWindow): string {
  const to = window.to === '00:00' ? '24:00' : window.to;
  const times = `${window.from}–${to}`;
  return endsNextDay(window) && window.to !== '00:00' ? say(scheduleTexts, 'nextDay', { times }) : times;
}

/** `Mon–Fri 08:00–18:00`. */
export function weeklyWords({ days, ...window }: WeeklyWindow): string {
  const runs = runsOf(days);
  const whole = runs[0]?.[0] === 0 && runs[0][1] === 6;
  const names = whole
    ? say(scheduleTexts, 'daily')
    : runs
        .map(([first, last]) => (first === last ? weekdayName(first) : `${weekdayName(first)}–${weekdayName(last)}`))
        .join(', ');
  return `${names} ${windowWords(window)}`;
}

/** A whole schedule in a line: its week, and how many days differ. */
export function scheduleWords({
  weekly,
  holidays,
  exceptions,
}: Pick<Schedule, 'weekly' | 'holidays' | 'exceptions'>): string {
  const week = weekly.length === 0 ? say(scheduleTexts, 'neverOpen') : weekly.map(weeklyWords).join('; ');
  const differing = holidays.length + exceptions.length;
  return differing === 0 ? week : `${week} · ${say(scheduleTexts, 'daysDiffer', { count: differing })}`;
}
