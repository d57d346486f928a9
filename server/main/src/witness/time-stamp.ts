import { createHash } from 'node:crypto';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  MessageImprint,
  PKIStatus,
  TimeStampReq,
  TimeStampReqVersion,
  TimeStampResp,
  TSTInfo,
} from '@peculiar/asn1-tsp';
import { AlgorithmIdentifier } from '@peculiar/asn1-x509';

/** Media type of a request (RFC 3161, 3.4). */
export const TIME_STAMP_QUERY = 'application/timestamp-query';

const SHA256 = '2.16.840.1.101.3.4.2.1';

/** What is stamped of a text: SHA-256 of its UTF-8. */
export const digestOf = (text: string): Uint8Array =>
  new Uint8Array(createHash('sha256').update(text, 'utf8').digest());

/** A TimeStampReq (RFC 3161, 2.4.1) over a digest, with a nonce of 8 octets, that asks for the authority's certificate. */
export function timeStampRequest(digest: Uint8Array, nonce: Uint8Array): Uint8Array {
  const request = new TimeStampReq({
    version: TimeStampReqVersion.v1,
    messageImprint: new MessageImprint({
      hashAlgorithm: new AlgorithmIdentifier({ algorithm: SHA256, parameters: null }),
      hashedMessage: new OctetString(bufferOf(digest)),
    }),
    nonce: bufferOf(nonce),
    certReq: true,
  });
  return new Uint8Array(AsnConvert.serialize(request));
}

/** A nonce that is an INTEGER of 8 octets in its shortest form. */
export function nonceOf(random: Uint8Array): Uint8Array {
  const nonce = random.slice(0, 8);
  nonce[0] = ((nonce[0] ?? 0) & 0x3f) | 0x40;
  return nonce;
}

/**
 * The time that a TimeStampResp gives, once it was seen to stamp this digest under this nonce. Whether the authority's
 * signature is one to trust is asked by whoever relies on it, with the authority's certificate (`openssl ts -verify`).
 * @throws Error when it was not granted, or stamps something else
 */
export function timeStamped(response: Uint8Array, digest: Uint8Array, nonce: Uint8Array): Date {
  const { status, timeStampToken } = AsnConvert.parse(response, TimeStampResp);
  if (![PKIStatus.granted, PKIStatus.grantedWithMods].includes(status.status) || timeStampToken === undefined) {
    throw new Error(`the time stamp was not granted (status ${status.status})`);
  }
  const info = AsnConvert.parse(contentOf(new Uint8Array(timeStampToken.content)), TSTInfo);
  const { hashAlgorithm, hashedMessage } = info.messageImprint;
  if (hashAlgorithm.algorithm !== SHA256 || !same(hashedMessage.buffer, digest)) {
    throw new Error('the time stamp is over something else');
  }
  if (info.nonce === undefined || !same(info.nonce, nonce)) throw new Error('the time stamp has another nonce');
  return info.genTime;
}

/** The octets within SignedData's encapContentInfo (RFC 5652, 5.1 and 5.2): version, digests, then the content. */
function contentOf(signedData: Uint8Array): Uint8Array {
  const [, , encapContentInfo] = elements(elements(signedData)[0]?.content ?? signedData);
  const [, explicit] = elements(encapContentInfo?.content ?? new Uint8Array());
  const [octets] = elements(explicit?.content ?? new Uint8Array());
  if (octets?.tag !== 0x04) throw new Error('the time stamp holds no content');
  return octets.content;
}

interface Element {
  readonly tag: number;
  readonly content: Uint8Array;
}

/** The DER elements that follow each other in `der`. @throws Error when their lengths do not fit */
function elements(der: Uint8Array): readonly Element[] {
  const found: Element[] = [];
  for (let at = 0; at < der.length; ) {
    const tag = der[at] ?? 0;
    const first = der[at + 1] ?? 0;
    const more = first < 0x80 ? 0 : first & 0x7f;
    let size = more === 0 ? first : 0;
    for (let i = 0; i < more; i++) size = size * 256 + (der[at + 2 + i] ?? 0);
    const begin = at + 2 + more;
    if (more > 4 || first === 0x80 || begin + size > der.length) throw new Error('the time stamp is not in DER');
    found.push({ tag, content: der.subarray(begin, begin + size) });
    at = begin + size;
  }
  return found;
}

function same(buffer: ArrayBuffer, octets: Uint8Array): boolean {
  return Buffer.from(buffer).equals(octets);
}

function bufferOf(octets: Uint8Array): ArrayBuffer {
  return Uint8Array.from(octets).buffer;
}
