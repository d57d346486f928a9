import { fromBase64, toBase64 } from '@cardea/kit-octets';
import { canonicalManifest } from './canonical.ts';
import type { Manifest, UnsignedManifest } from './manifest.ts';

/** ES256 of a message by the maker's private key: r | s (64 octets). */
export type SignEs256 = (message: Uint8Array) => Promise<Uint8Array>;
/** Whether `signature` (r | s, 64) is ES256 over `message` by the uncompressed public key (65). */
export type VerifyEs256 = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => Promise<boolean>;

/** The manifest with the maker's signature over its canonical JSON. */
export async function signManifest(manifest: UnsignedManifest, sign: SignEs256): Promise<Manifest> {
  const { version, maker, model, issued_at, locks } = manifest;
  return { version, maker, model, issued_at, locks, signature: toBase64(await sign(canonicalManifest(manifest))) };
}

/** Whether the maker whose public key this is (uncompressed, 65 octets) signed exactly this manifest. */
export function verifyManifest(manifest: Manifest, publicKey: Uint8Array, verify: VerifyEs256): Promise<boolean> {
  return verifyCanonicalManifest(canonicalManifest(manifest), manifest.signature, publicKey, verify);
}

/** Whether `signature` (base64) is the maker's over these octets of {@link canonicalManifest}. */
export function verifyCanonicalManifest(
  canonical: Uint8Array,
  signature: string,
  publicKey: Uint8Array,
  verify: VerifyEs256,
): Promise<boolean> {
  return verify(publicKey, canonical, fromBase64(signature, 'signature'));
}
