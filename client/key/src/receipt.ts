import type { Primitives } from '@cardea/kit-crypto';
import type { ReceiptKeys } from '@cardea/wire-access';
import { decodeAnswer, frameCounter, frameKeys, LockError, openFrame, type ReceiptAnswer } from '@cardea/wire-lock';

/**
 * The lock's word in message 23: a receipt frame of counter 1 under the keys of the exchange; undefined when it is not.
 */
export function openKeyReceipt(
  primitives: Primitives,
  keys: ReceiptKeys,
  frame: Uint8Array,
): ReceiptAnswer | undefined {
  try {
    if (frameCounter(frame) !== 1) return undefined;
    const opened = openFrame(frameKeys(primitives, 'receipt', keys), frame);
    const answer = opened && decodeAnswer(opened);
    return answer?.kind === 'receipt' ? answer : undefined;
  } catch (error) {
    if (error instanceof LockError) return undefined;
    throw error;
  }
}
