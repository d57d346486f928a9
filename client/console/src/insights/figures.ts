import { language, type Say, type Texts } from '@cardea/client-ui';
import type { Statistics } from '@cardea/wire-api';
import type { insightTexts, reasonTexts } from './texts.ts';

type KeyOf<T> = T extends Texts<infer Key> ? Key : never;
export type SayInsight = Say<KeyOf<typeof insightTexts>>;
export type SayReason = Say<KeyOf<typeof reasonTexts>>;

/** The ways in the order in which they are shown; each is a key of the texts. */
export const WAYS = ['key', 'card', 'pin', 'remote', 'inside', 'mode', 'other'] as const;

/** A number as people of the language at hand write it. */
export function formatNumber(value: number, digits = 0): string {
  return new Intl.NumberFormat(language() === 'zh' ? 'zh-CN' : 'en-GB', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value);
}

/** Whole percent; 0 of 0 is 0. */
export function percentOf(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((part / whole) * 100);
}

/** `1.4 s`, from milliseconds; `–` where there is none. */
export function formatDuration(say: SayInsight, ms: number | null): string {
  return ms === null ? '–' : say('seconds', { value: formatNumber(ms / 1000, 1) });
}

/** A bucket by its beginning: `21 Nov`, by the hour `21 Nov, 14:00`. */
export function bucketLabel(
  { bucket, time_zone: timeZone }: Pick<Statistics, 'bucket' | 'time_zone'>,
  start: string,
): string {
  const parts: Intl.DateTimeFormatOptions = { timeZone, day: 'numeric', month: 'short' };
  if (bucket === 'hour') Object.assign(parts, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  return new Intl.DateTimeFormat(language() === 'zh' ? 'zh-CN' : 'en-GB', parts).format(new Date(start));
}

/** How many of all, over the whole period. */
export function totalOf(counts: Statistics['openings']): number {
  return WAYS.reduce((sum, way) => sum + counts[way], 0);
}
