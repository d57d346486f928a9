import { concat, equalSecret, xor } from '@cardea/kit-octets';
import { ctr } from './ctr.ts';
import { CryptoError } from './errors.ts';
import type { AesBlock } from './primitives.ts';

/**
 * AES-CCM (RFC 3610, SP 800-38C): ciphertext | tag. `nonce` 7 to 13 octets, never twice under one key; the tag 4, 6 to
 * 16 octets, even. @throws CryptoError `nonce_size`, `tag_size`, `input_size` (longer than the nonce leaves room to count)
 */
export function ccmSeal(
  aes: AesBlock,
  nonce: Uint8Array,
  octets: Uint8Array,
  associatedData: Uint8Array,
  tagSizeOctets: number,
): Uint8Array {
  check(nonce, octets.length, tagSizeOctets);
  const tag = authenticate(aes, nonce, octets, associatedData, tagSizeOctets);
  return concat(ctr(aes, counterBlock(nonce, 1), octets), maskTag(aes, nonce, tag));
}

/**
 * Opens what {@link ccmSeal} sealed; `undefined` when it is too short or the tag is wrong.
 * @throws CryptoError `nonce_size`, `tag_size`, `input_size`
 */
export function ccmOpen(
  aes: AesBlock,
  nonce: Uint8Array,
  sealed: Uint8Array,
  associatedData: Uint8Array,
  tagSizeOctets: number,
): Uint8Array | undefined {
  const size = sealed.length - tagSizeOctets;
  check(nonce, Math.max(0, size), tagSizeOctets);
  if (size < 0) return undefined;
  const octets = ctr(aes, counterBlock(nonce, 1), sealed.subarray(0, size));
  const tag = authenticate(aes, nonce, octets, associatedData, tagSizeOctets);
  return equalSecret(maskTag(aes, nonce, tag), sealed.subarray(size)) ? octets : undefined;
}

/** A_i of RFC 3610 2.3: flags, nonce, counter. */
function counterBlock(nonce: Uint8Array, counter: number): Uint8Array {
  const block = new Uint8Array(16);
  block[0] = 14 - nonce.length;
  block.set(nonce, 1);
  block[15] = counter;
  return block;
}

function maskTag(aes: AesBlock, nonce: Uint8Array, tag: Uint8Array): Uint8Array {
  return xor(tag, aes.encryptBlock(counterBlock(nonce, 0)).subarray(0, tag.length));
}

/** The CBC-MAC of RFC 3610 2.2, cut to its size. */
function authenticate(
  aes: AesBlock,
  nonce: Uint8Array,
  octets: Uint8Array,
  associatedData: Uint8Array,
  tagSizeOctets: number,
): Uint8Array {
  const lengthSize = 15 - nonce.length;
  const state = new Uint8Array(16);
  state[0] = (associatedData.length > 0 ? 0x40 : 0) | (((tagSizeOctets - 2) / 2) << 3) | (lengthSize - 1);
  state.set(nonce, 1);
  for (let i = 15, left = octets.length; i > nonce.length; i--, left = Math.floor(left / 256)) state[i] = left % 256;
  aes.encryptInto(state, 0, state, 0);
  if (associatedData.length > 0) absorb(aes, state, concat(lengthPrefix(associatedData.length), associatedData));
  absorb(aes, state, octets);
  return state.slice(0, tagSizeOctets);
}

function lengthPrefix(size: number): Uint8Array {
  if (size < 0xff00) return Uint8Array.of(size >> 8, size);
  return Uint8Array.of(0xff, 0xfe, size >>> 24, size >>> 16, size >>> 8, size);
}

/** Adds octets to a CBC-MAC, padded with zeros to whole blocks. */
function absorb(aes: AesBlock, state: Uint8Array, octets: Uint8Array): void {
  for (let at = 0; at < octets.length; at += 16) {
    const end = Math.min(at + 16, octets.length);
    for (let i = at; i < end; i++) state[i - at] = (state[i - at] as number) ^ (octets[i] as number);
    aes.encryptInto(state, 0, state, 0);
  }
}

function check(nonce: Uint8Array, sizeOctets: number, tagSizeOctets: number): void {
  if (nonce.length < 7 || nonce.length > 13) {
    throw new CryptoError('nonce_size', `a CCM nonce has 7 to 13 octets, not ${nonce.length}`);
  }
  if (tagSizeOctets < 4 || tagSizeOctets > 16 || tagSizeOctets % 2 !== 0) {
    throw new CryptoError('tag_size', `a CCM tag has 4, 6, ... 16 octets, not ${tagSizeOctets}`);
  }
  if (sizeOctets >= 2 ** (8 * (15 - nonce.length))) {
    throw new CryptoError('input_size', `${sizeOctets} octets are too many for a nonce of ${nonce.length}`);
  }
}
