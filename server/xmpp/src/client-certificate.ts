import type { X509Certificate } from 'node:crypto';

/** id-kp-clientAuth (RFC 5280 4.2.1.12). */
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
/** One single name: an XmppAddr (RFC 6120 13.7.1.4) that is a bare address. */
const XMPP_ADDR = /^othername:XmppAddr:([a-z0-9._-]{1,128}@[a-z0-9.-]{1,253})$/;

/**
 * The bare address in a client's certificate, when the gateways' authority has issued it directly, it is for clients, it
 * is not an authority itself, `nowMs` (Unix) lies within its time, and the address is the only name in it. Whether its
 * key is the client's is for the TLS handshake to show.
 */
export function verifiedAddress(
  certificate: X509Certificate,
  authority: X509Certificate,
  nowMs: number,
): string | undefined {
  if (!certificate.checkIssued(authority) || !certificate.verify(authority.publicKey)) return undefined;
  if (nowMs < certificate.validFromDate.getTime() || nowMs >= certificate.validToDate.getTime()) return undefined;
  if (certificate.ca || certificate.keyUsage?.includes(CLIENT_AUTH) !== true) return undefined;
  return XMPP_ADDR.exec(certificate.subjectAltName ?? '')?.[1];
}
