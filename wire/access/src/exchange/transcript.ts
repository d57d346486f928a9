import { hkdfExpand, hkdfExtract, type Primitives } from '@cardea/kit-crypto';
import { concat, equalSecret, fromAscii } from '@cardea/kit-octets';
import type { OfflineOperation } from '@cardea/wire-profile';
import { writing } from '../errors.ts';
import { OFFLINE_OPERATION_OCTET } from '../grant-fields.ts';
import type { Hello, Proof } from './messages.ts';

// SIGMA's shape, as EDHOC has it (RFC 9528): the responder authenticates over both nonces and its ephemeral key, the
// initiator signs over all of it, and the keys come from the agreement and everything that was said.

const NAME = fromAscii('cardea-offline-1');
const LOCK_LABEL = fromAscii('cardea-offline-1 lock');

/**
 * What proves the lock in message 21: HMAC-SHA256(Kg, "cardea-offline-1 lock" | lockId | grantId | nonceP | nonceL |
 * epkL), 32 octets. `kg`: {@link presentationKey}. @throws AccessError `range`
 */
export function proofTag(
  primitives: Primitives,
  kg: Uint8Array,
  lockId: Uint8Array,
  hello: Hello,
  proof: Pick<Proof, 'nonceL' | 'epkL'>,
): Uint8Array {
  const said = writing((writer) =>
    writer
      .octets('lock id', lockId, 6)
      .octets('grant id', hello.grantId, 16)
      .octets('nonceP', hello.nonceP, 16)
      .octets('nonceL', proof.nonceL, 16)
      .octets('epkL', proof.epkL, 65),
  );
  return primitives.hmacSha256(kg, LOCK_LABEL, said);
}

/** Whether a message 21 is from the lock that `kg` is of. @throws AccessError `range` */
export function proves(
  primitives: Primitives,
  kg: Uint8Array,
  lockId: Uint8Array,
  hello: Hello,
  proof: Proof,
): boolean {
  return equalSecret(proofTag(primitives, kg, lockId, hello, proof), proof.tag);
}

/** What a presentation binds together. */
export interface PresentationContext {
  /** 6 octets. */
  readonly lockId: Uint8Array;
  /** The grant as presented: 133 or 200 octets. */
  readonly grant: Uint8Array;
  readonly nonceP: Uint8Array;
  readonly nonceL: Uint8Array;
  readonly epkL: Uint8Array;
  readonly epkP: Uint8Array;
  readonly operation: OfflineOperation;
}

/**
 * What the phone signs (ES256): "cardea-offline-1" | lockId | SHA-256(grant) | nonceP | nonceL | epkL | epkP |
 * operation(1). @throws AccessError `range`
 */
export function presentationSigned(primitives: Primitives, context: PresentationContext): Uint8Array {
  const said = writing((writer) =>
    writer
      .octets('lock id', context.lockId, 6)
      .octets('grant hash', primitives.sha256(context.grant), 32)
      .octets('nonceP', context.nonceP, 16)
      .octets('nonceL', context.nonceL, 16)
      .octets('epkL', context.epkL, 65)
      .octets('epkP', context.epkP, 65)
      .uint('operation', OFFLINE_OPERATION_OCTET[context.operation], 1),
  );
  return concat(NAME, said);
}

/** The keys of message 23's frame, 16 octets each: the lock protocol's receipt frame, counter 1. */
export interface ReceiptKeys {
  readonly enc: Uint8Array;
  readonly mac: Uint8Array;
  readonly iv: Uint8Array;
}

/**
 * T = SHA-256(messages 20, 21, 22 whole); keys = HKDF-Expand(HKDF-Extract(Kg, Z), "cardea-offline-1 " | "receipt enc",
 * "receipt mac", "receipt iv" | T, 16). `z`: the shared x coordinate, 32 octets.
 */
export function receiptKeys(
  primitives: Primitives,
  kg: Uint8Array,
  z: Uint8Array,
  messages: readonly [hello: Uint8Array, proof: Uint8Array, presentation: Uint8Array],
): ReceiptKeys {
  const prk = hkdfExtract(primitives, kg, z);
  const transcript = primitives.sha256(...messages);
  const expand = (label: string): Uint8Array =>
    hkdfExpand(primitives, prk, concat(NAME, fromAscii(` receipt ${label}`), transcript), 16);
  return { enc: expand('enc'), mac: expand('mac'), iv: expand('iv') };
}
