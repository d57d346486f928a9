import { doubleBlock } from './double.ts';
import type { AesBlock } from './primitives.ts';

/** AES-CMAC under one key, its subkeys computed once (RFC 4493, SP 800-38B). */
export interface CmacKey {
  /** The 16-octet tag over the parts, one after the other. Cut it to the protocol's size. */
  tag(...parts: readonly Uint8Array[]): Uint8Array;
}

/** Prepares AES-CMAC under the key of `aes`. */
export function cmacKey(aes: AesBlock): CmacKey {
  const whole = doubleBlock(aes.encryptBlock(new Uint8Array(16)));
  const padded = doubleBlock(whole);
  return {
    tag(...parts) {
      const state = new Uint8Array(16);
      let filled = 0;
      for (const part of parts) {
        for (let i = 0; i < part.length; ) {
          // A full block is only enciphered once more follows: the last one takes a subkey first.
          if (filled === 16) {
            aes.encryptInto(state, 0, state, 0);
            filled = 0;
          }
          const end = Math.min(16, filled + part.length - i);
          for (; filled < end; filled++, i++) state[filled] = (state[filled] as number) ^ (part[i] as number);
        }
      }
      const subkey = filled === 16 ? whole : padded;
      if (filled < 16) state[filled] = (state[filled] as number) ^ 0x80;
      for (let i = 0; i < 16; i++) state[i] = (state[i] as number) ^ (subkey[i] as number);
      aes.encryptInto(state, 0, state, 0);
      return state;
    },
  };
}

/** One AES-CMAC tag (16 octets) over the parts; for several under one key keep a {@link cmacKey}. */
export function cmac(aes: AesBlock, ...parts: readonly Uint8Array[]): Uint8Array {
  return cmacKey(aes).tag(...parts);
}
