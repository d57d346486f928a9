import { type AesBlock, cbcDecrypt, cbcEncrypt } from '@cardea/kit-crypto';

/** The next whole number of 16-octet blocks: PDG has 0 to 15 octets (7.2.7). */
export const wholeBlocks = (sizeOctets: number): number => (sizeOctets + 15) & ~15;

/** AES-128-CBC (8.1.4) as the suites use it: the IV comes with each text. */
export interface Cbc {
  encrypt(iv: Uint8Array, text: Uint8Array): Uint8Array;
  /** `undefined` when the body is not whole blocks. */
  decrypt(iv: Uint8Array, body: Uint8Array): Uint8Array | undefined;
}

export function cbc(aes: AesBlock): Cbc {
  return {
    encrypt: (iv, text) => cbcEncrypt(aes, iv, text),
    decrypt: (iv, body) => (body.length % 16 === 0 ? cbcDecrypt(aes, iv, body) : undefined),
  };
}
