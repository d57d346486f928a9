import type { Say } from '@cardea/client-ui';

const HOUR_S = 3_600;
const DAY_S = 24 * HOUR_S;
/** What a new property has. */
export const USUAL_LEASE_S: number = DAY_S;
const CHOICES_S = [HOUR_S, 8 * HOUR_S, DAY_S, 7 * DAY_S, 31 * DAY_S];

/** The leases to choose from, seconds, from the shortest up; `present` among them where it is another. */
export function leaseChoices(present: number | null): readonly number[] {
  if (present === null || CHOICES_S.includes(present)) return CHOICES_S;
  return [...CHOICES_S, present].sort((a, b) => a - b);
}

/** A lease of `seconds` in words, in its largest whole unit. */
export function leaseWords(seconds: number, say: Say<'minutes' | 'hours' | 'days'>): string {
  if (seconds % DAY_S === 0) return say('days', { count: seconds / DAY_S });
  if (seconds % HOUR_S === 0) return say('hours', { count: seconds / HOUR_S });
  return say('minutes', { count: Math.round(seconds / 60) });
}
