import type { Primitives } from '@cardea/kit-crypto';
import type { ReceiptKeys } from '@cardea/wire-access';
import { decodeAnswer, type ReceiptAnswer } from './answer.ts';
import { LockError } from './errors.ts';
import { frameCounter, frameKeys, openFrame } from './sealed-frame.ts';

/** The id that the receipt in message 23 answers: that of message 22. */
export const KEY_RECEIPT_ID = 0x22;
/** The counter of the one frame that the keys of an exchange ever seal. */
export const KEY_RECEIPT_COUNTER = 1;

/** The phone's end: the lock's receipt in message 23, or undefined when its frame is not under these keys. */
export function openKeyReceipt(
  primitives: Primitives,
  keys: ReceiptKeys,
  frame: Uint8Array,
): ReceiptAnswer | undefined {
  try {
    if (frameCounter(frame) !== KEY_RECEIPT_COUNTER) return undefined;
    const plaintext = openFrame(frameKeys(primitives, 'receipt', keys), frame);
    const answer = plaintext && decodeAnswer(plaintext);
    return answer?.kind === 'receipt' && answer.id === KEY_RECEIPT_ID ? answer : undefined;
  } catch (error) {
    if (error instanceof LockError) return undefined;
    throw error;
  }
}
