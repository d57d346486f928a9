import type { PrivateKeyHandle } from '@cardea/kit-crypto';
import { toBufferSource } from './buffer-source.ts';

/** A fresh P-256 pair: the public key uncompressed (65 octets, SEC 1 2.3.3). */
export interface WebP256Pair {
  readonly publicKey: Uint8Array;
  readonly privateKey: PrivateKeyHandle;
}

const ECDH_P256 = { name: 'ECDH', namedCurve: 'P-256' } as const;
const COORDINATE_BITS = 256;

const privateKeys = new WeakMap<PrivateKeyHandle, CryptoKey>();

/** P-256 key agreement by WebCrypto: private keys live for one exchange, and no script can read them. */
export const webKeyAgreement = {
  async generate(): Promise<WebP256Pair> {
    const pair = await crypto.subtle.generateKey(ECDH_P256, false, ['deriveBits']);
    const privateKey: PrivateKeyHandle = Object.freeze({ kind: 'p256-private' as const });
    privateKeys.set(privateKey, pair.privateKey);
    return { publicKey: new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)), privateKey };
  },
  /** The shared x coordinate (32 octets), or undefined when the peer's point is not an uncompressed one of the curve. */
  async agree(handle: PrivateKeyHandle, peer: Uint8Array): Promise<Uint8Array | undefined> {
    const privateKey = privateKeys.get(handle);
    if (privateKey === undefined) throw new TypeError('this private key was not made by this page');
    if (peer.length !== 65 || peer[0] !== 0x04) return undefined;
    let point: CryptoKey;
    try {
      point = await crypto.subtle.importKey('raw', toBufferSource(peer), ECDH_P256, false, []);
    } catch {
      return undefined;
    }
    return new Uint8Array(await crypto.subtle.deriveBits({ name: 'ECDH', public: point }, privateKey, COORDINATE_BITS));
  },
};
