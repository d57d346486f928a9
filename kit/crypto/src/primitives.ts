/** One AES key with its schedule kept: block operations on 16 octets (FIPS 197). */
export interface AesBlock {
  /** AES of one 16-octet block. */
  encryptBlock(block: Uint8Array): Uint8Array;
  /** The inverse of AES on one 16-octet block. */
  decryptBlock(block: Uint8Array): Uint8Array;
  /** {@link encryptBlock} from and to an offset, without an allocation; both places may be the same. */
  encryptInto(input: Uint8Array, inOffset: number, output: Uint8Array, outOffset: number): void;
  /** {@link decryptBlock} from and to an offset, without an allocation; both places may be the same. */
  decryptInto(input: Uint8Array, inOffset: number, output: Uint8Array, outOffset: number): void;
}

/** The symmetric primitives that protocols are given: synchronous, without state or randomness. */
export interface Primitives {
  /** AES-128 or AES-256 under `key` (16 or 32 octets). */
  aes(key: Uint8Array): AesBlock;
  /** SHA-256 of the parts, one after the other: 32 octets. */
  sha256(...parts: readonly Uint8Array[]): Uint8Array;
  /** HMAC-SHA-256 (RFC 2104) over the parts, one after the other: 32 octets. */
  hmacSha256(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array;
}

/** A P-256 private key that does not leave whoever made it: an opaque handle. */
export interface PrivateKeyHandle {
  readonly kind: 'p256-private';
}
