import { concat } from '@cardea/kit-octets';
import { type AddressSize, addressSizeOf } from './address.ts';
import { ScpmError } from './errors.ts';
import { decodeSecureHeader, encodeSecureHeader, HD, type SecureHeader } from './header.ts';

/** Octets of the MDAS of every suite that there is (7.2.8). */
export const MDAS_OCTETS = 16;

/** The highest SNF. A response carries its request's SNF + 1, so a request ends one below. */
export const SNF_MAX = 0xffff_ffff;

/** What a secure frame says in clear: addresses, SHD and SNF. */
export interface FrameHead extends SecureHeader {
  /** Source address, 6 octets (or 2, in a domain of short addresses). */
  readonly sa: Uint8Array;
  /** Destination address, as long as `sa`. */
  readonly da: Uint8Array;
  /** Sequence number field (7.2.3): 0 to 2^32 - 1. */
  readonly snf: number;
}

/** A secure frame in its parts, nothing verified. */
export interface SecureFrame extends FrameHead {
  /** SA DA BC(2) SHD(2) SNF(4) as on the wire: what the BCC and the MDAS cover besides the body. */
  readonly head: Uint8Array;
  /** PBC to BCC in clear, or the ciphertext of PBC to PDG. */
  readonly body: Uint8Array;
  /** 16 octets; `undefined` of a frame for confidentiality only. */
  readonly mdas: Uint8Array | undefined;
}

/** An ordinary frame (7.1): HD SA DA BC(2) ADATA. */
export interface PlainFrame {
  readonly sa: Uint8Array;
  readonly da: Uint8Array;
  /** 0 to 65535 octets. */
  readonly adata: Uint8Array;
}

/** HD(1) = 0x00, SA, DA, BC(2) = octets of ADATA, ADATA (7.1.1). @throws ScpmError `length` */
export function encodePlainFrame({ sa, da, adata }: PlainFrame): Uint8Array {
  addressSizeOf(sa, da);
  if (adata.length > 0xffff) throw new ScpmError('length', 'adata', `has at most 65535 octets, not ${adata.length}`);
  return concat(Uint8Array.of(HD.plain), sa, da, Uint8Array.of(adata.length >> 8, adata.length), adata);
}

/** The inverse of {@link encodePlainFrame}. @throws ScpmError `truncated`, `length`, `unsupported` (another HD) */
export function decodePlainFrame(octets: Uint8Array, addressSize: AddressSize): PlainFrame {
  const { sa, da, payload } = decodeOuter(octets, addressSize);
  if (octets[0] !== HD.plain) throw new ScpmError('unsupported', 'hd', 'not an ordinary frame');
  return { sa, da, adata: payload };
}

/** Whether a frame says that it is secure (HD). Anything but 0x80 and 0x00 is neither. */
export function isSecure(octets: Uint8Array): boolean {
  return octets[0] === HD.secure;
}

/** SA DA BC(2) SHD(2) SNF(4), for a body and an MDAS of so many octets together. @throws ScpmError `length`, `range`, `services` */
export function encodeHead(head: FrameHead, bodyAndMdasOctets: number): Uint8Array {
  const { sa, da, snf } = head;
  const size = addressSizeOf(sa, da);
  if (!Number.isInteger(snf) || snf < 0 || snf > SNF_MAX) {
    throw new ScpmError('range', 'snf', `must be a whole number from 0 to ${SNF_MAX}, is ${snf}`);
  }
  const shd = encodeSecureHeader(head);
  const bc = 6 + bodyAndMdasOctets;
  const octets = new Uint8Array(2 * size + 8);
  put(octets, 0, sa);
  put(octets, size, da);
  let at = 2 * size;
  octets[at++] = bc >> 8;
  octets[at++] = bc;
  octets[at++] = shd;
  octets[at++] = shd >> 8;
  octets[at++] = snf >>> 24;
  octets[at++] = snf >>> 16;
  octets[at++] = snf >>> 8;
  octets[at] = snf;
  return octets;
}

/** HD(1) = 0x80, then `head` of {@link encodeHead}, the body, and the MDAS where there is one. */
export function encodeSecureFrame(head: Uint8Array, body: Uint8Array, mdas: Uint8Array | undefined): Uint8Array {
  const octets = new Uint8Array(1 + head.length + body.length + (mdas?.length ?? 0));
  octets[0] = HD.secure;
  put(octets, 1, head);
  put(octets, 1 + head.length, body);
  if (mdas !== undefined) put(octets, 1 + head.length + body.length, mdas);
  return octets;
}

/** `set` of a typed array costs more than the few octets of a frame do. */
function put(target: Uint8Array, at: number, octets: Uint8Array): void {
  for (let i = 0; i < octets.length; i++) target[at + i] = octets[i] as number;
}

/**
 * Cuts a secure frame into its parts. The shape alone is checked: HD, BC against the octets that are there, SHD, and
 * that the body has a size that its services allow.
 * @throws ScpmError `truncated`, `length`, `reserved`, `services`, `not_secure`
 */
export function decodeSecureFrame(octets: Uint8Array, addressSize: AddressSize): SecureFrame {
  if (!isSecure(octets)) throw new ScpmError('not_secure', 'hd', 'must be 80 (secure)');
  const { sa, da, payload } = decodeOuter(octets, addressSize);
  if (payload.length < 6) throw new ScpmError('truncated', 'shd', 'SHD and SNF need 6 octets');
  const octet = (at: number): number => payload[at] as number;
  const header = decodeSecureHeader(octet(0) | (octet(1) << 8));
  const mdasOctets = header.services === 'enc' ? 0 : MDAS_OCTETS;
  const end = payload.length - mdasOctets;
  if (end < 6 + 2) throw new ScpmError('truncated', 'body', 'PBC and BCC need 2 octets');
  return {
    ...header,
    sa,
    da,
    snf: ((octet(2) << 24) | (octet(3) << 16) | (octet(4) << 8) | octet(5)) >>> 0,
    head: octets.subarray(1, 1 + 2 * addressSize + 8),
    body: payload.subarray(6, end),
    mdas: mdasOctets === 0 ? undefined : payload.subarray(end),
  };
}

/** HD SA DA BC, and as much after them as BC says: no octet less or more. */
function decodeOuter(
  octets: Uint8Array,
  addressSize: AddressSize,
): { readonly sa: Uint8Array; readonly da: Uint8Array; readonly payload: Uint8Array } {
  const at = 1 + 2 * addressSize;
  if (octets.length < at + 2) throw new ScpmError('truncated', 'bc', `a frame has at least ${at + 2} octets`);
  const bc = ((octets[at] as number) << 8) | (octets[at + 1] as number);
  const payload = octets.subarray(at + 2);
  if (payload.length !== bc) throw new ScpmError('length', 'bc', `says ${bc} octets, there are ${payload.length}`);
  return { sa: octets.subarray(1, 1 + addressSize), da: octets.subarray(1 + addressSize, at), payload };
}
