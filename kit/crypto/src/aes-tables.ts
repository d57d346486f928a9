/**
 * The tables of AES, computed from the field instead of typed in: S-box, its inverse, and for each the four T-tables
 * that join SubBytes and MixColumns of one column octet (FIPS 197 clauses 5.1 and 5.3; Daemen and Rijmen, AES proposal,
 * 5.2.1).
 */
export interface AesTables {
  readonly sbox: Uint8Array;
  readonly inverseSbox: Uint8Array;
  /** `encrypt[k][x]`: column that octet x of row k adds in a round. */
  readonly encrypt: readonly [Uint32Array, Uint32Array, Uint32Array, Uint32Array];
  /** The same for the equivalent inverse cipher (clause 5.3.5). */
  readonly decrypt: readonly [Uint32Array, Uint32Array, Uint32Array, Uint32Array];
}

const double = (x: number): number => ((x << 1) ^ ((x >> 7) * 0x11b)) & 0xff;

function multiply(x: number, y: number): number {
  let product = 0;
  for (let a = x, b = y; b > 0; b >>= 1, a = double(a)) if (b & 1) product ^= a;
  return product;
}

function substitutionBoxes(): { sbox: Uint8Array; inverseSbox: Uint8Array } {
  const sbox = new Uint8Array(256);
  const inverseSbox = new Uint8Array(256);
  // 3 generates the field's multiplicative group and 0xf6 is its inverse: walk both ways at once.
  let x = 1;
  let inverse = 1;
  do {
    const rotations = inverse * 0x101;
    const y = (inverse ^ (rotations >> 7) ^ (rotations >> 6) ^ (rotations >> 5) ^ (rotations >> 4) ^ 0x63) & 0xff;
    sbox[x] = y;
    inverseSbox[y] = x;
    x = multiply(x, 3);
    inverse = multiply(inverse, 0xf6);
  } while (x !== 1);
  sbox[0] = 0x63;
  inverseSbox[0x63] = 0;
  return { sbox, inverseSbox };
}

const rotate = (table: Uint32Array, bits: number): Uint32Array =>
  table.map((word) => (word >>> bits) | (word << (32 - bits)));

const rotations = (table: Uint32Array): AesTables['encrypt'] => [
  table,
  rotate(table, 8),
  rotate(table, 16),
  rotate(table, 24),
];

function column(x: number, a: number, b: number, c: number, d: number): number {
  return ((multiply(x, a) << 24) | (multiply(x, b) << 16) | (multiply(x, c) << 8) | multiply(x, d)) >>> 0;
}

/** Computes the tables; once a process is enough. */
export function aesTables(): AesTables {
  const { sbox, inverseSbox } = substitutionBoxes();
  return {
    sbox,
    inverseSbox,
    encrypt: rotations(Uint32Array.from(sbox, (s) => column(s, 2, 1, 1, 3))),
    decrypt: rotations(Uint32Array.from(inverseSbox, (s) => column(s, 14, 9, 13, 11))),
  };
}
