import { ccmOpen, ccmSeal, type Primitives } from '@cardea/kit-crypto';
import { concat, fromAscii } from '@cardea/kit-octets';
import type { Secret } from '@cardea/kit-runtime';
import { type Message, SEAL_TAG_OCTETS } from './message.ts';

/** What a sealed element is bound to besides its key: the kind of message, the lock, and what the kind adds. */
export interface SealContext {
  readonly kind: 'command' | 'receipt' | 'event' | 'ack';
  /** 6 octets. */
  readonly lockId: Uint8Array;
  /**
   * command: the challenge (8). receipt: the challenge (8) | SHA-256 of the whole command message (32), which binds it
   * to that very command. event, ack: nothing.
   */
  readonly bound: Uint8Array;
}

/** AES-128-CCM, nonce 12 octets, tag 8 octets, associated data "maker2 1 " | kind | 00 | lockId | bound. */
export function seal(
  primitives: Primitives,
  key: Secret,
  nonce: Uint8Array,
  body: Uint8Array,
  context: SealContext,
): Uint8Array {
  return ccmSeal(primitives.aes(key.reveal()), nonce, body, associated(context), SEAL_TAG_OCTETS);
}

/** The body that {@link seal} sealed; `undefined` when it is not ours, or not for this place. */
export function open(
  primitives: Primitives,
  key: Secret,
  message: Extract<Message, { readonly sealed: Uint8Array }>,
  context: SealContext,
): Uint8Array | undefined {
  return ccmOpen(primitives.aes(key.reveal()), message.nonce, message.sealed, associated(context), SEAL_TAG_OCTETS);
}

/** What a receipt is bound to: its challenge and the hash of the whole command message. */
export function boundToCommand(primitives: Primitives, challenge: Uint8Array, command: Uint8Array): Uint8Array {
  return concat(challenge, primitives.sha256(command));
}

function associated({ kind, lockId, bound }: SealContext): Uint8Array {
  return concat(fromAscii(`maker2 1 ${kind}`), Uint8Array.of(0), lockId, bound);
}
