import type { Primitives, PrivateKeyHandle } from '@cardea/kit-crypto';
import type { Random } from '@cardea/kit-runtime';

/**
 * The phone's own P-256 key, made in the phone and never out of it: a file of the demo, a non-extractable key of
 * WebCrypto, a secure element. Whoever has it is the person, as far as a lock can tell.
 */
export interface PhoneKey {
  /** Uncompressed, 65 octets: what the RAS seals into grants. */
  readonly publicKey: Uint8Array;
  /** ES256, r | s (64 octets); undefined when the person or the chip declined. */
  sign(message: Uint8Array): Promise<Uint8Array | undefined>;
}

/** What a phone works with besides its key. */
export interface PhoneHands {
  readonly primitives: Primitives;
  readonly random: Random;
  /** A fresh P-256 pair; the public key uncompressed (65 octets). */
  generate(): Promise<{ readonly publicKey: Uint8Array; readonly privateKey: PrivateKeyHandle }>;
  /** The shared x coordinate (32 octets), or undefined when the peer's point is not on the curve. */
  agree(privateKey: PrivateKeyHandle, peer: Uint8Array): Promise<Uint8Array | undefined>;
}
