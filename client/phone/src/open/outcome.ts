import type { Opening } from '@cardea/client-key';
import { attemptWords, type KeyReason, reasonWords, receiptWords, say, type ToldReceipt } from '@cardea/client-ui';
import type { Attempt, AttemptReason } from '@cardea/wire-api';
import type { ReceiptAnswer } from '@cardea/wire-lock';
import { tapTexts } from './texts.ts';

/**
 * What came of asking a door to open, in words. `opened` is never said without the lock's own word; `unknown`: the lock may
 * have acted, and nobody has heard so.
 */
export interface OpeningOutcome {
  readonly kind: 'opened' | 'refused' | 'unknown';
  /** Why, or what the lock's receipt says; empty where there is nothing to say. */
  readonly meaning: string;
}

/** Of an opening through the server. An attempt that is not over yet has no outcome. */
export function outcomeOfAttempt(attempt: Attempt): OpeningOutcome | undefined {
  const { tone, meaning } = attemptWords(attempt);
  switch (tone) {
    case 'under_way':
      return undefined;
    case 'succeeded':
      return { kind: 'opened', meaning };
    case 'failed':
      return { kind: 'refused', meaning };
    case 'unknown':
      return { kind: 'unknown', meaning: lookFirst() };
  }
}

/** Of an opening at the door, by the phone's own key. */
export function outcomeOfTap(opening: Opening): OpeningOutcome {
  switch (opening.kind) {
    case 'answered': {
      const { result } = opening.receipt;
      const told = receiptWords(toldBy(opening.receipt));
      if (result === 'done') return { kind: 'opened', meaning: told };
      return { kind: 'refused', meaning: `${reasonWords(reasonOf(result))} ${told}` };
    }
    case 'refused':
      if (opening.reason === 'unknown_outcome') return unknownOutcome();
      return { kind: 'refused', meaning: say(tapTexts, opening.reason) };
    case 'no_key':
    case 'not_heard':
    case 'not_connected':
      return { kind: 'refused', meaning: say(tapTexts, opening.kind) };
  }
}

/** The command went out, or the key was presented, and nobody knows what came of it. */
export function unknownOutcome(): OpeningOutcome {
  return { kind: 'unknown', meaning: lookFirst() };
}

/** The browser showed no list of devices: nothing is on the air. */
export function noRadioOutcome(): OpeningOutcome {
  return { kind: 'refused', meaning: say(tapTexts, 'no_radio') };
}

const lookFirst = (): string => say(tapTexts, 'look_first');

function toldBy({ bits, batteryPercent, eventSequence }: ReceiptAnswer): ToldReceipt {
  return {
    bolt: bits.jammed ? 'jammed' : bits.boltOut ? 'locked' : 'unlocked',
    door: bits.doorOpen ? 'open' : 'closed',
    battery_percent: batteryPercent,
    lock_sequence: eventSequence,
  };
}

/** Two results are of setting a clock, which no key asks for. */
function reasonOf(result: Exclude<ReceiptAnswer['result'], 'done'>): AttemptReason | KeyReason {
  return result === 'step_back' || result === 'below_floor' ? 'failed' : result;
}
