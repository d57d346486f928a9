import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Envelope, EnvelopeError, writeFileDurably } from '@cardea/kit-node';
import { Secret } from '@cardea/kit-runtime';
import { ensureFolder } from '../../files.ts';
import type { ServerIdentity } from '../authority.ts';

/**
 * What is kept of ACME in `folder`, sealed, mode 0600. Certificate and key are one file, so that no power cut parts them.
 *
 *     account      {directory, key}             the account's key belongs to one ACME server
 *     certificate  {directory, chain, key}      PEM
 */
export interface AcmeFiles {
  accountKey(directory: string): Promise<KeyObject | undefined>;
  writeAccountKey(directory: string, key: KeyObject): Promise<void>;
  /** The certificate that `directory` issued for all of `names`, whatever its dates; undefined when there is none. */
  identity(directory: string, names: readonly string[]): Promise<ServerIdentity | undefined>;
  writeIdentity(directory: string, chain: string, key: KeyObject): Promise<void>;
}

const CONTEXT = { account: 'acme account 1', certificate: 'acme certificate 1' };

export function acmeFiles(folder: string, envelope: Envelope): AcmeFiles {
  ensureFolder(folder);
  const read = async (name: keyof typeof CONTEXT): Promise<Record<string, string> | undefined> => {
    let sealed: Buffer;
    try {
      sealed = await readFile(join(folder, name));
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    }
    try {
      return JSON.parse(new TextDecoder().decode(envelope.open(new Uint8Array(sealed), CONTEXT[name]).reveal()));
    } catch (error) {
      // A damaged file, or one of another envelope key, is made anew: both can be had again.
      if (error instanceof EnvelopeError || error instanceof SyntaxError) return undefined;
      throw error;
    }
  };
  const write = async (name: keyof typeof CONTEXT, content: Record<string, string>): Promise<void> => {
    const text = new Secret(new TextEncoder().encode(JSON.stringify(content)));
    await writeFileDurably(join(folder, name), envelope.seal(text, CONTEXT[name]), 0o600);
  };
  return {
    async accountKey(directory) {
      const kept = await read('account');
      return kept?.directory === directory && kept.key !== undefined ? createPrivateKey(kept.key) : undefined;
    },
    writeAccountKey: (directory, key) => write('account', { directory, key: pem(key) }),
    async identity(directory, names) {
      const kept = await read('certificate');
      if (kept?.directory !== directory || kept.chain === undefined || kept.key === undefined) return undefined;
      const certificate = new X509Certificate(kept.chain);
      if (!names.every((name) => certificate.checkHost(name) !== undefined)) return undefined;
      return issuedIdentity(kept.chain, kept.key);
    },
    writeIdentity: (directory, chain, key) => write('certificate', { directory, chain, key: pem(key) }),
  };
}

/**
 * What came back as an identity: a chain whose leaf is of our key. @throws TypeError when it is not, or for other names
 */
export function checkIssued(chain: string, key: KeyObject, names: readonly string[]): ServerIdentity {
  const certificate = new X509Certificate(chain);
  if (!certificate.publicKey.equals(createPublicKey(key))) throw new TypeError('the certificate is of another key');
  if (!names.every((name) => certificate.checkHost(name) !== undefined)) {
    throw new TypeError('the certificate is for other names');
  }
  return issuedIdentity(chain, pem(key));
}

function issuedIdentity(chain: string, key: string): ServerIdentity {
  const { validFromDate, validToDate } = new X509Certificate(chain);
  return {
    certificate: chain,
    key,
    authorityFile: undefined,
    notBeforeMs: validFromDate.getTime(),
    notAfterMs: validToDate.getTime(),
    made: [],
  };
}

const pem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();
