import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { writeFileDurably } from '@cardea/kit-node';
import { ensureFolder } from '../files.ts';
import { issueCertificate } from './certificate.ts';

const DAY_MS = 86_400_000;
const AUTHORITY_DAYS = 3650;
/** Browsers and systems refuse server certificates that live longer than 398 days. */
const SERVER_DAYS = 397;
/** A certificate with less than this left is made anew. */
const RENEW_BEFORE_DAYS = 30;
const ISSUER = 'Cardea local authority';

/** What a TLS server of this machine shows: PEM texts; `authorityFile` is what a client has to trust. */
export interface ServerIdentity {
  readonly certificate: string;
  readonly key: string;
  /** PEM file to trust, or undefined when the certificate comes from an authority that the system knows. */
  readonly authorityFile: string | undefined;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  /** What was made anew at this call. */
  readonly made: readonly ('authority' | 'server')[];
}

/** The names by which this machine's server is reached, `publicHost` among them; each once. */
export function serverNames(publicHost: string): string[] {
  const own = hostname().toLowerCase();
  const names = ['localhost', '127.0.0.1', '::1', publicHost.toLowerCase()];
  if (/^[a-z0-9.-]+$/.test(own)) names.push(own);
  return [...new Set(names)];
}

/**
 * The server's identity under the local authority kept in `folder` (authority.pem, authority.key, server.pem, server.key).
 * Both are made at the first call. The server's is made anew 30 days before its end, or when it lacks one of `names`; the
 * authority when it is about to end or its name constraints do not cover `names`: then clients have to trust the new one.
 */
export async function localIdentity(folder: string, names: readonly string[], nowMs: number): Promise<ServerIdentity> {
  ensureFolder(folder);
  const files = {
    authority: join(folder, 'authority.pem'),
    authorityKey: join(folder, 'authority.key'),
    server: join(folder, 'server.pem'),
    serverKey: join(folder, 'server.key'),
    names: join(folder, 'authority.names.json'),
  };
  const made: ('authority' | 'server')[] = [];

  let authority = readPair(files.authority, files.authorityKey);
  const covered = readNames(files.names);
  if (
    authority === undefined ||
    endsSoon(authority.certificate, nowMs) ||
    !names.every((one) => covered.includes(one))
  ) {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    await writeFileDurably(files.authorityKey, privatePem(pair.privateKey));
    await writeFileDurably(
      files.authority,
      await issueCertificate({
        subject: ISSUER,
        subjectKey: pair.publicKey,
        issuer: ISSUER,
        issuerKey: pair.privateKey,
        issuerPublicKey: pair.publicKey,
        notBeforeMs: nowMs - DAY_MS,
        notAfterMs: nowMs + AUTHORITY_DAYS * DAY_MS,
        use: 'authority',
        names,
      }),
    );
    await writeFileDurably(files.names, `${JSON.stringify(names)}\n`);
    made.push('authority');
    authority = readPair(files.authority, files.authorityKey);
    if (authority === undefined) throw new Error('the authority that was just made does not read back');
  }

  let server = readPair(files.server, files.serverKey);
  if (
    server === undefined ||
    endsSoon(server.certificate, nowMs) ||
    !server.certificate.verify(authority.certificate.publicKey) ||
    !names.every((one) => coversName(server?.certificate, one))
  ) {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    await writeFileDurably(files.serverKey, privatePem(pair.privateKey));
    await writeFileDurably(
      files.server,
      await issueCertificate({
        subject: 'Cardea server',
        subjectKey: pair.publicKey,
        issuer: ISSUER,
        issuerKey: authority.key,
        issuerPublicKey: createPublicKey(authority.key),
        notBeforeMs: nowMs - DAY_MS,
        notAfterMs: nowMs + SERVER_DAYS * DAY_MS,
        use: 'server',
        names,
      }),
    );
    made.push('server');
    server = readPair(files.server, files.serverKey);
    if (server === undefined) throw new Error('the certificate that was just made does not read back');
  }

  return {
    certificate: readFileSync(files.server, 'utf8'),
    key: readFileSync(files.serverKey, 'utf8'),
    authorityFile: files.authority,
    notBeforeMs: server.certificate.validFromDate.getTime(),
    notAfterMs: server.certificate.validToDate.getTime(),
    made,
  };
}

/** Whether a certificate names this host or address. */
export function coversName(certificate: X509Certificate | undefined, one: string): boolean {
  if (certificate === undefined) return false;
  return (isIP(one) === 0 ? certificate.checkHost(one) : certificate.checkIP(one)) !== undefined;
}

const privatePem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

const endsSoon = (certificate: X509Certificate, nowMs: number): boolean =>
  certificate.validToDate.getTime() < nowMs + RENEW_BEFORE_DAYS * DAY_MS;

/** A certificate with its key, or undefined when either is missing, damaged or not of the other. */
function readPair(
  certificateFile: string,
  keyFile: string,
): { certificate: X509Certificate; key: KeyObject } | undefined {
  if (!existsSync(certificateFile) || !existsSync(keyFile)) return undefined;
  try {
    const certificate = new X509Certificate(readFileSync(certificateFile));
    const key = createPrivateKey(readFileSync(keyFile));
    return certificate.checkPrivateKey(key) ? { certificate, key } : undefined;
  } catch {
    return undefined;
  }
}

function readNames(path: string): readonly string[] {
  try {
    const names: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return Array.isArray(names) ? names.filter((one) => typeof one === 'string') : [];
  } catch {
    return [];
  }
}
