import { ccmOpen, ccmSeal, cmacKey, hkdfExpand, type Primitives } from '@cardea/kit-crypto';
import { concat, equalSecret, fromAscii } from '@cardea/kit-octets';
import { ScpmError } from '../errors.ts';
import { MDAS_OCTETS } from '../frame.ts';
import { cbc, wholeBlocks } from './blocks.ts';
import { ivOf } from './iv.ts';
import type { FrameSuite } from './suite.ts';

/** The direction that a key of the profile `hardened` is for: no key serves two. */
export interface Direction {
  readonly sa: Uint8Array;
  readonly da: Uint8Array;
  /** b8 of the SHD. */
  readonly response: boolean;
  /** b4 of the SHD. */
  readonly dh: boolean;
}

/**
 * HKDF-Expand(device key, "scpm " | label | SA | DA | b8(1) | b4(1), 16): the key of one direction and one purpose.
 */
export function directionKey(
  primitives: Primitives,
  deviceKey: Uint8Array,
  label: 'enc' | 'mac' | 'iv' | 'ccm',
  { sa, da, response, dh }: Direction,
): Uint8Array {
  const info = concat(fromAscii(`scpm ${label}`), sa, da, Uint8Array.of(response ? 1 : 0, dh ? 1 : 0));
  return hkdfExpand(primitives, deviceKey, info, 16);
}

/**
 * Algorithm 01 of the profile `hardened`: AES-128-CBC with IV = AES(Kiv, SNF x 4), and CMAC as MDAS, each under a key
 * of its own for this direction. `deviceKey`: 16 octets.
 */
export function hardenedCbcSuite(primitives: Primitives, deviceKey: Uint8Array, direction: Direction): FrameSuite {
  const keyOf = (label: 'enc' | 'mac' | 'iv') => primitives.aes(directionKey(primitives, deviceKey, label, direction));
  const ivKey = keyOf('iv');
  const mac = cmacKey(keyOf('mac'));
  const { encrypt, decrypt } = cbc(keyOf('enc'));
  const iv = (snf: number): Uint8Array => {
    const block = ivOf(snf, 'repeat');
    ivKey.encryptInto(block, 0, block, 0);
    return block;
  };
  return {
    pdgMaxOctets: 15,
    encryptedOctets: wholeBlocks,
    sealBoth(head, snf, text) {
      const body = encrypt(iv(snf), text);
      return { body, mdas: mac.tag(head, body) };
    },
    verifyBoth: (head, _snf, body, mdas) => equalSecret(mac.tag(head, body), mdas),
    openBoth(head, snf, body, mdas) {
      if (!equalSecret(mac.tag(head, body), mdas)) return 'mdas';
      return decrypt(iv(snf), body) ?? 'decrypt';
    },
    tag: (head, body) => mac.tag(head, body),
    encrypt: (snf, text) => encrypt(iv(snf), text),
    decrypt: (snf, body) => decrypt(iv(snf), body),
  };
}

/**
 * Algorithm 02, `hardened` only: AES-128-CCM with a 16-octet tag, nonce SNF(4) | 0 (9), the head as associated data and
 * a text without PDG. Authentication only and failure answers use CMAC under a key of their own, so no (key, nonce)
 * comes twice. It has no confidentiality alone.
 */
export function ccmSuite(primitives: Primitives, deviceKey: Uint8Array, direction: Direction): FrameSuite {
  const aes = primitives.aes(directionKey(primitives, deviceKey, 'ccm', direction));
  const mac = cmacKey(primitives.aes(directionKey(primitives, deviceKey, 'mac', direction)));
  const nonce = (snf: number) => {
    const octets = new Uint8Array(13);
    new DataView(octets.buffer).setUint32(0, snf);
    return octets;
  };
  const openBoth = (head: Uint8Array, snf: number, body: Uint8Array, mdas: Uint8Array) =>
    ccmOpen(aes, nonce(snf), concat(body, mdas), head, MDAS_OCTETS);
  const refuse = (): never => {
    throw new ScpmError('unsupported', 'services', 'AES-CCM always authenticates: not confidentiality only');
  };
  return {
    pdgMaxOctets: 0,
    encryptedOctets: (textOctets) => textOctets,
    sealBoth(head, snf, text) {
      const sealed = ccmSeal(aes, nonce(snf), text, head, MDAS_OCTETS);
      return { body: sealed.subarray(0, text.length), mdas: sealed.subarray(text.length) };
    },
    verifyBoth: (head, snf, body, mdas) => openBoth(head, snf, body, mdas) !== undefined,
    openBoth: (head, snf, body, mdas) => openBoth(head, snf, body, mdas) ?? 'mdas',
    tag: (head, body) => mac.tag(head, body),
    encrypt: refuse,
    decrypt: refuse,
  };
}
