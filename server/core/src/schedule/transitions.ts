import { Temporal } from 'temporal-polyfill';

/** A change of a zone's offset from UTC. */
export interface Transition {
  /** The first moment of the new offset, Unix seconds. */
  readonly atS: number;
  readonly offsetBeforeMin: number;
  readonly offsetMin: number;
}

const MINUTE_NS = 60_000_000_000;

/** The offset from UTC at a moment, in minutes. Zones have whole minutes since 1972. */
export function offsetAt(timeZone: string, atS: number): number {
  return offsetOf(Temporal.Instant.fromEpochMilliseconds(atS * 1000).toZonedDateTimeISO(timeZone));
}

/** The transitions of a zone after `fromS` up to `untilS`, in their order. */
export function transitionsOf(timeZone: string, fromS: number, untilS: number): readonly Transition[] {
  const all: Transition[] = [];
  let at = Temporal.Instant.fromEpochMilliseconds(fromS * 1000).toZonedDateTimeISO(timeZone);
  for (;;) {
    const next = at.getTimeZoneTransition('next');
    if (next === null || next.epochMilliseconds > untilS * 1000) return all;
    const offsetBeforeMin = offsetOf(next.subtract({ nanoseconds: 1 }));
    const offsetMin = offsetOf(next);
    // The name or the rule may change while the clocks stay.
    if (offsetMin !== offsetBeforeMin) all.push({ atS: next.epochMilliseconds / 1000, offsetBeforeMin, offsetMin });
    at = next;
  }
}

function offsetOf(local: Temporal.ZonedDateTime): number {
  return Math.round(local.offsetNanoseconds / MINUTE_NS);
}
