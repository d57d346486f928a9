import { seededRandom } from '@cardea/kit-node';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** The seeded week of a hotel: who may open what from when to when, who goes where, and when the RAS is not there. */
export interface HotelPlan {
  /** Unix ms: a Monday, 00:00 UTC. */
  readonly beginMs: number;
  readonly endMs: number;
  readonly doors: number;
  readonly rights: readonly Right[];
  /** In order of time. */
  readonly openings: readonly PlannedOpening[];
  readonly outages: readonly Span[];
}

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A guest's room, or one of the doors of a member of staff. */
export interface Right extends Span {
  readonly door: number;
  /** Index of the phone that holds it; undefined for a guest who only has a PIN. */
  readonly phone: number | undefined;
  readonly staff: boolean;
}

export interface PlannedOpening {
  readonly atMs: number;
  /** Index into {@link HotelPlan.rights}. */
  readonly right: number;
}

/** How big a hotel, and which week of it. */
export interface HotelSize {
  readonly doors: number;
  readonly days: number;
  readonly seed: number;
}

/** 18 January 2027 is a Monday. */
const BEGIN_MS = Date.UTC(2027, 0, 18);
/** Hours for which the RAS is away, one after the other, spread over the week. */
const OUTAGE_HOURS = [0.5, 2, 5, 14, 30];
const CLEANERS = 8;
/** Share of guests who have no phone with them, and of nights on which a room is taken. */
const WITH_PIN = 0.2;
const OCCUPANCY = 0.85;

/** The same week for the same seed. */
export function planHotel({ doors, days, seed }: HotelSize): HotelPlan {
  const draw = dice(seed);
  const endMs = BEGIN_MS + days * DAY_MS;
  const rights: Right[] = [];
  const openings: PlannedOpening[] = [];
  let phones = 0;

  for (let door = 0; door < doors; door++) {
    // The hotel was full before the week began: the first stays begin on the days before it.
    let day = -draw.below(4);
    while (day < days) {
      const nights = 1 + draw.below(4);
      if (draw.share() < OCCUPANCY) {
        const fromMs = BEGIN_MS + day * DAY_MS + 15 * HOUR_MS + draw.below(6 * 60) * MINUTE_MS;
        const toMs = BEGIN_MS + (day + nights) * DAY_MS + 11 * HOUR_MS;
        const phone = draw.share() < WITH_PIN ? undefined : phones++;
        const right = rights.push({ door, fromMs, toMs, phone, staff: false }) - 1;
        // The first opening follows the desk; then some a day, between seven and midnight.
        openings.push({ atMs: fromMs + (2 + draw.below(20)) * MINUTE_MS, right });
        for (let one = day; one <= day + nights; one++) {
          for (let times = 2 + draw.below(5); times > 0; times--) {
            openings.push({ atMs: BEGIN_MS + one * DAY_MS + 7 * HOUR_MS + draw.below(17 * 60) * MINUTE_MS, right });
          }
        }
      }
      day += nights;
    }
  }
  for (let cleaner = 0; cleaner < CLEANERS; cleaner++) {
    const phone = phones++;
    for (let door = cleaner; door < doors; door += CLEANERS) {
      const right = rights.push({ door, fromMs: BEGIN_MS - DAY_MS, toMs: endMs + DAY_MS, phone, staff: true }) - 1;
      for (let day = 0; day < days; day++) {
        openings.push({ atMs: BEGIN_MS + day * DAY_MS + 9 * HOUR_MS + draw.below(5 * 60) * MINUTE_MS, right });
      }
    }
  }
  const inTime = ({ atMs, right }: PlannedOpening): boolean => {
    const { fromMs = 0, toMs = 0 } = rights[right] ?? {};
    return atMs >= Math.max(fromMs, BEGIN_MS) && atMs < Math.min(toMs, endMs);
  };
  return {
    beginMs: BEGIN_MS,
    endMs,
    doors,
    rights,
    openings: openings.filter(inTime).sort((a, b) => a.atMs - b.atMs),
    outages: planOutages(days, draw),
  };
}

/** Outages that do not meet: each somewhere in its own part of the week. */
function planOutages(days: number, draw: Dice): readonly Span[] {
  const partMs = (days * DAY_MS) / OUTAGE_HOURS.length;
  return OUTAGE_HOURS.map((hours, at) => {
    const lastsMs = Math.min(hours * HOUR_MS, partMs - HOUR_MS);
    const fromMs = BEGIN_MS + at * partMs + Math.floor(draw.share() * (partMs - lastsMs));
    return { fromMs, toMs: fromMs + lastsMs };
  });
}

interface Dice {
  /** A whole number from 0 to `limit` - 1. */
  below(limit: number): number;
  /** From 0 to 1. */
  share(): number;
}

function dice(seed: number): Dice {
  const random = seededRandom(`hotel ${seed}`);
  // Cut from blocks, since each call of the generator begins a new one.
  let pool = random.octets(4096);
  const word = (): number => {
    if (pool.length < 4) pool = random.octets(4096);
    const [a = 0, b = 0, c = 0, d = 0] = pool;
    pool = pool.subarray(4);
    return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
  };
  return { below: (limit) => word() % limit, share: () => word() / 2 ** 32 };
}
