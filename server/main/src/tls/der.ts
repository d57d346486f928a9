/** Writers for the few ASN.1 types of a certificate in DER (ITU-T X.690); reading is left to `node:crypto`. */

/** Tag, length and content, in that order (X.690, 8.1). */
export function element(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const content = Buffer.concat(contents);
  return Buffer.concat([Uint8Array.of(tag), length(content.length), content]);
}

export const sequence = (...contents: readonly Uint8Array[]): Uint8Array => element(0x30, ...contents);
export const set = (...contents: readonly Uint8Array[]): Uint8Array => element(0x31, ...contents);
export const octetString = (content: Uint8Array): Uint8Array => element(0x04, content);
export const utf8String = (text: string): Uint8Array => element(0x0c, Buffer.from(text, 'utf8'));
export const boolean = (value: boolean): Uint8Array => element(0x01, Uint8Array.of(value ? 0xff : 0));

/** A non-negative INTEGER from its big-endian octets: the shortest form, with a zero octet where the top bit is set. */
export function integer(octets: Uint8Array): Uint8Array {
  let start = 0;
  while (start < octets.length - 1 && octets[start] === 0) start++;
  const shortest = octets.subarray(start);
  return element(0x02, ...((shortest[0] ?? 0) >= 0x80 ? [Uint8Array.of(0)] : []), shortest);
}

/** A BIT STRING of whole octets less `unusedBits` at its end. */
export const bitString = (octets: Uint8Array, unusedBits = 0): Uint8Array =>
  element(0x03, Uint8Array.of(unusedBits), octets);

/** An OBJECT IDENTIFIER from its dotted form. */
export function objectIdentifier(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...others] = dotted.split('.').map(Number);
  return element(0x06, Uint8Array.from([40 * first + second, ...others].flatMap(base128)));
}

/** A Time as RFC 5280, 4.1.2.5 wants it: UTCTime through 2049, GeneralizedTime from 2050. */
export function time(unixMs: number): Uint8Array {
  const digits = new Date(unixMs).toISOString().replace(/[-:T]|\.\d+/g, '');
  return unixMs < Date.UTC(2050, 0)
    ? element(0x17, Buffer.from(digits.slice(2), 'ascii'))
    : element(0x18, Buffer.from(digits, 'ascii'));
}

/** [number] EXPLICIT: constructed, around a whole element. */
export const explicit = (number: number, content: Uint8Array): Uint8Array => element(0xa0 | number, content);

/** [number] IMPLICIT of a primitive type: its content alone. */
export const implicit = (number: number, content: Uint8Array): Uint8Array => element(0x80 | number, content);

function length(size: number): Uint8Array {
  if (size < 0x80) return Uint8Array.of(size);
  const octets: number[] = [];
  for (let left = size; left > 0; left = Math.floor(left / 256)) octets.unshift(left % 256);
  return Uint8Array.of(0x80 | octets.length, ...octets);
}

function base128(arc: number): number[] {
  const groups = [arc & 0x7f];
  for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) groups.unshift(0x80 | (left & 0x7f));
  return groups;
}
