import type { Grant, Schedule } from '../model.ts';
import { openStretch, type Stretch } from '../schedule/open-stretch.ts';

/**
 * The stretch in which a grant's window and schedule let somebody in: the one that has begun by `at` (then `from` is `at`),
 * or else the next one; undefined when none comes, by a schedule within 400 days.
 */
export function openingSpan(
  { notBefore, notAfter, scheduleId }: Pick<Grant, 'notBefore' | 'notAfter' | 'scheduleId'>,
  schedule: Schedule | undefined,
  timeZone: string,
  at: number,
): Stretch | undefined {
  const earliest = Math.max(at, notBefore);
  const open =
    scheduleId === null
      ? { from: earliest, until: null }
      : schedule === undefined
        ? undefined
        : openStretch(schedule, timeZone, earliest);
  if (open === undefined || (notAfter !== null && open.from >= notAfter)) return undefined;
  return { from: open.from, until: earlier(open.until, notAfter) };
}

/** Of the spans of several grants: the one that begins first, going on for as long as any that begins then. */
export function firstSpan(spans: readonly Stretch[]): Stretch | undefined {
  const from = Math.min(...spans.map((span) => span.from));
  const untils = spans.filter((span) => span.from === from).map(({ until }) => until);
  if (untils.length === 0) return undefined;
  const ends = untils.filter((until) => until !== null);
  return { from, until: ends.length < untils.length ? null : Math.max(...ends) };
}

function earlier(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}
