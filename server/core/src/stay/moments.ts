import { Temporal } from 'temporal-polyfill';
import type { Property } from '../model.ts';

/** A moment as people and files write it; a date alone means the property's time of arriving or leaving. */
export type Moment =
  | { readonly kind: 'date'; readonly date: string }
  /** Without a zone: the property's. */
  | { readonly kind: 'local'; readonly at: string; readonly timeZone?: string }
  | { readonly kind: 'utc'; readonly ms: number };

const DATE = /^\d{4}-\d\d-\d\d$/;
const LOCAL = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/;
const ABSOLUTE = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;

/** A moment by its looks: `2026-03-01`, `2026-03-01T14:00`, or with `Z` or an offset; undefined when it is none. */
export function momentOf(text: string): Moment | undefined {
  try {
    if (DATE.test(text)) return { kind: 'date', date: Temporal.PlainDate.from(text, strict).toString() };
    if (LOCAL.test(text)) return { kind: 'local', at: Temporal.PlainDateTime.from(text, strict).toString() };
    if (ABSOLUTE.test(text)) return { kind: 'utc', ms: wholeSeconds(Temporal.Instant.from(text).epochMilliseconds) };
  } catch (error) {
    // A day that no calendar has.
    if (!(error instanceof RangeError)) throw error;
  }
  return undefined;
}

const strict = { overflow: 'reject' } as const;

/** Whether this is a zone that the server knows. */
export function isZone(timeZone: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(timeZone);
    return /^[A-Za-z]/.test(timeZone);
  } catch {
    return false;
  }
}

/**
 * The moment in Unix ms at a property. A time that daylight saving repeats is its first occurrence for who arrives and its
 * second for who leaves; of one that it skips the guest has the longer side too (docs/hotel.md).
 */
export function resolve(
  moment: Moment,
  { timeZone, checkInTime, checkOutTime }: Pick<Property, 'timeZone' | 'checkInTime' | 'checkOutTime'>,
  which: 'arrival' | 'departure',
): number {
  if (moment.kind === 'utc') return moment.ms;
  const time = which === 'arrival' ? checkInTime : checkOutTime;
  const local = moment.kind === 'date' ? `${moment.date}T${time}` : moment.at;
  const zone = (moment.kind === 'local' ? moment.timeZone : undefined) ?? timeZone;
  const disambiguation = which === 'arrival' ? 'earlier' : 'later';
  return Temporal.PlainDateTime.from(local).toZonedDateTime(zone, { disambiguation }).epochMilliseconds;
}

function wholeSeconds(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}
