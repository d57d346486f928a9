import {
  createECDH,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  ECDH,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import type { PrivateKeyHandle } from '@cardea/kit-crypto';
import type { Secret } from '@cardea/kit-runtime';

/** A fresh P-256 pair: the public key uncompressed (65 octets, SEC 1 2.3.3). */
export interface P256Pair {
  readonly publicKey: Uint8Array;
  readonly privateKey: PrivateKeyHandle;
}

const CURVE = 'prime256v1';
/** SubjectPublicKeyInfo of an uncompressed P-256 point, up to the point (RFC 5480). */
const SPKI_HEAD = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d030107034200', 'hex');
/** ECPrivateKey (RFC 5915) of a P-256 scalar: up to the scalar, and between it and the point. */
const SEC1_HEAD = Buffer.from('30770201010420', 'hex');
const SEC1_MIDDLE = Buffer.from('a00a06082a8648ce3d030107a144034200', 'hex');

const keyObjects = new WeakMap<PrivateKeyHandle, KeyObject>();

function handleOf(key: KeyObject): PrivateKeyHandle {
  const handle: PrivateKeyHandle = Object.freeze({ kind: 'p256-private' as const });
  keyObjects.set(handle, key);
  return handle;
}

function keyOf(handle: PrivateKeyHandle): KeyObject {
  const key = keyObjects.get(handle);
  if (key === undefined) throw new TypeError('this private key was not made by this process');
  return key;
}

/** Makes a pair whose private half stays inside node:crypto. */
export function generateP256(): P256Pair {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: CURVE });
  const spki = publicKey.export({ format: 'der', type: 'spki' });
  return { publicKey: new Uint8Array(spki.subarray(SPKI_HEAD.length)), privateKey: handleOf(privateKey) };
}

/**
 * The pair of a known private scalar (32 octets, big-endian, 1 to n - 1): vectors, and a device's factory identity.
 * @throws TypeError when the scalar is out of range
 */
export function importP256(scalar: Uint8Array): P256Pair {
  const ecdh = createECDH(CURVE);
  try {
    ecdh.setPrivateKey(scalar);
  } catch {
    throw new TypeError('not a P-256 private scalar');
  }
  const point = ecdh.getPublicKey();
  const der = Buffer.concat([SEC1_HEAD, Buffer.from(scalar), SEC1_MIDDLE, point]);
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'sec1' });
  return { publicKey: new Uint8Array(point), privateKey: handleOf(privateKey) };
}

/**
 * ECDH: the shared x coordinate (32 octets), or undefined when `peer` is not an uncompressed point (65 octets) on the
 * curve. P-256 has cofactor 1, so every such point is of full order.
 */
export function agreeP256(privateKey: PrivateKeyHandle, peer: Uint8Array): Uint8Array | undefined {
  const key = keyOf(privateKey);
  const publicKey = publicKeyOf(peer);
  if (publicKey === undefined) return undefined;
  return new Uint8Array(diffieHellman({ privateKey: key, publicKey }));
}

/** ES256: signs SHA-256 of `message`; r | s (64 octets). */
export function signP256(privateKey: PrivateKeyHandle, message: Uint8Array): Uint8Array {
  return new Uint8Array(sign('sha256', message, { key: keyOf(privateKey), dsaEncoding: 'ieee-p1363' }));
}

/** Whether `signature` (r | s, 64 octets) is ES256 of `message` by the uncompressed `publicKey` (65 octets). */
export function verifyP256(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const key = publicKeyOf(publicKey);
  if (key === undefined || signature.length !== 64) return false;
  return verify('sha256', message, { key, dsaEncoding: 'ieee-p1363' }, signature);
}

function publicKeyOf(point: Uint8Array): KeyObject | undefined {
  if (point.length !== 65 || point[0] !== 0x04) return undefined;
  try {
    // Refuses a point off the curve before anything is computed with it.
    ECDH.convertKey(point, CURVE);
    return createPublicKey({ key: Buffer.concat([SPKI_HEAD, point]), format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}

/** The asynchronous face of the functions above, for whoever may have its keys in a module of its own. */
export const nodeKeyAgreement = {
  generate: (): Promise<P256Pair> => Promise.resolve(generateP256()),
  agree: (privateKey: PrivateKeyHandle, peer: Uint8Array): Promise<Uint8Array | undefined> =>
    Promise.resolve(agreeP256(privateKey, peer)),
  /** The pair of a known private scalar. @throws TypeError when it is out of range */
  importKey: (scalar: Uint8Array): P256Pair => importP256(scalar),
  /** ES256 over `message`: r | s (64 octets). */
  sign: (privateKey: PrivateKeyHandle, message: Uint8Array): Promise<Uint8Array> =>
    Promise.resolve(signP256(privateKey, message)),
  verify: (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> =>
    Promise.resolve(verifyP256(publicKey, message, signature)),
  publicKeyOf: async (scalar: Secret): Promise<Uint8Array | undefined> => {
    try {
      return importP256(scalar.reveal()).publicKey;
    } catch {
      return undefined;
    }
  },
  signBy: async (scalar: Secret, message: Uint8Array): Promise<Uint8Array> =>
    signP256(importP256(scalar.reveal()).privateKey, message),
};
