import { createHash, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIP, isIPv6 } from 'node:net';
import {
  bitString,
  boolean,
  element,
  explicit,
  implicit,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  set,
  time,
  utf8String,
} from './der.ts';

/** What an X.509 version 3 certificate (RFC 5280) of the local authority says. */
export interface CertificateContent {
  readonly subject: string;
  readonly subjectKey: KeyObject;
  readonly issuer: string;
  readonly issuerKey: KeyObject;
  readonly issuerPublicKey: KeyObject;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  /** The authority's own certificate, or one for a TLS server; `names` are host names and addresses. */
  readonly use: 'authority' | 'server';
  /** For a server its subject alternative names; for an authority all that it may ever sign (name constraints). */
  readonly names: readonly string[];
}

/** A PEM certificate, signed with ECDSA and SHA-256 by the issuer's P-256 key. */
export function issueCertificate(content: CertificateContent): string {
  const algorithm = sequence(objectIdentifier('1.2.840.10045.4.3.2'));
  const toBeSigned = sequence(
    explicit(0, integer(Uint8Array.of(2))),
    // 20 octets at most, positive and unpredictable (RFC 5280, 4.1.2.2).
    integer(Uint8Array.of(0x40 | ((randomBytes(1)[0] ?? 0) & 0x3f), ...randomBytes(15))),
    algorithm,
    name(content.issuer),
    sequence(time(content.notBeforeMs), time(content.notAfterMs)),
    name(content.subject),
    spki(content.subjectKey),
    explicit(3, sequence(...extensions(content))),
  );
  const signature = sign('sha256', toBeSigned, content.issuerKey);
  return pem(sequence(toBeSigned, algorithm, bitString(signature)));
}

function extensions(content: CertificateContent): Uint8Array[] {
  const keyIdentifiers = [
    extension('2.5.29.14', false, octetString(keyIdentifier(content.subjectKey))),
    extension('2.5.29.35', false, sequence(implicit(0, keyIdentifier(content.issuerPublicKey)))),
  ];
  if (content.use === 'authority') {
    return [
      // CA, with no authority below it; keyCertSign and cRLSign.
      extension('2.5.29.19', true, sequence(boolean(true), integer(Uint8Array.of(0)))),
      extension('2.5.29.15', true, bitString(Uint8Array.of(0x06), 1)),
      extension('2.5.29.30', true, sequence(element(0xa0, ...content.names.map((one) => sequence(subtree(one)))))),
      ...keyIdentifiers,
    ];
  }
  return [
    extension('2.5.29.19', true, sequence()),
    // digitalSignature; serverAuth.
    extension('2.5.29.15', true, bitString(Uint8Array.of(0x80), 7)),
    extension('2.5.29.37', false, sequence(objectIdentifier('1.3.6.1.5.5.7.3.1'))),
    extension('2.5.29.17', false, sequence(...content.names.map(generalName))),
    ...keyIdentifiers,
  ];
}

function extension(identifier: string, critical: boolean, value: Uint8Array): Uint8Array {
  return sequence(objectIdentifier(identifier), ...(critical ? [boolean(true)] : []), octetString(value));
}

const name = (commonName: string): Uint8Array =>
  sequence(set(sequence(objectIdentifier('2.5.4.3'), utf8String(commonName))));

const spki = (key: KeyObject): Uint8Array => key.export({ type: 'spki', format: 'der' });

const keyIdentifier = (key: KeyObject): Uint8Array => createHash('sha256').update(spki(key)).digest().subarray(0, 20);

/** dNSName [2] or iPAddress [7] (RFC 5280, 4.2.1.6). */
function generalName(one: string): Uint8Array {
  return isIP(one) === 0 ? implicit(2, Buffer.from(one, 'ascii')) : implicit(7, addressOctets(one));
}

/** In name constraints an address carries its mask: here one single host (RFC 5280, 4.2.1.10). */
function subtree(one: string): Uint8Array {
  if (isIP(one) === 0) return generalName(one);
  const address = addressOctets(one);
  return implicit(7, Buffer.concat([address, new Uint8Array(address.length).fill(0xff)]));
}

function addressOctets(address: string): Uint8Array {
  if (!isIPv6(address)) return Uint8Array.from(address.split('.').map(Number));
  // The URL parser writes an IPv6 address in its one canonical form (RFC 5952), so only `::` is left to fill.
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const words = (text: string): number[] =>
    text === '' ? [] : text.split(':').map((word) => Number.parseInt(word, 16));
  const left = words(head);
  const right = words(tail ?? '');
  const all = [...left, ...new Array<number>(8 - left.length - right.length).fill(0), ...right];
  return Uint8Array.from(all.flatMap((word) => [word >> 8, word & 0xff]));
}

function pem(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
