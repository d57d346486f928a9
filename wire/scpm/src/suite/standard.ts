import type { AesBlock, Primitives } from '@cardea/kit-crypto';
import { equalSecret } from '@cardea/kit-octets';
import { cbc, wholeBlocks } from './blocks.ts';
import { type IvLayout, ivOf } from './iv.ts';
import type { FrameSuite } from './suite.ts';

/**
 * Algorithm 01 of the profile `standard`, weak as the text has it (8.1.2 to 8.1.6): one key for AES-128-CBC and for a
 * CBC-MAC with a zero IV, the same in both directions, and an IV that anybody can foretell. `key`: 16 octets.
 */
export function standardSuite(primitives: Primitives, key: Uint8Array, ivLayout: IvLayout): FrameSuite {
  const aes = primitives.aes(key);
  const { encrypt, decrypt } = cbc(aes);
  const tag = (head: Uint8Array, body: Uint8Array) => cbcMac(aes, head, body);
  return {
    pdgMaxOctets: 15,
    encryptedOctets: wholeBlocks,
    sealBoth(head, snf, text) {
      const body = encrypt(ivOf(snf, ivLayout), text);
      return { body, mdas: tag(head, body) };
    },
    verifyBoth: (head, _snf, body, mdas) => equalSecret(tag(head, body), mdas),
    openBoth(head, snf, body, mdas) {
      if (!equalSecret(tag(head, body), mdas)) return 'mdas';
      return decrypt(ivOf(snf, ivLayout), body) ?? 'decrypt';
    },
    tag,
    encrypt: (snf, text) => encrypt(ivOf(snf, ivLayout), text),
    decrypt: (snf, body) => decrypt(ivOf(snf, ivLayout), body),
  };
}

/** CBC-MAC with a zero IV over both parts, padded with zeros that are not sent (8.1.3). */
function cbcMac(aes: AesBlock, ...parts: readonly Uint8Array[]): Uint8Array {
  const state = new Uint8Array(16);
  let filled = 0;
  for (const part of parts) {
    for (let i = 0; i < part.length; i++) {
      state[filled] = (state[filled] as number) ^ (part[i] as number);
      if (++filled < 16) continue;
      aes.encryptInto(state, 0, state, 0);
      filled = 0;
    }
  }
  if (filled > 0) aes.encryptInto(state, 0, state, 0);
  return state;
}
