import type { Event } from '../model.ts';

/** How many of a lock's newest events are looked at after a start. */
export const EVENTS_LOOKED_AT = 64;

/**
 * The sequence up to which the record holds everything that the lock still had to tell. Alarms come before older events
 * (tamper first), so the newest sequence is not it: the lock would be told to forget what never came. A gap that the
 * lock itself has declared (`events_lost`, whose actor is the last one lost) is none. What was received before the record
 * came back from a backup (`restoredAt`) says nothing: the lock may have handed over more since, and forgotten it.
 */
export function durableUpTo(newest: readonly Event[], restoredAt = 0): number {
  const heard = newest.filter(({ receivedAt }) => receivedAt >= restoredAt);
  // What a phone has carried may lie beyond much that the lock still owes: it says nothing of what comes before it.
  const told = heard.filter(({ detail }) => detail.carried_by === undefined);
  const known = heard
    .flatMap(({ lockSequence }) => (lockSequence === null ? [] : [lockSequence]))
    .sort((a, b) => a - b);
  const lostUpTo = heard.reduce(
    (most, { type, detail }) => Math.max(most, type === 'lock.events_lost' ? Number(detail.actor) : 0),
    0,
  );
  // A lock tells its oldest first, but for what is urgent: only the first ordinary one says that nothing is owed before it.
  const first = Math.min(
    ...told.flatMap(({ lockSequence, type }) => (lockSequence === null || isUrgent(type) ? [] : [lockSequence])),
  );
  let upTo = Math.max(Number.isFinite(first) ? first - 1 : 0, lostUpTo);
  for (const sequence of known) if (sequence === upTo + 1) upTo = sequence;
  return upTo;
}

/**
 * The newest sequence that a restored record knew of its lock, as long as the lock has told nothing ordinary since: the
 * next event may lie beyond it. Undefined when the record was not restored, knew none, or knows more by now.
 */
export function restoredUpTo(newest: readonly Event[], restoredAt: number | undefined): number | undefined {
  if (restoredAt === undefined) return undefined;
  const told = newest.filter(({ detail }) => detail.carried_by === undefined);
  if (told.some(({ receivedAt, type }) => receivedAt >= restoredAt && !isUrgent(type))) return undefined;
  const before = newest.flatMap(({ receivedAt, lockSequence }) =>
    receivedAt < restoredAt && lockSequence !== null ? [lockSequence] : [],
  );
  return before.length === 0 ? undefined : Math.max(...before);
}

/** Whether a lock tells an event of this type before older ones. */
export const isUrgent = (type: Event['type']): boolean => type === 'lock.tamper' || type === 'lock.events_lost';
