import type { X509Certificate } from 'node:crypto';

/** What a person wants to know of a certificate. */
export interface CertificateFacts {
  readonly subject: string;
  readonly issuer: string;
  readonly names: readonly string[];
  readonly not_before: string;
  readonly not_after: string;
  readonly days_left: number;
  /** `EC P-256`, `RSA 2048`, ... */
  readonly key: string;
  readonly key_bits: number | null;
  readonly signature: string;
  readonly authority: boolean;
  /** Where its withdrawal is told: OCSP answerers and revocation lists. */
  readonly ocsp: readonly string[];
  readonly revocation_lists: readonly string[];
  readonly sha256: string;
}

const DAY_MS = 86_400_000;
const CURVES: Readonly<Record<string, string>> = { prime256v1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' };
/** cRLDistributionPoints (RFC 5280, 4.2.1.13), DER of its object identifier. */
const CRL_POINTS = Buffer.from('0603551d1f', 'hex');

/** The facts of `certificate` at a moment. */
export function factsOf(certificate: X509Certificate, nowMs: number): CertificateFacts {
  const key = keyOf(certificate);
  return {
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    names: certificate.subjectAltName === undefined ? [] : certificate.subjectAltName.split(', '),
    not_before: certificate.validFromDate.toISOString(),
    not_after: certificate.validToDate.toISOString(),
    days_left: Math.floor((certificate.validToDate.getTime() - nowMs) / DAY_MS),
    key: key.text,
    key_bits: key.bits,
    signature: certificate.signatureAlgorithm ?? 'unknown',
    authority: certificate.ca,
    ocsp: [...(certificate.infoAccess ?? '').matchAll(/^OCSP - URI:(\S+)$/gm)].map((match) => match[1] ?? ''),
    revocation_lists: revocationLists(certificate.raw),
    sha256: certificate.fingerprint256,
  };
}

function keyOf({ publicKey }: X509Certificate): { readonly text: string; readonly bits: number | null } {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = publicKey;
  if (type === 'ec') {
    const curve = details?.namedCurve ?? '?';
    const bits = Number(/\d{3}/.exec(curve)?.[0] ?? Number.NaN);
    return { text: `EC ${CURVES[curve] ?? curve}`, bits: Number.isNaN(bits) ? null : bits };
  }
  const bits = details?.modulusLength ?? null;
  return { text: `${(type ?? 'unknown').toUpperCase()}${bits === null ? '' : ` ${bits}`}`, bits };
}

/**
 * The http URLs of the CRL distribution points, which Node does not show: the extension's value is an OCTET STRING after
 * its identifier (and a truth value), in which each URL is a uniformResourceIdentifier [6].
 */
function revocationLists(der: Buffer): string[] {
  const at = der.indexOf(CRL_POINTS);
  if (at < 0) return [];
  let next = at + CRL_POINTS.length;
  if (der[next] === 0x01) next += 3;
  const value = readElement(der, next);
  if (value === undefined || value.tag !== 0x04) return [];
  const found: string[] = [];
  for (let i = value.from; i < value.to; i++) {
    const element = der[i] === 0x86 ? readElement(der, i) : undefined;
    const url = element === undefined ? '' : der.toString('latin1', element.from, Math.min(element.to, value.to));
    if (/^https?:\/\/[\x21-\x7e]+$/.test(url)) found.push(url);
  }
  return found;
}

/** One DER element: its tag, and where its content is. */
function readElement(
  der: Buffer,
  at: number,
): { readonly tag: number; readonly from: number; readonly to: number } | undefined {
  const tag = der[at];
  const first = der[at + 1];
  if (tag === undefined || first === undefined) return undefined;
  const lengthOctets = first < 0x80 ? 0 : first & 0x7f;
  if (lengthOctets > 3 || at + 2 + lengthOctets > der.length) return undefined;
  const length = lengthOctets === 0 ? first : der.readUIntBE(at + 2, lengthOctets);
  const from = at + 2 + lengthOctets;
  return { tag, from, to: from + length };
}

const oneLine = (text: string): string => text.split('\n').join(', ');
