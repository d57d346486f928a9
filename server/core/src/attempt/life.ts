import { toHex } from '@cardea/kit-octets';
import type { FailureReason, Outcome, Receipt } from '@cardea/wire-profile';
import type { Attempt, StoredReceipt } from '../model.ts';

/**
 * An attempt's life. An ended attempt never changes again, but for `late_receipt`, once.
 *
 * ```
 *   pending --sent--> sent --receipt--> succeeded | failed
 *      |                |---- reason --> failed
 *      |--- reason ---> failed
 *      |--- time -----> expired, not_sent
 *                sent --time--> expired, outcome_unknown --receipt--> the same, with late_receipt and an alarm
 * ```
 */
export type Transition =
  | { readonly kind: 'none' }
  | { readonly kind: 'sent' | 'end' | 'late'; readonly change: Partial<Attempt> };

const none: Transition = { kind: 'none' };

/** Whether the attempt has ended. */
export function isOver(attempt: Attempt): boolean {
  return attempt.state !== 'pending' && attempt.state !== 'sent';
}

/** The command is about to leave for the gateway. */
export function sent(attempt: Attempt, now: number): Transition {
  if (attempt.state !== 'pending') return none;
  return { kind: 'sent', change: { state: 'sent', sentAt: now } };
}

/** The lock's receipt, or a failure that is certain. */
export function concluded(attempt: Attempt, outcome: Exclude<Outcome, { kind: 'waiting' }>, now: number): Transition {
  const receipt = outcome.receipt === undefined ? null : storedReceipt(outcome.receipt, now);
  if (isOver(attempt)) {
    const news = receipt !== null && attempt.receipt === null && attempt.lateReceipt === null;
    return news ? { kind: 'late', change: { lateReceipt: receipt } } : none;
  }
  if (outcome.kind === 'succeeded') {
    return {
      kind: 'end',
      change: { state: 'succeeded', endedAt: now, receipt, clockOffsetS: receipt?.clockOffsetS ?? null },
    };
  }
  const clockOffsetS = outcome.clockOffsetS ?? receipt?.clockOffsetS ?? null;
  return {
    kind: 'end',
    change: { state: 'failed', reason: outcome.reason, endedAt: now, receipt, clockOffsetS },
  };
}

/** A failure that the server itself is certain of: nothing of the command can have reached the lock. */
export function failed(attempt: Attempt, reason: FailureReason, now: number): Transition {
  return concluded(attempt, { kind: 'failed', reason, receipt: undefined, clockOffsetS: undefined }, now);
}

/** Its time has passed: what was sent may have acted, and nobody knows. */
export function expired(attempt: Attempt, now: number): Transition {
  if (isOver(attempt)) return none;
  const reason = attempt.state === 'sent' ? 'outcome_unknown' : 'not_sent';
  return { kind: 'end', change: { state: 'expired', reason, endedAt: now } };
}

/** A receipt as the record keeps it. */
export function storedReceipt(receipt: Receipt, now: number): StoredReceipt {
  return {
    lockSequence: receipt.eventSequence,
    attributes: receipt.attributes,
    lockTimeS: receipt.lockTimeS,
    clockOffsetS: receipt.clockOffsetS ?? null,
    frame: toHex(receipt.frame),
    receivedAt: now,
  };
}
