/** The field of P-256 and its curve's b (SEC 2 2.4.2); a = -3. */
const P = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;

/**
 * Whether octets are an uncompressed point on P-256 (SEC 1 2.3.3, 3.2.2.1): 04, x and y below p, y² = x³ - 3x + b. The
 * point at infinity has no such form; the cofactor is 1, so every point on the curve has the full order.
 */
export function isP256Point(octets: Uint8Array): boolean {
  if (octets.length !== 65 || octets[0] !== 0x04) return false;
  const x = coordinate(octets, 1);
  const y = coordinate(octets, 33);
  return x < P && y < P && (y * y - (x * x * x - 3n * x + B)) % P === 0n;
}

function coordinate(octets: Uint8Array, at: number): bigint {
  const view = new DataView(octets.buffer, octets.byteOffset + at, 32);
  let value = 0n;
  for (let i = 0; i < 32; i += 8) value = (value << 64n) | view.getBigUint64(i);
  return value;
}
