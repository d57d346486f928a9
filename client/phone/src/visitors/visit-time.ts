import { momentsOf, wallClock } from '@cardea/client-ui';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** A moment (Unix ms) as a field of date and time of a zone (IANA) holds it: `2026-11-21T14:05`. */
export function toField(at: number, zone: string): string {
  const { date, time } = wallClock(at, zone);
  return `${date}T${time}`;
}

/** What the form begins with: from this minute to the same time tomorrow. */
export function usualVisit(now: number, zone: string): { readonly from: string; readonly until: string } {
  const minute = Math.floor(now / MINUTE_MS) * MINUTE_MS;
  return { from: toField(minute, zone), until: toField(minute + DAY_MS, zone) };
}

/**
 * Beginning and end of a visit in the form of the API; an end that comes twice is the later one. What has begun by `now` (Unix
 * ms) begins at once, without a moment: the minute in the field may be from before the host's own grant. Undefined: no such time.
 */
export function visitOf(
  { from, until }: { readonly from: string; readonly until: string },
  zone: string,
  now: number,
): { readonly not_before?: string; readonly not_after: string } | undefined {
  const begin = momentsOf(from, zone)[0];
  const end = momentsOf(until, zone).at(-1);
  if (begin === undefined || end === undefined || end <= begin) return undefined;
  return {
    ...(begin > now && { not_before: new Date(begin).toISOString() }),
    not_after: new Date(end).toISOString(),
  };
}
