import type { Event } from '../model.ts';

/** How many of a lock's newest events are looked at after a start. */
export const EVENTS_LOOKED_AT = 64;

/**
 * The sequence up to which the record holds everything that the lock still had to tell. Alarms come before older events
 * (tamper first), so the newest sequence is not it: the lock would be told to forget what never came. A gap that the
 * lock itself has declared (`events_lost`, whose actor is the last one lost) is none.
 */
export function durableUpTo(newest: readonly Event[]): number {
  const known = newest
    .flatMap(({ lockSequence }) => (lockSequence === null ? [] : [lockSequence]))
    .sort((a, b) => a - b);
  const lostUpTo = newest.reduce(
    (most, { type, detail }) => Math.max(most, type === 'lock.events_lost' ? Number(detail.actor) : 0),
    0,
  );
  let upTo = known.length === 0 ? 0 : Math.max((known[0] ?? 1) - 1, lostUpTo);
  for (const sequence of known) if (sequence === upTo + 1) upTo = sequence;
  return upTo;
}
