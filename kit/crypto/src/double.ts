/** Doubles a 16-octet block in GF(2^128) with the polynomial x^128 + x^7 + x^2 + x + 1 (RFC 4493 2.3, RFC 5297 2.3). */
export function doubleBlock(block: Uint8Array): Uint8Array {
  const doubled = new Uint8Array(16);
  let carry = 0;
  for (let i = 15; i >= 0; i--) {
    const octet = block[i] ?? 0;
    doubled[i] = (octet << 1) | carry;
    carry = octet >> 7;
  }
  // Multiplied instead of branched: the bit shifted out is secret.
  doubled[15] = (doubled[15] ?? 0) ^ (carry * 0x87);
  return doubled;
}
