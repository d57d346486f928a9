import { ScpmError } from './errors.ts';

/** The most octets of plain text application data (7.2.5). */
export const PADATA_MAX_OCTETS = 255;

/**
 * The text that a secure frame protects: PBC(1) PADATA BCC(1) (7.2.4 to 7.2.6). `head` is SA to SNF, over which the
 * BCC is made as well; `sizeOctets` is the room, whose rest is PDG, zeros (7.2.7).
 * @throws ScpmError `length` (PADATA over 255 octets)
 */
export function encodeText(head: Uint8Array, padata: Uint8Array, sizeOctets: number): Uint8Array {
  if (padata.length > PADATA_MAX_OCTETS) {
    throw new ScpmError('length', 'padata', `has at most ${PADATA_MAX_OCTETS} octets, not ${padata.length}`);
  }
  const text = new Uint8Array(sizeOctets);
  text[0] = padata.length;
  text.set(padata, 1);
  text[padata.length + 1] = parity(text, padata.length + 1, parity(head, head.length, 0));
  return text;
}

/** What a text that came out of a frame holds, or why it holds nothing. */
export type DecodedText =
  | { readonly kind: 'text'; readonly padata: Uint8Array }
  /** The lengths do not fit, or PDG is longer than needed or not zero. */
  | { readonly kind: 'misshapen' }
  | { readonly kind: 'bcc' };

/**
 * Reads PBC, PADATA, BCC and PDG, which is stripped by PBC; every octet of it must be zero, and there are at most
 * `pdgMaxOctets` (15 when the text was enciphered in blocks, 0 otherwise).
 */
export function decodeText(head: Uint8Array, text: Uint8Array, pdgMaxOctets: number): DecodedText {
  const size = (text[0] ?? 0) + 2;
  const pdg = text.length - size;
  if (pdg < 0 || pdg > pdgMaxOctets) return { kind: 'misshapen' };
  for (let i = size; i < text.length; i++) if (text[i] !== 0) return { kind: 'misshapen' };
  if (parity(text, size, parity(head, head.length, 0)) !== 0) return { kind: 'bcc' };
  return { kind: 'text', padata: text.slice(1, size - 1) };
}

/** The block check code (7.2.6): the XOR of every octet. It finds noise, never an attacker. */
function parity(octets: Uint8Array, endOctets: number, start: number): number {
  let sum = start;
  for (let i = 0; i < endOctets; i++) sum ^= octets[i] as number;
  return sum;
}
