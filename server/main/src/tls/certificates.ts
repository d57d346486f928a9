import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TlsOptions } from 'node:tls';
import { type Envelope, systemRandom } from '@cardea/kit-node';
import type { Clock, Log } from '@cardea/kit-runtime';
import type { ServerConfig } from '../config.ts';
import { ServerError } from '../errors.ts';
import { acmeFiles } from './acme/keep.ts';
import { acmeSource } from './acme/source.ts';
import { createTlsAlpnDesk, type TlsAlpnDesk } from './acme/tls-alpn.ts';
import { httpsTransport } from './acme/transport.ts';
import { localIdentity, type ServerIdentity, serverNames } from './authority.ts';
import { configuredIdentity } from './configured.ts';
import { type CertificateNews, createCertificateKeeper, type PublicSource, type UsualSource } from './keeper.ts';
import { createShownCertificates, type ShownCertificates } from './shown.ts';

const DIRECTORIES: Readonly<Record<string, string>> = {
  letsencrypt: 'https://acme-v02.api.letsencrypt.org/directory',
  'letsencrypt-staging': 'https://acme-staging-v02.api.letsencrypt.org/directory',
};
const LOOK_AT_FILES_MS = 30_000;
const LOOK_AT_AUTHORITY_MS = 3_600_000;
/** How long sessions can be resumed by the same keys (RFC 9325, 7.4: they are a key to what was said meanwhile). */
const TICKET_KEYS_MS = 6 * 3_600_000;

/** A listener that can show another certificate while it listens. */
export interface RenewableListener {
  renew(options: TlsOptions): void;
  forgetTickets(): void;
}

/** The server's certificates while it runs. */
export interface Certificates {
  readonly shown: ShownCertificates;
  /** Options for the HTTPS and the XMPP listener. */
  https(): TlsOptions;
  xmpp(): TlsOptions;
  /** Begins to renew, for these listeners; `onNews` is what the operator should hear. */
  start(
    listeners: { readonly https: RenewableListener; readonly xmpp: RenewableListener },
    onNews: (news: CertificateNews) => void,
  ): Promise<void>;
  /** Looks at everything now. */
  reload(): Promise<void>;
  stop(): void;
}

/** Opens what is shown by TLS under `folder`. @throws ServerError `certificate`, `folder` */
export async function openCertificates(options: {
  readonly config: ServerConfig;
  readonly folder: string;
  readonly envelope: Envelope;
  readonly clock: Clock;
  readonly log: Log;
  readonly version: string;
}): Promise<Certificates> {
  const { config, clock, log } = options;
  const usual = usualSource(config, join(options.folder, 'tls'), log);
  const shown = createShownCertificates(await usual.read(clock.now()), config.publicHost);
  const ended = new AbortController();
  const tlsAlpn = createTlsAlpnDesk();
  const fromAuthority = publicSource({ ...options, tlsAlpn, signal: ended.signal });
  let news: (news: CertificateNews) => void = () => {};
  const keeper = createCertificateKeeper({
    clock,
    log,
    draw: drawFraction,
    shown,
    usual,
    public: fromAuthority,
    onNews: (one) => news(one),
  });
  const https = (): TlsOptions => shown.options(['http/1.1'], tlsAlpn.answer);
  const xmpp = (): TlsOptions => shown.options(['xmpp-client']);
  let cancelTickets = (): void => {};
  return {
    shown,
    https,
    xmpp,
    async start(listeners, onNews) {
      news = onNews;
      shown.onChange(() => {
        listeners.https.renew(https());
        listeners.xmpp.renew(xmpp());
      });
      const turn = (): void => {
        listeners.https.forgetTickets();
        listeners.xmpp.forgetTickets();
        cancelTickets = clock.after(TICKET_KEYS_MS, turn);
      };
      cancelTickets = clock.after(TICKET_KEYS_MS, turn);
      await keeper.start();
    },
    reload: () => keeper.reload(),
    stop() {
      ended.abort();
      cancelTickets();
      keeper.stop();
    },
  };
}

/** The operator's own certificate, or one of the local authority kept in `folder`. */
export function usualSource(config: ServerConfig, folder: string, log: Log): UsualSource {
  const { tlsCertFile, tlsKeyFile } = config;
  if (tlsCertFile !== undefined && tlsKeyFile !== undefined) {
    return {
      everyMs: LOOK_AT_FILES_MS,
      read: async (nowMs) => configuredIdentity(tlsCertFile, tlsKeyFile, config.publicHost, nowMs),
    };
  }
  return { everyMs: LOOK_AT_AUTHORITY_MS, read: (nowMs) => ownIdentity(folder, config, log, nowMs) };
}

async function ownIdentity(folder: string, config: ServerConfig, log: Log, nowMs: number): Promise<ServerIdentity> {
  const identity = await localIdentity(folder, serverNames(config.publicHost), nowMs);
  if (identity.made.includes('authority')) {
    log.warn('a new local authority was made: clients have to trust it', { file: identity.authorityFile });
  }
  return identity;
}

function publicSource(options: {
  readonly config: ServerConfig;
  readonly folder: string;
  readonly envelope: Envelope;
  readonly clock: Clock;
  readonly log: Log;
  readonly version: string;
  readonly tlsAlpn: TlsAlpnDesk;
  readonly signal: AbortSignal;
}): PublicSource | undefined {
  const { config, clock, log, signal } = options;
  if (config.publicUrl === undefined || config.tlsCertFile !== undefined) return undefined;
  return acmeSource({
    settings: {
      directoryUrl: DIRECTORIES[config.acmeDirectory] ?? config.acmeDirectory,
      email: config.acmeEmail,
      termsAgreed: config.acmeAgreeTos,
      names: [config.publicHost],
      challenge: config.acmeChallenge,
      http: { host: config.host, port: config.acmeHttpPort },
    },
    files: acmeFiles(join(options.folder, 'tls', 'acme'), options.envelope),
    transport: httpsTransport({
      ca: config.acmeCaFile === undefined ? undefined : readAuthority(config.acmeCaFile),
      userAgent: `cardea/${options.version}`,
      signal,
    }),
    tlsAlpn: options.tlsAlpn,
    clock,
    log,
    signal,
  });
}

function readAuthority(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ServerError('certificate', `acme_ca_file: ${path} cannot be read (${reason})`, 'correct the path');
  }
}

/** From 0 to 1, evenly. */
const drawFraction = (): number =>
  systemRandom.octets(4).reduce((value, octet) => value * 256 + octet, 0) / (2 ** 32 - 1);
