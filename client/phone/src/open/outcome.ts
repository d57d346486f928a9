import type { Opening } from '@cardea/client-key';
import type { Attempt, AttemptReason } from '@cardea/wire-api';
import type { ResultCode } from '@cardea/wire-lock';

/** What the lock itself said of its state. */
export interface LockWord {
  readonly bolt: 'locked' | 'unlocked' | 'jammed';
  readonly door: 'open' | 'closed';
  readonly batteryPercent: number;
  /** The lock's newest event. */
  readonly sequence: number;
}

/** Why a door did not open: of the lock, of the server, or of the way there. */
export type OpeningReason =
  | Exclude<ResultCode, 'done'>
  | AttemptReason
  | 'no_key'
  | 'not_heard'
  | 'not_connected'
  | 'other_lock'
  | 'malformed'
  | 'unreachable'
  | 'not_now';

/**
 * What came of asking a door to open. `opened` is never said without the lock's own word; `unknown`: the lock may have
 * acted, and nobody has heard so.
 */
export type OpeningOutcome =
  | { readonly kind: 'opened'; readonly word: LockWord }
  | { readonly kind: 'refused'; readonly reason: OpeningReason; readonly word: LockWord | undefined }
  | { readonly kind: 'unknown' };

/** Of an opening through the server. An attempt that is not over yet has no outcome. */
export function outcomeOfAttempt(attempt: Attempt): OpeningOutcome | undefined {
  const { state, reason, receipt } = attempt;
  if (state === 'pending' || state === 'sent') return undefined;
  const word: LockWord | undefined = receipt
    ? {
        bolt: receipt.bolt,
        door: receipt.door,
        batteryPercent: receipt.battery_percent,
        sequence: receipt.lock_sequence,
      }
    : undefined;
  if (state === 'succeeded') return word === undefined ? { kind: 'unknown' } : { kind: 'opened', word };
  if (reason === 'outcome_unknown' || reason === null) return { kind: 'unknown' };
  return { kind: 'refused', reason, word };
}

/** Of an opening at the door, by the phone's own key. */
export function outcomeOfTap(opening: Opening): OpeningOutcome {
  switch (opening.kind) {
    case 'answered': {
      const { result, bits, batteryPercent, eventSequence } = opening.receipt;
      const word: LockWord = {
        bolt: bits.jammed ? 'jammed' : bits.boltOut ? 'locked' : 'unlocked',
        door: bits.doorOpen ? 'open' : 'closed',
        batteryPercent,
        sequence: eventSequence,
      };
      return result === 'done' ? { kind: 'opened', word } : { kind: 'refused', reason: result, word };
    }
    case 'refused':
      if (opening.reason === 'unknown_outcome') return { kind: 'unknown' };
      return { kind: 'refused', reason: opening.reason, word: undefined };
    case 'no_key':
    case 'not_heard':
    case 'not_connected':
      return { kind: 'refused', reason: opening.kind, word: undefined };
  }
}
