/** A moment as the clocks on the wall of a zone show it. */
export interface WallClock {
  /** `2026-03-29` */
  readonly date: string;
  /** `14:05` */
  readonly time: string;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** What the clocks of a zone (IANA) show at a moment (RFC 3339, or Unix ms). */
export function wallClock(at: string | number, zone: string): WallClock {
  const parts = new Map(
    clockOf(zone)
      .formatToParts(new Date(at))
      .map(({ type, value }) => [type, value]),
  );
  const of = (part: Intl.DateTimeFormatPartTypes): string => parts.get(part) ?? '';
  return {
    date: `${of('year').padStart(4, '0')}-${of('month')}-${of('day')}`,
    time: `${of('hour')}:${of('minute')}`,
  };
}

/**
 * The moments (Unix ms, in order) at which the clocks of a zone show `local` (`2026-03-29T02:30`): two where daylight saving
 * repeats it, none where it skips it, or where it is no time at all.
 */
export function momentsOf(local: string, zone: string): readonly number[] {
  const asUtc = Date.parse(`${local}Z`);
  // Some engines take the 31st of February for the 3rd of March.
  if (Number.isNaN(asUtc) || new Date(asUtc).toISOString().slice(0, 16) !== local) return [];
  const offsets = [asUtc - DAY_MS, asUtc + DAY_MS].map((at) => offsetMs(at, zone));
  return [...new Set(offsets.map((offset) => asUtc - offset))]
    .filter((at) => at + offsetMs(at, zone) === asUtc)
    .sort((a, b) => a - b);
}

/** When a day (`2026-03-29`) begins in a zone, Unix ms; where daylight saving skips midnight, when the clocks are set on. */
export function startOfDay(date: string, zone: string): number {
  const [first] = momentsOf(`${date}T00:00`, zone);
  if (first !== undefined) return first;
  const asUtc = Date.parse(`${date}T00:00Z`);
  return asUtc - offsetMs(asUtc - DAY_MS, zone);
}

/** The day `days` after a day; by the calendar, so that daylight saving is of no matter. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** How much a zone's clocks are ahead of UTC at a moment (Unix ms), milliseconds in whole minutes. */
function offsetMs(at: number, zone: string): number {
  const { date, time } = wallClock(at, zone);
  return Date.parse(`${date}T${time}Z`) - Math.floor(at / MINUTE_MS) * MINUTE_MS;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** Formats are dear to make and cheap to keep. */
function clockOf(zone: string): Intl.DateTimeFormat {
  const known = clocks.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  clocks.set(zone, made);
  return made;
}
