import type { Right, Span } from './plan.ts';

/** What a property allows while its RAS is away. */
export interface HotelPolicy {
  readonly name: string;
  /** The longest lease of a key, ms; undefined: every opening is decided by the RAS. */
  readonly leaseMs: number | undefined;
  /** Guests are given a PIN of ten digits at check-in, too. */
  readonly offlinePins: boolean;
}

const HOUR_MS = 3_600_000;

/** No key at all, then leases of an hour to three days; each with and without offline PINs. */
export const POLICIES: readonly HotelPolicy[] = [undefined, 1, 8, 24, 72].flatMap((hours) =>
  [false, true].map((offlinePins) => ({
    name: `${hours === undefined ? 'offline off' : `lease ${hours} h`}${offlinePins ? ', offline PINs' : ''}`,
    leaseMs: hours === undefined ? undefined : hours * HOUR_MS,
    offlinePins,
  })),
);

/** A phone in a pocket is let on the network so often. */
const BACKGROUND_MS = 15 * 60_000;

/** Whether the RAS is there. */
export function isUp(outages: readonly Span[], atMs: number): boolean {
  return !outages.some(({ fromMs, toMs }) => atMs >= fromMs && atMs < toMs);
}

/** When the RAS is there for the first time from `atMs` on. */
export function nextUpMs(outages: readonly Span[], atMs: number): number {
  const away = outages.find(({ fromMs, toMs }) => atMs >= fromMs && atMs < toMs);
  return away === undefined ? atMs : nextUpMs(outages, away.toMs);
}

/**
 * When the phone last fetched its key before `atMs`: at check-in, then in the background whenever half of the lease was
 * over and the RAS was there. Undefined when it has not got any yet: the desk could not check its guest in.
 */
export function lastFetchMs(right: Right, leaseMs: number, outages: readonly Span[], atMs: number): number | undefined {
  let fetchedMs = nextUpMs(outages, right.fromMs);
  if (fetchedMs > atMs) return undefined;
  for (;;) {
    const dueMs = Math.ceil((fetchedMs + leaseMs / 2) / BACKGROUND_MS) * BACKGROUND_MS;
    const nextMs = nextUpMs(outages, dueMs);
    if (nextMs > atMs || fetchedMs + leaseMs >= right.toMs) return fetchedMs;
    fetchedMs = nextMs;
  }
}
