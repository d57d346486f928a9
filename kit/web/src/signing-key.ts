import { toBufferSource } from './buffer-source.ts';

const ECDSA_P256 = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const ES256 = { name: 'ECDSA', hash: 'SHA-256' } as const;

/** A P-256 key that signs, and that no script can read. */
export interface WebSigningKey {
  /** Uncompressed, 65 octets. */
  readonly publicKey: Uint8Array;
  /** ES256: r | s (64 octets). */
  sign(message: Uint8Array): Promise<Uint8Array>;
}

/**
 * Makes a pair whose private half no script can read. IndexedDB keeps it as it is (structured clone of a CryptoKey); as
 * text it can never be had.
 */
export function generateSigningKey(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(ECDSA_P256, false, ['sign', 'verify']);
}

/** A pair of {@link generateSigningKey}, ready to sign. @throws TypeError when its private half could be read */
export async function signingKey({ publicKey, privateKey }: CryptoKeyPair): Promise<WebSigningKey> {
  if (privateKey.extractable) throw new TypeError('a signing key must not be extractable');
  const point = new Uint8Array(await crypto.subtle.exportKey('raw', publicKey));
  return {
    publicKey: point,
    sign: async (message) => new Uint8Array(await crypto.subtle.sign(ES256, privateKey, toBufferSource(message))),
  };
}
