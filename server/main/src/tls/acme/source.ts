import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { Clock, Log } from '@cardea/kit-runtime';
import { ServerError } from '../../errors.ts';
import type { PublicSource } from '../keeper.ts';
import { createAcmeClient, type Solve } from './client.ts';
import { certificateRequest } from './csr.ts';
import { showHttpProof } from './http-proof.ts';
import { newAccountKey } from './jws.ts';
import { type AcmeFiles, checkIssued } from './keep.ts';
import type { TlsAlpnDesk } from './tls-alpn.ts';
import type { AcmeTransport } from './transport.ts';

/** How a public certificate is asked for. */
export interface AcmeSettings {
  readonly directoryUrl: string;
  readonly email: string | undefined;
  /** The operator has said so in the configuration. */
  readonly termsAgreed: boolean;
  readonly names: readonly string[];
  readonly challenge: 'tls-alpn-01' | 'http-01';
  /** Where http-01 is answered; port 80 of the name has to lead there. */
  readonly http: { readonly host: string; readonly port: number };
}

/** The public certificate by ACME (RFC 8555): a new key each time, the account kept. */
export function acmeSource(options: {
  readonly settings: AcmeSettings;
  readonly files: AcmeFiles;
  readonly transport: AcmeTransport;
  readonly tlsAlpn: TlsAlpnDesk;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}): PublicSource {
  const { settings, files, clock } = options;
  const solve: Solve = async ({ type, name, token, keyAuthorization }) => {
    options.log.info('showing that a name is ours', { name, challenge: type });
    if (type === 'http-01') return showHttpProof(settings.http, token, keyAuthorization);
    const withdraw = await options.tlsAlpn.show(name, keyAuthorization, clock.now());
    return async () => withdraw();
  };

  const accountKey = async (): Promise<KeyObject> => {
    const kept = await files.accountKey(settings.directoryUrl);
    if (kept !== undefined) return kept;
    const made = newAccountKey();
    // Before its first use: an account whose key is lost with a power cut would stay behind.
    await files.writeAccountKey(settings.directoryUrl, made);
    return made;
  };

  return {
    name: new URL(settings.directoryUrl).host,
    kept: () => files.identity(settings.directoryUrl, settings.names),
    async obtain() {
      const client = createAcmeClient({
        directoryUrl: settings.directoryUrl,
        transport: options.transport,
        accountKey: await accountKey(),
        clock,
        signal: options.signal,
      });
      const terms = await client.termsOfService();
      if (terms !== undefined && !settings.termsAgreed) {
        throw new ServerError('acme', `${terms} has not been agreed to`, 'read it, then set acme_agree_tos to true');
      }
      await client.account({ email: settings.email, agreed: settings.termsAgreed });
      const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const chain = await client.obtain({
        names: settings.names,
        csr: await certificateRequest(privateKey, settings.names),
        challengeType: settings.challenge,
        solve,
      });
      let identity: ReturnType<typeof checkIssued>;
      try {
        identity = checkIssued(chain, privateKey, settings.names);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new ServerError('acme', `what the ACME server issued cannot be used (${reason})`, 'check acme_directory');
      }
      await files.writeIdentity(settings.directoryUrl, chain, privateKey);
      return identity;
    },
  };
}
