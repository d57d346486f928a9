const TABLE = Uint32Array.from({ length: 256 }, (_, octet) => {
  let value = octet;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value >>> 0;
});

/** CRC-32 (ISO-HDLC, the one of Ethernet): tells a torn record from a whole one. It protects against nobody. */
export function crc32(octets: Uint8Array): number {
  let value = 0xffffffff;
  for (const octet of octets) value = (value >>> 8) ^ (TABLE[(value ^ octet) & 0xff] ?? 0);
  return (value ^ 0xffffffff) >>> 0;
}
