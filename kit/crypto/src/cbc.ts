import { CryptoError } from './errors.ts';
import type { AesBlock } from './primitives.ts';

/**
 * AES-CBC without padding (SP 800-38A clause 6.2). It hides, it does not authenticate: a tag goes over the result.
 * @throws CryptoError `nonce_size` (IV not 16 octets), `input_size` (not whole blocks)
 */
export function cbcEncrypt(aes: AesBlock, iv: Uint8Array, octets: Uint8Array): Uint8Array {
  check(iv, octets);
  const output = new Uint8Array(octets.length);
  let [before, beforeAt] = [iv, 0];
  for (let at = 0; at < output.length; at += 16) {
    for (let i = 0; i < 16; i++) output[at + i] = (octets[at + i] as number) ^ (before[beforeAt + i] as number);
    aes.encryptInto(output, at, output, at);
    [before, beforeAt] = [output, at];
  }
  return output;
}

/**
 * The inverse of {@link cbcEncrypt}.
 * @throws CryptoError `nonce_size` (IV not 16 octets), `input_size` (not whole blocks)
 */
export function cbcDecrypt(aes: AesBlock, iv: Uint8Array, octets: Uint8Array): Uint8Array {
  check(iv, octets);
  const output = new Uint8Array(octets.length);
  for (let at = 0; at < octets.length; at += 16) {
    aes.decryptInto(octets, at, output, at);
    xorInto(output, at, at === 0 ? iv : octets, at === 0 ? 0 : at - 16);
  }
  return output;
}

function xorInto(target: Uint8Array, at: number, other: Uint8Array, otherAt: number): void {
  for (let i = 0; i < 16; i++) target[at + i] = (target[at + i] as number) ^ (other[otherAt + i] as number);
}

function check(iv: Uint8Array, octets: Uint8Array): void {
  if (iv.length !== 16) throw new CryptoError('nonce_size', `a CBC IV has 16 octets, not ${iv.length}`);
  if (octets.length % 16 !== 0) {
    throw new CryptoError('input_size', `CBC without padding takes whole blocks of 16, not ${octets.length} octets`);
  }
}
