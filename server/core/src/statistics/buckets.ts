import { wallClock } from '../schedule/wall-clock.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** No zone is further from UTC. */
const ZONE_MOST_MS = 15 * HOUR_MS;

/** A local day or hour. */
export type Bucket = 'day' | 'hour';

/** The local days or hours that a range touches, in their order, and to which of them a moment belongs. */
export interface Buckets {
  /** When each begins, Unix ms; the first may begin before the range. */
  readonly starts: readonly number[];
  /** The number of the one that a moment of the range belongs to. */
  of(atMs: number): number;
}

/**
 * The buckets of [`fromMs`, `toMs`) by the clocks of a zone (IANA): a day on which they are changed has 23 or 25 hours; an
 * hour that they repeat is two, one that they skip is none.
 */
export function bucketsOf(bucket: Bucket, timeZone: string, fromMs: number, toMs: number): Buckets {
  return bucket === 'day' ? days(timeZone, fromMs, toMs) : hours(timeZone, fromMs, toMs);
}

function days(timeZone: string, fromMs: number, toMs: number): Buckets {
  const first = wallClock(timeZone, fromMs).day;
  const last = wallClock(timeZone, toMs - 1).day;
  return {
    starts: Array.from({ length: last - first + 1 }, (_, n) => startOfDay(timeZone, first + n)),
    of: (atMs) => wallClock(timeZone, atMs).day - first,
  };
}

/** The first moment at which the clocks show a local day (days since 1970-01-01), where they skip midnight the first after it. */
function startOfDay(timeZone: string, day: number): number {
  let before = day * DAY_MS - ZONE_MOST_MS;
  let from = day * DAY_MS + ZONE_MOST_MS;
  while (from - before > MINUTE_MS) {
    const middle = before + Math.floor((from - before) / 2 / MINUTE_MS) * MINUTE_MS;
    if (wallClock(timeZone, middle).day < day) before = middle;
    else from = middle;
  }
  return from;
}

function hours(timeZone: string, fromMs: number, toMs: number): Buckets {
  const starts: number[] = [];
  for (let at = startOfHour(timeZone, fromMs); at < toMs; at = startOfHour(timeZone, at + HOUR_MS)) starts.push(at);
  const numbers = new Map(starts.map((start, number) => [start, number]));
  return { starts, of: (atMs) => numbers.get(startOfHour(timeZone, atMs)) ?? 0 };
}

/** The moment at which the clocks, as they are set at `atMs`, showed the full hour. */
function startOfHour(timeZone: string, atMs: number): number {
  const { minute } = wallClock(timeZone, atMs);
  return Math.floor(atMs / MINUTE_MS) * MINUTE_MS - (minute % 60) * MINUTE_MS;
}
