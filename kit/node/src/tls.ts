import { constants } from 'node:crypto';
import { isIP } from 'node:net';
import {
  type ConnectionOptions,
  checkServerIdentity,
  getCACertificates,
  type PeerCertificate,
  type SecureContextOptions,
  type TlsOptions,
} from 'node:tls';

/**
 * The suites that are spoken, best first: each with forward secrecy and authenticated encryption (RFC 9325, 4.2). A CBC
 * suite, a suite with the server's static key, an anonymous one: none can be agreed on, whatever the other side offers.
 */
export const TLS_SUITES: readonly string[] = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
];

/**
 * Offered among the protocols (ALPN, RFC 7301) by whoever has pinned the server's local authority: the server then shows
 * that authority's certificate, also under a name for which it holds a publicly trusted one. It is never agreed on itself,
 * and a server that does not know it passes over it.
 */
export const LOCAL_AUTHORITY_ALPN = 'x-cardea-local-authority';

/** What holds for every TLS side of ours; said outright, so that neither NODE_OPTIONS nor an environment lowers it. */
const BOTH = { minVersion: 'TLSv1.2', ciphers: TLS_SUITES.join(':') } as const satisfies SecureContextOptions;

/** A listener's bounds: TLS 1.2 or newer (RFC 8996), {@link TLS_SUITES}, no renegotiation (RFC 9325, 3.5). */
export const TLS_SERVER: Readonly<TlsOptions> = {
  ...BOTH,
  honorCipherOrder: true,
  secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
};

/**
 * A client's bounds: as {@link TLS_SERVER}, the chain checked whatever NODE_TLS_REJECT_UNAUTHORIZED says, and the name as
 * {@link checkServerName} does.
 */
export const TLS_CLIENT = {
  ...BOTH,
  secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
  rejectUnauthorized: true,
  checkServerIdentity: checkServerName,
} as const satisfies ConnectionOptions;

/**
 * Whom a client trusts: `pinned` (PEM) and no other; without it the authorities that come with Node and those that the
 * system's administrator has added, which Node by itself would pass over.
 */
export function trustedAuthorities(pinned: string | undefined): string | string[] {
  if (pinned !== undefined) return pinned;
  known ??= [...new Set([...getCACertificates('default'), ...getCACertificates('system')])];
  return known;
}

/** Read once: the system's are some hundred files. */
let known: string[] | undefined;

/**
 * Whether a certificate is for `name` (a host name or an address): by its subject alternative names alone (RFC 9525, 6.3
 * and 6.4). Node also takes a subject's common name when there are none, which no authority has vouched for.
 * Returns what is wrong, or undefined.
 */
export function checkServerName(name: string, certificate: Pick<PeerCertificate, 'subjectaltname'>): Error | undefined {
  const names = certificate.subjectaltname ?? '';
  const kind = isIP(name) === 0 ? 'DNS:' : 'IP Address:';
  if (!names.includes(kind)) {
    const error = new Error(`the certificate has no subject alternative name of the kind ${kind.slice(0, -1)}`);
    return Object.assign(error, { code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  }
  // With an alternative name of this kind Node looks at nothing else of the certificate.
  return checkServerIdentity(name, certificate as PeerCertificate);
}
