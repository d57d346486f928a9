import { createPrivateKey, createPublicKey, diffieHellman, type KeyObject, randomBytes } from 'node:crypto';
import { MODP_GROUPS, type ModpGroup, type ModpName, type ModpPrivateKeyHandle, modpFault } from '@cardea/kit-crypto';
import { fromHex } from '@cardea/kit-octets';

/** A pair of a MODP group: the public value has as many octets as the prime. */
export interface ModpPair {
  readonly publicValue: Uint8Array;
  readonly privateKey: ModpPrivateKeyHandle;
}

/** Octets of a fresh exponent: within what RFC 3526 8 asks for in both groups (180 to 240 and 220 to 320 bits), or above. */
export const EXPONENT_OCTETS = 32;
const GENERATOR = Uint8Array.of(2);
/** dhKeyAgreement (PKCS #3): 1.2.840.113549.1.3.1, as DER. */
const DH_KEY_AGREEMENT = fromHex('06092a864886f70d010301');

interface ModpKey {
  readonly group: ModpGroup;
  readonly key: KeyObject;
}
const keys = new WeakMap<ModpPrivateKeyHandle, ModpKey>();

/** Makes a pair whose private half, 256 random bits, is kept nowhere but inside node:crypto. */
export function generateModp(name: ModpName): ModpPair {
  return importModp(name, randomBytes(EXPONENT_OCTETS));
}

/** The pair of a known exponent (big-endian, 2 to (p - 3)/2): runs that can be repeated. @throws TypeError out of range */
export function importModp(name: ModpName, exponent: Uint8Array): ModpPair {
  const group = MODP_GROUPS[name];
  const value = BigInt(`0x0${Buffer.from(exponent).toString('hex')}`);
  if (value < 2n || value >= group.prime >> 1n) throw new TypeError('not an exponent of this group');
  // PrivateKeyInfo (RFC 5208 5). An object of createDiffieHellman would test the prime first, for most of a second.
  const info = der(0x30, integer(Uint8Array.of(0)), algorithm(group), der(0x04, integer(exponent)));
  return pairOf(group, createPrivateKey({ key: info, format: 'der', type: 'pkcs8' }));
}

/**
 * Z, padded to the group's size, or undefined when `peer` is no value of the subgroup (modpFault): OpenSSL itself takes
 * values above p and non-squares.
 */
export function agreeModp(privateKey: ModpPrivateKeyHandle, peer: Uint8Array): Uint8Array | undefined {
  const known = keys.get(privateKey);
  if (known === undefined) throw new TypeError('this private key was not made by this process');
  return modpFault(known.group, peer) === undefined ? power(known, peer) : undefined;
}

function pairOf(group: ModpGroup, key: KeyObject): ModpPair {
  const privateKey: ModpPrivateKeyHandle = Object.freeze({ kind: 'modp-private' as const });
  keys.set(privateKey, { group, key });
  return { publicValue: power({ group, key }, GENERATOR), privateKey };
}

/** `base` to the private exponent, with zeros on the left up to the group's size. */
function power({ group, key }: ModpKey, base: Uint8Array): Uint8Array {
  // SubjectPublicKeyInfo (RFC 5280 4.1.2.7) of the base.
  const info = der(0x30, algorithm(group), der(0x03, Uint8Array.of(0), integer(base)));
  const publicKey = createPublicKey({ key: info, format: 'der', type: 'spki' });
  const octets = diffieHellman({ privateKey: key, publicKey });
  const whole = new Uint8Array(group.sizeOctets);
  whole.set(octets, group.sizeOctets - octets.length);
  return whole;
}

function algorithm({ prime }: ModpGroup): Buffer {
  return der(0x30, DH_KEY_AGREEMENT, der(0x30, integer(fromHex(prime.toString(16))), integer(GENERATOR)));
}

/** An INTEGER that is not negative, without needless zeros (X.690 8.3). */
function integer(octets: Uint8Array): Buffer {
  let from = 0;
  while (from < octets.length - 1 && octets[from] === 0) from++;
  const value = octets.subarray(from);
  return der(0x02, Uint8Array.from((value[0] ?? 0) >= 0x80 ? [0] : []), value);
}

/** Tag, length and content (X.690 8.1). */
function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  const size = content.length;
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Uint8Array.of(tag, ...length), content]);
}
