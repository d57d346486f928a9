import { addDays, startOfDay, wallClock } from '@cardea/client-ui';

/** One day of a zone. Moments are Unix ms; with daylight saving a day has 23 or 25 hours. */
export interface CalendarDay {
  /** `2026-03-29` */
  readonly date: string;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** How much is shown at once. */
export type Span = 'week' | 'fortnight' | 'month';

/** The days of a zone (IANA) of a span that holds `date`: weeks begin on Monday, a month on its first. */
export function daysOf(date: string, span: Span, zone: string): readonly CalendarDay[] {
  const first = firstOf(date, span);
  const count = span === 'week' ? 7 : span === 'fortnight' ? 14 : daysInMonth(first);
  const starts = Array.from({ length: count + 1 }, (_, at) => startOfDay(addDays(first, at), zone));
  return Array.from({ length: count }, (_, at) => ({
    date: addDays(first, at),
    fromMs: starts[at] ?? 0,
    untilMs: starts[at + 1] ?? 0,
  }));
}

/** A date in the span before (-1) or after (1) the one that holds `date`. */
export function otherSpan(date: string, span: Span, step: -1 | 1): string {
  const first = firstOf(date, span);
  if (span !== 'month') return addDays(first, step * (span === 'week' ? 7 : 14));
  return step === 1 ? addDays(first, daysInMonth(first)) : addDays(first, -1);
}

/** Today in a zone, as a date. */
export function todayOf(nowMs: number, zone: string): string {
  return wallClock(nowMs, zone).date;
}

function firstOf(date: string, span: Span): string {
  if (span === 'month') return `${date.slice(0, 8)}01`;
  const weekday = (new Date(`${date}T00:00Z`).getUTCDay() + 6) % 7;
  return addDays(date, -weekday);
}

function daysInMonth(first: string): number {
  const [year = 0, month = 0] = first.split('-').map(Number);
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}
