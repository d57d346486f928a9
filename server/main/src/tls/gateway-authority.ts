import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { verifyP256, writeFileDurably } from '@cardea/kit-node';
import { enrolmentProof } from '@cardea/wire-route';
import { ServerError } from '../errors.ts';
import { ensureFolder } from '../files.ts';
import { issueCertificate } from './certificate.ts';

const DAY_MS = 86_400_000;
const AUTHORITY_DAYS = 3650;
/** A gateway whose certificate has ended signs in by its password; enrolling it again brings a new one. */
const GATEWAY_DAYS = 1825;
const RENEW_BEFORE_DAYS = 30;
const ISSUER = 'Cardea gateways';
/** SubjectPublicKeyInfo of an uncompressed P-256 point, up to the point (RFC 5480). */
const SPKI_HEAD = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d030107034200', 'hex');

/** Issues the certificates by which gateways sign in (SASL EXTERNAL). It is no authority for anything else. */
export interface GatewayAuthority {
  /** Its own certificate, PEM. */
  readonly certificate: string;
  /** Whether whoever holds `token` also holds the private half of `publicKey` (P-256, uncompressed: 65 octets). */
  isProved(token: string, publicKey: Uint8Array, proof: Uint8Array): boolean;
  /** A certificate (PEM) for that key that names the bare `address`. */
  issue(address: string, publicKey: Uint8Array): Promise<string>;
}

/**
 * The authority kept in `folder` (gateways.pem, gateways.key), made at the first call and 30 days before its end: then
 * gateways sign in by password until they are enrolled again. @throws ServerError `certificate` when its files are damaged
 */
export async function openGatewayAuthority(folder: string, nowMs: () => number): Promise<GatewayAuthority> {
  ensureFolder(folder);
  const file = join(folder, 'gateways.pem');
  const keyFile = join(folder, 'gateways.key');
  let pair = read(file, keyFile);
  if (pair === undefined || pair.endsMs < nowMs() + RENEW_BEFORE_DAYS * DAY_MS) {
    await make(file, keyFile, nowMs());
    pair = read(file, keyFile);
    if (pair === undefined) throw new Error('the authority that was just made does not read back');
  }
  const { certificate, key } = pair;
  return {
    certificate,
    isProved: (token, publicKey, proof) => verifyP256(publicKey, enrolmentProof(token), proof),
    issue: (address, publicKey) =>
      issueCertificate({
        subject: 'Cardea gateway',
        subjectKey: createPublicKey({ key: Buffer.concat([SPKI_HEAD, publicKey]), format: 'der', type: 'spki' }),
        issuer: ISSUER,
        issuerKey: key,
        issuerPublicKey: createPublicKey(key),
        notBeforeMs: nowMs() - DAY_MS,
        notAfterMs: nowMs() + GATEWAY_DAYS * DAY_MS,
        use: 'gateway',
        names: [address],
      }),
  };
}

async function make(file: string, keyFile: string, nowMs: number): Promise<void> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  await writeFileDurably(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  await writeFileDurably(
    file,
    await issueCertificate({
      subject: ISSUER,
      subjectKey: publicKey,
      issuer: ISSUER,
      issuerKey: privateKey,
      issuerPublicKey: publicKey,
      notBeforeMs: nowMs - DAY_MS,
      notAfterMs: nowMs + AUTHORITY_DAYS * DAY_MS,
      use: 'gateways',
      names: [],
    }),
  );
}

function read(
  file: string,
  keyFile: string,
): { readonly certificate: string; readonly key: KeyObject; readonly endsMs: number } | undefined {
  if (!existsSync(file) || !existsSync(keyFile)) return undefined;
  try {
    const certificate = readFileSync(file, 'utf8');
    const key = createPrivateKey(readFileSync(keyFile));
    const parsed = new X509Certificate(certificate);
    if (!parsed.checkPrivateKey(key)) throw new Error('the key is another certificate’s');
    return { certificate, key, endsMs: parsed.validToDate.getTime() };
  } catch {
    throw new ServerError(
      'certificate',
      `${file} and ${keyFile} are damaged or do not belong together`,
      'restore them from a backup, or remove both: then gateways sign in by password until they are enrolled again',
    );
  }
}
