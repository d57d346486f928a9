import 'reflect-metadata';
import { createPublicKey, type KeyObject, webcrypto } from 'node:crypto';
import { Pkcs10CertificateRequestGenerator, SubjectAlternativeNameExtension } from '@peculiar/x509';

const ECDSA_P256 = { name: 'ECDSA', namedCurve: 'P-256' };

/** A certificate request (PKCS #10, DER) for DNS names, signed by `key` (P-256) with ECDSA and SHA-256. */
export async function certificateRequest(key: KeyObject, names: readonly string[]): Promise<Uint8Array> {
  const request = await Pkcs10CertificateRequestGenerator.create(
    {
      keys: {
        privateKey: key.toCryptoKey(ECDSA_P256, false, ['sign']),
        publicKey: createPublicKey(key).toCryptoKey(ECDSA_P256, true, ['verify']),
      },
      signingAlgorithm: { ...ECDSA_P256, hash: 'SHA-256' },
      // No subject: a common name is limited to 64 characters and counts for nothing (RFC 9525).
      extensions: [new SubjectAlternativeNameExtension(names.map((value) => ({ type: 'dns', value })))],
    },
    webcrypto,
  );
  return new Uint8Array(request.rawData);
}
