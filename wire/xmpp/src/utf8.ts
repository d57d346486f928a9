import { XmppError } from './errors.ts';

/** UTF-8 of a string (RFC 3629). @throws XmppError `element` for a lone surrogate */
export function encodeUtf8(text: string): Uint8Array {
  return encodeAscii(text) ?? encodeAny(text);
}

/** What is nearly always said: one octet a character. */
function encodeAscii(text: string): Uint8Array | undefined {
  const octets = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0x80) return undefined;
    octets[i] = code;
  }
  return octets;
}

function encodeAny(text: string): Uint8Array {
  const octets = new Uint8Array(text.length * 3);
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    let code = text.charCodeAt(i);
    if (code >= 0xd800 && code <= 0xdfff) {
      code = text.codePointAt(i) ?? 0;
      if (code <= 0xffff) throw new XmppError('element', 'text with a lone surrogate');
      i++;
    }
    if (code < 0x80) octets[at++] = code;
    else if (code < 0x800) {
      octets[at++] = 0xc0 | (code >> 6);
      octets[at++] = 0x80 | (code & 63);
    } else if (code < 0x10000) {
      octets[at++] = 0xe0 | (code >> 12);
      octets[at++] = 0x80 | ((code >> 6) & 63);
      octets[at++] = 0x80 | (code & 63);
    } else {
      octets[at++] = 0xf0 | (code >> 18);
      octets[at++] = 0x80 | ((code >> 12) & 63);
      octets[at++] = 0x80 | ((code >> 6) & 63);
      octets[at++] = 0x80 | (code & 63);
    }
  }
  return octets.slice(0, at);
}

/** Octets that a string takes in UTF-8; a surrogate pair counts four. */
export function utf8Length(text: string): number {
  let size = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    size += code < 0x80 ? 1 : code < 0x800 || (code >= 0xd800 && code <= 0xdfff) ? 2 : 3;
  }
  return size;
}

/** Most arguments of one call: more may not fit on the stack. */
const APPLY_MAX = 4096;

/** Decodes UTF-8 that arrives in pieces cut anywhere; only whole characters come out. Strict as RFC 3629 clause 3. */
export class Utf8Decoder {
  #code = 0;
  /** Continuation octets that are still to come, and the range that the next one may have. */
  #missing = 0;
  #low = 0x80;
  #high = 0xbf;

  /** The characters that `octets` complete. @throws XmppError `unsupported-encoding` */
  write(octets: Uint8Array): string {
    if (this.#missing === 0 && octets.length <= APPLY_MAX && isAscii(octets)) {
      return Reflect.apply(String.fromCharCode, undefined, octets);
    }
    let text = '';
    for (const octet of octets) {
      if (this.#missing === 0) {
        if (octet < 0x80) text += String.fromCharCode(octet);
        else this.#lead(octet);
        continue;
      }
      if (octet < this.#low || octet > this.#high) throw notUtf8();
      this.#low = 0x80;
      this.#high = 0xbf;
      this.#code = (this.#code << 6) | (octet & 63);
      if (--this.#missing === 0) text += String.fromCodePoint(this.#code);
    }
    return text;
  }

  // The table of RFC 3629 clause 4: no overlong form, no surrogate, nothing past U+10FFFF.
  #lead(octet: number): void {
    if (octet >= 0xc2 && octet <= 0xdf) this.#expect(octet & 31, 1, 0x80, 0xbf);
    else if (octet === 0xe0) this.#expect(0, 2, 0xa0, 0xbf);
    else if (octet === 0xed) this.#expect(13, 2, 0x80, 0x9f);
    else if (octet >= 0xe1 && octet <= 0xef) this.#expect(octet & 15, 2, 0x80, 0xbf);
    else if (octet === 0xf0) this.#expect(0, 3, 0x90, 0xbf);
    else if (octet >= 0xf1 && octet <= 0xf3) this.#expect(octet & 7, 3, 0x80, 0xbf);
    else if (octet === 0xf4) this.#expect(4, 3, 0x80, 0x8f);
    else throw notUtf8();
  }

  #expect(code: number, missing: number, low: number, high: number): void {
    this.#code = code;
    this.#missing = missing;
    this.#low = low;
    this.#high = high;
  }
}

function isAscii(octets: Uint8Array): boolean {
  for (const octet of octets) if (octet >= 0x80) return false;
  return true;
}

function notUtf8(): XmppError {
  return new XmppError('unsupported-encoding', 'not UTF-8');
}
