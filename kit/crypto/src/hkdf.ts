import { concat, fromAscii } from '@cardea/kit-octets';
import { CryptoError } from './errors.ts';
import type { Primitives } from './primitives.ts';

/** HKDF-Extract with SHA-256 (RFC 5869 2.2): 32 octets. An empty salt counts as 32 zeros. */
export function hkdfExtract(primitives: Primitives, salt: Uint8Array, ikm: Uint8Array): Uint8Array {
  return primitives.hmacSha256(salt, ikm);
}

/**
 * HKDF-Expand with SHA-256 (RFC 5869 2.3): `sizeOctets` octets, 0 to 8160. Text `info` is ASCII.
 * @throws CryptoError `output_size`; OctetsError `text`
 */
export function hkdfExpand(
  primitives: Primitives,
  prk: Uint8Array,
  info: Uint8Array | string,
  sizeOctets: number,
): Uint8Array {
  if (!Number.isInteger(sizeOctets) || sizeOctets < 0 || sizeOctets > 255 * 32) {
    throw new CryptoError('output_size', `HKDF gives 0 to ${255 * 32} octets, not ${sizeOctets}`);
  }
  const label = typeof info === 'string' ? fromAscii(info, 'info') : info;
  const output = new Uint8Array(sizeOctets);
  let block: Uint8Array = new Uint8Array(0);
  for (let at = 0, i = 1; at < sizeOctets; at += 32, i++) {
    block = primitives.hmacSha256(prk, block, label, Uint8Array.of(i));
    output.set(block.subarray(0, sizeOctets - at), at);
  }
  return output;
}

/**
 * The lock protocol's HKDF(K, info, L): extract with an empty salt, then expand; 16 octets unless said.
 * Info that joins text and octets: pass several parts. @throws CryptoError `output_size`; OctetsError `text`
 */
export function hkdf(
  primitives: Primitives,
  ikm: Uint8Array,
  info: Uint8Array | string | readonly (Uint8Array | string)[],
  sizeOctets = 16,
): Uint8Array {
  const parts = typeof info === 'string' || info instanceof Uint8Array ? [info] : info;
  const label = concat(...parts.map((part) => (typeof part === 'string' ? fromAscii(part, 'info') : part)));
  return hkdfExpand(primitives, hkdfExtract(primitives, new Uint8Array(0), ikm), label, sizeOctets);
}
