import { wallClock } from '@cardea/client-ui';
import type { Stay } from '@cardea/wire-api';

/** What the desk has to do with stays on a day. */
export interface DeskDay {
  /** Reserved from this day or before: whoever comes. */
  readonly arrivals: readonly Stay[];
  /** Checked in, whoever leaves today included. */
  readonly inHouse: readonly Stay[];
  /** Checked in up to this day or before: whoever leaves. */
  readonly departures: readonly Stay[];
  /** Reserved from a later day on. */
  readonly later: readonly Stay[];
}

/** Sorts stays for the desk on a day (`2026-11-21`) of a zone (IANA); those that are over are nowhere. */
export function deskDay(stays: readonly Stay[], today: string, zone: string): DeskDay {
  const reserved = stays.filter(({ state }) => state === 'reserved').sort(by('from'));
  const inHouse = stays.filter(({ state }) => state === 'checked_in').sort(by('to'));
  const dayOf = (at: string): string => wallClock(at, zone).date;
  return {
    arrivals: reserved.filter(({ from }) => dayOf(from) <= today),
    later: reserved.filter(({ from }) => dayOf(from) > today),
    inHouse,
    departures: inHouse.filter(({ to }) => dayOf(to) <= today),
  };
}

function by(end: 'from' | 'to'): (one: Stay, other: Stay) => number {
  return (one, other) => Date.parse(one[end]) - Date.parse(other[end]) || (one.id < other.id ? -1 : 1);
}
