import { concat, equalSecret, xor } from '@cardea/kit-octets';
import { type CmacKey, cmacKey } from './cmac.ts';
import { ctr } from './ctr.ts';
import { doubleBlock } from './double.ts';
import { CryptoError } from './errors.ts';
import type { Primitives } from './primitives.ts';

/**
 * AES-SIV (RFC 5297): V(16) | ciphertext, deterministic and safe against a nonce used twice. `key` is K1 | K2, 32 or 64
 * octets; `associatedData` are up to 126 strings, their order and borders authenticated.
 * @throws CryptoError `key_size`, `input_size`
 */
export function sivSeal(
  aes: Primitives['aes'],
  key: Uint8Array,
  associatedData: readonly Uint8Array[],
  octets: Uint8Array,
): Uint8Array {
  const [authentication, encryption] = halves(key);
  const v = s2v(cmacKey(aes(authentication)), associatedData, octets);
  return concat(v, ctr(aes(encryption), counterOf(v), octets));
}

/**
 * Opens what {@link sivSeal} sealed; `undefined` when it is too short or does not verify.
 * @throws CryptoError `key_size`, `input_size`
 */
export function sivOpen(
  aes: Primitives['aes'],
  key: Uint8Array,
  associatedData: readonly Uint8Array[],
  sealed: Uint8Array,
): Uint8Array | undefined {
  const [authentication, encryption] = halves(key);
  if (sealed.length < 16) return undefined;
  const v = sealed.subarray(0, 16);
  const octets = ctr(aes(encryption), counterOf(v), sealed.subarray(16));
  return equalSecret(s2v(cmacKey(aes(authentication)), associatedData, octets), v) ? octets : undefined;
}

function halves(key: Uint8Array): [Uint8Array, Uint8Array] {
  if (key.length !== 32 && key.length !== 64) {
    throw new CryptoError('key_size', `an AES-SIV key has 32 or 64 octets, not ${key.length}`);
  }
  return [key.subarray(0, key.length / 2), key.subarray(key.length / 2)];
}

/** S2V of RFC 5297 2.4 with the plaintext as its last string. */
function s2v(mac: CmacKey, associatedData: readonly Uint8Array[], octets: Uint8Array): Uint8Array {
  if (associatedData.length > 126) throw new CryptoError('input_size', 'AES-SIV takes at most 126 associated strings');
  let sum = mac.tag(new Uint8Array(16));
  for (const part of associatedData) sum = xor(doubleBlock(sum), mac.tag(part));
  if (octets.length >= 16) {
    const end = octets.length - 16;
    return mac.tag(octets.subarray(0, end), xor(sum, octets.subarray(end)));
  }
  const padded = new Uint8Array(16);
  padded.set(octets);
  padded[octets.length] = 0x80;
  return mac.tag(xor(doubleBlock(sum), padded));
}

/** Q of RFC 5297 2.5: V with bits 63 and 31 cleared. */
function counterOf(v: Uint8Array): Uint8Array {
  const counter = v.slice();
  counter[8] = (counter[8] ?? 0) & 0x7f;
  counter[12] = (counter[12] ?? 0) & 0x7f;
  return counter;
}
