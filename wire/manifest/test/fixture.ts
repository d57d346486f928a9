import { webcrypto } from 'node:crypto';
import { toBase64 } from '@cardea/kit-octets';
import { type Manifest, type SignEs256, signManifest, type UnsignedManifest, type VerifyEs256 } from '../src/index.ts';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' };
const HASH = { name: 'ECDSA', hash: 'SHA-256' };

export const point = Uint8Array.from({ length: 65 }, (_, at) => (at === 0 ? 4 : at));

export const unsigned: UnsignedManifest = {
  version: 1,
  maker: 'cardea',
  model: 'door-lock',
  issued_at: '2026-01-31T09:00:00Z',
  locks: [
    {
      identifier: 'C0DEA0000101',
      model: 'c-one',
      bluetooth: '5.0',
      factory_key: '00'.repeat(32),
      serial_public_key: toBase64(point),
      printed_code_hash: 'ab'.repeat(32),
    },
    {
      identifier: 'C0DEA0000102',
      model: 'c-one',
      bluetooth: '4.2',
      factory_key: '11'.repeat(32),
      serial_public_key: toBase64(point),
      printed_code_hash: 'cd'.repeat(32),
    },
  ],
};

/** A maker: its public key, and how it signs. */
export async function makeMaker(): Promise<{ publicKey: Uint8Array; sign: SignEs256; verify: VerifyEs256 }> {
  const pair = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  return {
    publicKey: new Uint8Array(await webcrypto.subtle.exportKey('raw', pair.publicKey)),
    sign: async (message) =>
      new Uint8Array(await webcrypto.subtle.sign(HASH, pair.privateKey, Uint8Array.from(message))),
    verify: async (publicKey, message, signature) => {
      const key = await webcrypto.subtle.importKey('raw', Uint8Array.from(publicKey), ALGORITHM, false, ['verify']);
      return webcrypto.subtle.verify(HASH, key, Uint8Array.from(signature), Uint8Array.from(message));
    },
  };
}

export async function makeSigned(): Promise<{ manifest: Manifest; publicKey: Uint8Array; verify: VerifyEs256 }> {
  const { publicKey, sign, verify } = await makeMaker();
  return { manifest: await signManifest(unsigned, sign), publicKey, verify };
}
