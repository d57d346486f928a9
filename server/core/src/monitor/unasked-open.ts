import type { Attempt, Event } from '../model.ts';

/** How long after the news of an opening the record may still learn what asked for it. */
export const SETTLE_MS = 90_000;
/** How far before the opening its command can have been made: the longest time to live and as much for the clocks. */
export const ASKED_BEFORE_MS = 150_000;
/** What a lock's clock and the rounding of its seconds may be off. */
const SLACK_MS = 15_000;

/** How a lock says that its own mode moved the bolt (docs/access.md): the detail of its event, less the clock's bit. */
const BY_MODE = 6;

/**
 * Whether a fact says that a lock opened by a command of the server. What was done at the lock itself (`manual_unlocked`),
 * by somebody's grant or PIN (an actor), or by the passage mode that it was in is no such opening.
 */
export function isCommandedOpen(event: Event): boolean {
  return event.type === 'lock.unlocked' && event.lockId !== null && Number(event.detail.actor) === 0 && !byMode(event);
}

function byMode({ detail }: Event): boolean {
  return (Number(detail.detail) & 0x7f) === BY_MODE;
}

/** When it happened, as well as that is known: by the lock's clock, or by the news of it where the lock has none. */
export function openedAt(event: Event): number {
  return event.occurredAt ?? event.receivedAt;
}

/**
 * Whether one of the attempts explains the opening: an unlock of that lock which had begun and was not over long before.
 * A command that was certainly never sent explains nothing.
 */
export function isAskedFor(event: Event, attempts: readonly Attempt[]): boolean {
  const at = openedAt(event);
  return attempts.some(
    (attempt) =>
      attempt.lockId === event.lockId &&
      attempt.operation === 'unlock' &&
      attempt.reason !== 'not_sent' &&
      attempt.createdAt - SLACK_MS <= at &&
      at <= Math.max(attempt.endedAt ?? attempt.expiresAt, attempt.expiresAt) + SLACK_MS,
  );
}
