import { language } from './texts.ts';

/** A moment (RFC 3339) as people of a zone (IANA) read it: `21 Nov 2026, 14:05`. With the zone's short name where `named`. */
export function formatMoment(at: string, zone: string, { seconds = false, named = false } = {}): string {
  return zoned(zone, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    ...TIME_OF_DAY,
    ...(seconds && SECONDS),
    ...(named && { timeZoneName: 'short' }),
  }).format(new Date(at));
}

/** The time of day alone: `14:05`, or `14:05:09`. */
export function formatTimeOfDay(at: string, zone: string, { seconds = false } = {}): string {
  return zoned(zone, { ...TIME_OF_DAY, ...(seconds && SECONDS) }).format(new Date(at));
}

/** A date of a calendar (`2026-03-29`) as it is read: `Sun, 29 Mar 2026`. */
export function formatDay(date: string): string {
  const options = { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' } as const;
  return zoned('UTC', options).format(new Date(`${date}T00:00Z`));
}

const TIME_OF_DAY = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
const SECONDS = { second: '2-digit' } as const;

const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
];

/** How long ago or ahead, in its largest unit: `3 minutes ago`, `in 2 hours`. */
export function formatDistance(at: string, now: number): string {
  const seconds = (Date.parse(at) - now) / 1000;
  const [unit, size] = STEPS.find(([, one]) => Math.abs(seconds) >= one) ?? (['second', 1] as const);
  const distance = kept(distances, locale(), () => new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' }));
  return distance.format(Math.round(seconds / size), unit);
}

const locale = (): string => (language() === 'zh' ? 'zh-CN' : 'en-GB');

// A browser takes longer to make one of these than to write a whole list of moments with it.
const moments = new Map<string, Intl.DateTimeFormat>();
const distances = new Map<string, Intl.RelativeTimeFormat>();

function zoned(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify([locale(), zone, options]);
  return kept(moments, key, () => new Intl.DateTimeFormat(locale(), { timeZone: zone, ...options }));
}

function kept<T>(where: Map<string, T>, key: string, make: () => T): T {
  const known = where.get(key) ?? make();
  where.set(key, known);
  return known;
}
