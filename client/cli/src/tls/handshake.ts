import { constants, type X509Certificate } from 'node:crypto';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import {
  type ConnectionOptions,
  checkServerIdentity,
  connect,
  type SecureVersion,
  type TLSSocket,
  type TLSSocketOptions,
} from 'node:tls';
import { trustedAuthorities } from '@cardea/kit-node';
import { startTls } from './start-tls.ts';

/** Where TLS is spoken, and how it begins. */
export interface Target {
  readonly host: string;
  readonly port: number;
  /** The name that the certificate has to carry, and that is asked for (SNI). */
  readonly name: string;
  readonly begins: 'direct' | 'starttls';
  readonly alpn: readonly string[];
  /** PEM of the one authority that is trusted; without it those that the system knows. */
  readonly ca: string | undefined;
}

/** How one handshake is limited; what is not said is the library's own. */
export interface Limits {
  readonly version?: SecureVersion;
  /** OpenSSL's names of suites for TLS 1.2 and older. */
  readonly suites?: string;
}

/** How a handshake ended. */
export type Outcome =
  | {
      readonly kind: 'agreed';
      readonly version: string;
      readonly suite: string;
      readonly group: string | undefined;
      readonly alpn: string | undefined;
      /** The leaf first, as far as it was sent or is known here. */
      readonly chain: readonly X509Certificate[];
      /** Why the chain is not trusted; undefined when it is. */
      readonly distrusted: string | undefined;
      /** Octets of an OCSP answer that came with it. */
      readonly stapledOctets: number;
      readonly roundTripMs: number;
    }
  /** The other side said no, or hung up. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** This machine cannot ask for such a thing: nothing was learned. */
  | { readonly kind: 'not_tried'; readonly reason: string };

const WITHIN_MS = 5_000;
const MOST_CERTIFICATES = 10;
/** What this machine's own OpenSSL says when it has no such version or suite. */
const OURS = /NO_CIPHER_MATCH|NO_PROTOCOLS_AVAILABLE|NO_CIPHERS_AVAILABLE|UNSUPPORTED_PROTOCOL.*local/;

/** Shakes hands with `target` within `limits`, and hands the open connection to `use`, which is closed afterwards. */
export async function handshake(
  target: Target,
  limits: Limits = {},
  use: (socket: TLSSocket) => Promise<void> = async () => {},
): Promise<Outcome> {
  const beganMs = performance.now();
  let under: Socket | undefined;
  try {
    if (target.begins === 'starttls') {
      under = await tcp(target);
      await startTls(under, target.name);
    }
    const opened = await secure(target, limits, under);
    try {
      const outcome = describe(opened, performance.now() - beganMs);
      await use(opened.socket);
      return outcome;
    } finally {
      opened.socket.destroy();
    }
  } catch (error) {
    const reason = reasonOf(error);
    return OURS.test(reason) ? { kind: 'not_tried', reason } : { kind: 'refused', reason };
  } finally {
    under?.destroy();
  }
}

/** A TCP connection. Rejects with the system's error, or when there is no answer in time. */
export function tcp({ host, port }: Pick<Target, 'host' | 'port'>): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connectTcp({ host, port });
    socket.setTimeout(WITHIN_MS, () => socket.destroy(new Error(`no answer within ${WITHIN_MS / 1000} s`)));
    socket.once('connect', () => resolve(socket));
    socket.on('error', reject);
  });
}

interface Opened {
  readonly socket: TLSSocket;
  readonly stapledOctets: number;
}

function secure(target: Target, { version, suites }: Limits, under: Socket | undefined): Promise<Opened> {
  return new Promise((resolve, reject) => {
    let stapledOctets = 0;
    const options: ConnectionOptions & TLSSocketOptions = {
      ...(under === undefined ? { host: target.host, port: target.port } : { socket: under }),
      ...(isIP(target.name) === 0 ? { servername: target.name } : {}),
      ca: trustedAuthorities(target.ca),
      ...(version === undefined ? {} : { minVersion: version, maxVersion: version }),
      // Old versions and weak suites have to be asked for outright: else it is this side that refuses.
      ...(version !== undefined || suites !== undefined ? { ciphers: `${suites ?? 'ALL'}:@SECLEVEL=0` } : {}),
      secureOptions: constants.SSL_OP_LEGACY_SERVER_CONNECT,
      ALPNProtocols: [...target.alpn],
      requestOCSP: true,
      // It is looked at, never trusted: nothing is sent over it but a request without any secret.
      rejectUnauthorized: false,
      checkServerIdentity,
    };
    const socket = connect(options);
    socket.setTimeout(WITHIN_MS, () => socket.destroy(new Error(`no answer within ${WITHIN_MS / 1000} s`)));
    socket.on('OCSPResponse', (answer: Buffer | null) => {
      stapledOctets = answer?.length ?? 0;
    });
    socket.once('secureConnect', () => resolve({ socket, stapledOctets }));
    socket.on('error', reject);
    socket.once('close', () => reject(new Error('closed by the other side')));
  });
}

function describe({ socket, stapledOctets }: Opened, roundTripMs: number): Outcome {
  const chain: X509Certificate[] = [];
  let next = socket.getPeerX509Certificate();
  while (next !== undefined && chain.length < MOST_CERTIFICATES) {
    chain.push(next);
    next = next.issuerCertificate;
  }
  const group = socket.getEphemeralKeyInfo();
  const distrusted: unknown = socket.authorizationError;
  return {
    kind: 'agreed',
    version: socket.getProtocol() ?? 'unknown',
    suite: socket.getCipher().standardName,
    group: group !== null && 'name' in group && group.name !== undefined ? group.name : undefined,
    alpn: socket.alpnProtocol === false || socket.alpnProtocol === null ? undefined : socket.alpnProtocol,
    chain,
    // The name is judged apart.
    distrusted:
      distrusted === null || distrusted === undefined || isAboutName(distrusted) ? undefined : reasonOf(distrusted),
    stapledOctets,
    roundTripMs,
  };
}

const isAboutName = (error: unknown): boolean => reasonOf(error).includes('ERR_TLS_CERT_ALTNAME_INVALID');

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}
