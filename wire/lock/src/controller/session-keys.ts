import type { AesBlock } from '@cardea/kit-crypto';
import { type Answer, decodeAnswer } from '../answer.ts';
import { LockError } from '../errors.ts';
import { CHANNEL } from '../gatt.ts';
import type { Suite } from '../key-agreement.ts';
import type { AgreedKeys } from '../key-schedule.ts';
import { LEGACY_FRAME_SIZE_OCTETS, legacyCounter, openLegacyFrame, sealLegacyFrame } from '../legacy.ts';
import { decodeFrameMessage, encodeFrameMessage } from '../lock-message.ts';
import { frameCounter, openFrame, sealFrame } from '../sealed-frame.ts';

/** By what a session's frames are sealed: the one place where the two suites' frames differ for the RAS. */
export type SessionKeys =
  | { readonly kind: 'hardened'; readonly frames: AgreedKeys['frames'] }
  /** One key for both directions, and no tag. */
  | { readonly kind: 'legacy'; readonly block: AesBlock };

/** A command as it crosses the air, and on which channel. @throws LockError `range`, `length` */
export function sealCommand(
  keys: SessionKeys,
  counter: number,
  plaintext: Uint8Array,
): { readonly channel: number; readonly octets: Uint8Array } {
  return keys.kind === 'hardened'
    ? {
        channel: CHANNEL.lock,
        octets: encodeFrameMessage('command', sealFrame(keys.frames.command, counter, plaintext)),
      }
    : { channel: CHANNEL.raw, octets: sealLegacyFrame(keys.block, counter, plaintext) };
}

/** The counter that an answer claims, before anything is verified. @throws LockError `length`, `kind` */
export function answerCounter(suite: Suite, message: Uint8Array): number {
  return suite === 'hardened' ? frameCounter(decodeFrameMessage('receipt', message)) : legacyCounter(message);
}

/**
 * The answer to the request `id`, or undefined when it is none under these keys. A legacy frame carries no tag: all that
 * speaks for it is its counter, its XOR, and that it is well formed and names the request that it answers.
 * @throws LockError when an authenticated answer is malformed
 */
export function openAnswer(keys: SessionKeys, message: Uint8Array, id: number): Answer | undefined {
  if (keys.kind === 'hardened') {
    const plaintext = openFrame(keys.frames.receipt, decodeFrameMessage('receipt', message));
    return plaintext && decodeAnswer(plaintext);
  }
  if (message.length !== LEGACY_FRAME_SIZE_OCTETS) return undefined;
  try {
    const answer = decodeAnswer(openLegacyFrame(keys.block, message).plaintext);
    return answer.id === id ? answer : undefined;
  } catch (error) {
    if (error instanceof LockError) return undefined;
    throw error;
  }
}
