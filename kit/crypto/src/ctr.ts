import { CryptoError } from './errors.ts';
import type { AesBlock } from './primitives.ts';

/**
 * AES-CTR (SP 800-38A clause 6.5): XORs `octets` with the stream that starts at `counter` (16 octets, counted up as one
 * big-endian number). Sealing and opening are the same. @throws CryptoError `nonce_size`
 */
export function ctr(aes: AesBlock, counter: Uint8Array, octets: Uint8Array): Uint8Array {
  if (counter.length !== 16)
    throw new CryptoError('nonce_size', `a counter block has 16 octets, not ${counter.length}`);
  const block = counter.slice();
  const stream = new Uint8Array(16);
  const output = new Uint8Array(octets.length);
  for (let at = 0; at < octets.length; at += 16) {
    aes.encryptInto(block, 0, stream, 0);
    const end = Math.min(at + 16, octets.length);
    for (let i = at; i < end; i++) output[i] = (octets[i] as number) ^ (stream[i - at] as number);
    for (let i = 15; i >= 0; i--) {
      const next = ((block[i] as number) + 1) & 0xff;
      block[i] = next;
      if (next !== 0) break;
    }
  }
  return output;
}
