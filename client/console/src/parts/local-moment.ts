import { momentsOf, wallClock } from '@cardea/client-ui';

/** A moment (RFC 3339) as a field of a zone (IANA) holds it, `2026-03-29T14:05`; null as empty. */
export function toLocal(at: string | null, zone: string): string {
  if (at === null) return '';
  const { date, time } = wallClock(at, zone);
  return `${date}T${time}`;
}

/**
 * The moment (RFC 3339) that a field of a zone holds. Where daylight saving repeats the time, the first for a beginning and
 * the last for an end, so that nobody has less than is written. Undefined where it is no time: empty, or an hour that
 * daylight saving skips.
 */
export function fromLocal(local: string, zone: string, end: 'from' | 'until'): string | undefined {
  const moments = momentsOf(local, zone);
  const at = end === 'from' ? moments[0] : moments.at(-1);
  return at === undefined ? undefined : new Date(at).toISOString();
}
