import { OctetsError } from './errors.ts';

const HEX = '0123456789abcdef';
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Lower-case hex of octets. */
export function toHex(octets: Uint8Array): string {
  let text = '';
  for (const octet of octets) text += HEX.charAt(octet >> 4) + HEX.charAt(octet & 15);
  return text;
}

/** Octets of hex in either case, without separators. @throws OctetsError `text` */
export function fromHex(text: string, field = 'hex'): Uint8Array {
  if (text.length % 2 !== 0) throw new OctetsError('text', field, 'hex needs an even number of digits');
  const octets = new Uint8Array(text.length / 2);
  for (let i = 0; i < octets.length; i++) {
    const high = HEX.indexOf(text.charAt(2 * i).toLowerCase());
    const low = HEX.indexOf(text.charAt(2 * i + 1).toLowerCase());
    if (high < 0 || low < 0) throw new OctetsError('text', field, `not a hex digit at character ${2 * i + 1}`);
    octets[i] = (high << 4) | low;
  }
  return octets;
}

/** Base64 with padding (RFC 4648 clause 4). */
export function toBase64(octets: Uint8Array): string {
  let text = '';
  for (let i = 0; i < octets.length; i += 3) {
    const left = octets.length - i;
    const group = ((octets[i] ?? 0) << 16) | ((octets[i + 1] ?? 0) << 8) | (octets[i + 2] ?? 0);
    text += BASE64.charAt(group >> 18) + BASE64.charAt((group >> 12) & 63);
    text += left > 1 ? BASE64.charAt((group >> 6) & 63) : '=';
    text += left > 2 ? BASE64.charAt(group & 63) : '=';
  }
  return text;
}

/** Octets of canonical padded base64: no white space, no set bits past the end. @throws OctetsError `text` */
export function fromBase64(text: string, field = 'base64'): Uint8Array {
  if (text.length % 4 !== 0) throw new OctetsError('text', field, 'base64 needs a multiple of 4 characters');
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const octets = new Uint8Array((text.length / 4) * 3 - padding);
  let at = 0;
  for (let i = 0; i < text.length; i += 4) {
    const last = i + 4 === text.length;
    let group = 0;
    for (let j = 0; j < 4; j++) {
      const isPadding = last && j >= 4 - padding;
      const value = isPadding ? 0 : BASE64.indexOf(text.charAt(i + j));
      if (value < 0) throw new OctetsError('text', field, `not a base64 character at ${i + j + 1}`);
      group = (group << 6) | value;
    }
    if (last && padding > 0 && (group & (padding === 2 ? 0xffff : 0xff)) !== 0) {
      throw new OctetsError('text', field, 'base64 with set bits past its end');
    }
    for (let shift = 16; shift >= 0 && at < octets.length; shift -= 8) octets[at++] = (group >> shift) & 0xff;
  }
  return octets;
}

/** Octets of ASCII text. @throws OctetsError `text` */
export function fromAscii(text: string, field = 'text'): Uint8Array {
  const octets = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) throw new OctetsError('text', field, `not ASCII at character ${i + 1}`);
    octets[i] = code;
  }
  return octets;
}

/** ASCII text of octets. @throws OctetsError `text` */
export function toAscii(octets: Uint8Array, field = 'text'): string {
  let text = '';
  for (const octet of octets) {
    if (octet > 0x7f) throw new OctetsError('text', field, 'not ASCII');
    text += String.fromCharCode(octet);
  }
  return text;
}
