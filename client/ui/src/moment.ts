import { language } from './texts.ts';

/** A moment (RFC 3339) as people of a zone (IANA) read it: `21 Nov 2026, 14:05`. With the zone's short name where `named`. */
export function formatMoment(at: string, zone: string, { seconds = false, named = false } = {}): string {
  return new Intl.DateTimeFormat(locale(), {
    timeZone: zone,
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...(seconds && { second: '2-digit' }),
    ...(named && { timeZoneName: 'short' }),
  }).format(new Date(at));
}

/** The time of day alone: `14:05`, or `14:05:09`. */
export function formatTimeOfDay(at: string, zone: string, { seconds = false } = {}): string {
  return new Intl.DateTimeFormat(locale(), {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...(seconds && { second: '2-digit' }),
  }).format(new Date(at));
}

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
  return new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' }).format(Math.round(seconds / size), unit);
}

const locale = (): string => (language() === 'zh' ? 'zh-CN' : 'en-GB');
