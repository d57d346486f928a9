import { toBufferSource } from './buffer-source.ts';

const ECDSA_P256 = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const ES256 = { name: 'ECDSA', hash: 'SHA-256' } as const;

/**
 * Whether the holder of `publicKey` (P-256, uncompressed, 65 octets) signed `message` by ES256 (`signature` r | s, 64
 * octets). False, too, for what is no point of the curve.
 */
export async function webVerify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  if (publicKey.length !== 65 || publicKey[0] !== 0x04) return false;
  let key: CryptoKey;
  try {
    key = await crypto.subtle.importKey('raw', toBufferSource(publicKey), ECDSA_P256, false, ['verify']);
  } catch {
    return false;
  }
  return crypto.subtle.verify(ES256, key, toBufferSource(signature), toBufferSource(message));
}
