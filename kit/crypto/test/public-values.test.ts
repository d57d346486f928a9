import { getDiffieHellman } from 'node:crypto';
import { toHex } from '@cardea/kit-octets';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isP256Point, MODP_GROUPS, type ModpGroup, modpFault } from '../src/index.ts';
import { octetsOf, wycheproof } from './wycheproof.ts';

const NODE_NAMES = { modp1536: 'modp5', modp2048: 'modp14' } as const;

const octetsOfNumber = ({ sizeOctets }: ModpGroup, value: bigint): Uint8Array =>
  new Uint8Array(Buffer.from(value.toString(16).padStart(2 * sizeOctets, '0'), 'hex'));

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let [result, square] = [1n, base % modulus];
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

describe.each(Object.values(MODP_GROUPS))('$name', (group) => {
  const { prime, sizeOctets } = group;
  const fault = (value: bigint) => modpFault(group, octetsOfNumber(group, value));

  test("its prime is RFC 3526's as OpenSSL has it, and 7 modulo 8, so that 2 generates the squares", () => {
    expect(prime.toString(16)).toBe(getDiffieHellman(NODE_NAMES[group.name]).getPrime('hex'));
    expect(prime.toString(16)).toHaveLength(2 * sizeOctets);
    expect(prime % 8n).toBe(7n);
  });

  test('11: 0, 1, p - 1, p and whatever is above it are refused', () => {
    expect(fault(0n)).toBe('range');
    expect(fault(1n)).toBe('small_order');
    expect(fault(prime - 1n)).toBe('small_order');
    expect(fault(prime)).toBe('range');
    expect(fault(prime + 1n)).toBe('range');
    expect(modpFault(group, new Uint8Array(sizeOctets).fill(0xff))).toBe('range');
  });

  test('a value has as many octets as the prime, no matter what it is worth', () => {
    const four = octetsOfNumber(group, 4n);
    expect(modpFault(group, four)).toBeUndefined();
    expect(modpFault(group, four.subarray(1))).toBe('size');
    expect(modpFault(group, Uint8Array.of(0, ...four))).toBe('size');
    expect(modpFault(group, new Uint8Array(0))).toBe('size');
  });

  test('11: a value is taken exactly when its power to q is 1', () => {
    const any = fc.uint8Array({ minLength: sizeOctets, maxLength: sizeOctets });
    const ran = { taken: 0, refused: 0 };
    fc.assert(
      fc.property(any, (octets) => {
        const value = BigInt(`0x${toHex(octets)}`) % prime;
        fc.pre(value > 1n && value < prime - 1n);
        const member = power(value, (prime - 1n) / 2n, prime) === 1n;
        expect(fault(value)).toBe(member ? undefined : 'off_subgroup');
        ran[member ? 'taken' : 'refused']++;
      }),
      { numRuns: 24 },
    );
    expect(ran.taken).toBeGreaterThan(0);
    expect(ran.refused).toBeGreaterThan(0);
  });

  test('11: squares are taken and their negatives refused, from the smallest numbers to the largest', () => {
    for (let i = 2n; i < 200n; i++) {
      for (const square of [i * i, ((prime - i) * (prime - i)) % prime, power(2n, i, prime)]) {
        expect(fault(square)).toBeUndefined();
        expect(fault(prime - square)).toBe('off_subgroup');
      }
    }
  });
});

describe('P-256', () => {
  test("11: points on the curve and no others (Wycheproof's ecpoint)", () => {
    const ran = { on: 0, off: 0 };
    for (const { test: vector } of wycheproof('ecdh_secp256r1_ecpoint')) {
      const point = octetsOf(vector, 'public');
      const on = vector.result === 'valid' && point.length === 65;
      expect(isP256Point(point), `test ${vector.tcId}`).toBe(on);
      ran[on ? 'on' : 'off']++;
    }
    expect(ran.on).toBeGreaterThan(200);
    expect(ran.off).toBeGreaterThan(20);
  });

  test('11: the identity, coordinates of p and above, and other forms of a point are refused', () => {
    const prime = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
    const hex = (value: bigint) => value.toString(16).padStart(64, '0');
    const point = (x: bigint, y: bigint) => new Uint8Array(Buffer.from(`04${hex(x)}${hex(y)}`, 'hex'));
    // A point with x = 5 (RFC 5903's curve), found by its square root; p = 3 modulo 4.
    const b = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;
    const y = power(125n - 15n + b, (prime + 1n) / 4n, prime);
    expect(isP256Point(point(5n, y))).toBe(true);
    expect(isP256Point(point(5n, prime - y))).toBe(true);
    expect(isP256Point(point(5n + prime, y))).toBe(false);
    expect(isP256Point(point(5n, (y + 1n) % prime))).toBe(false);
    expect(isP256Point(Uint8Array.of(0))).toBe(false);
    expect(isP256Point(new Uint8Array(65))).toBe(false);
    expect(isP256Point(point(0n, 0n))).toBe(false);
    for (const form of [0x00, 0x02, 0x03, 0x05, 0x06, 0x07]) {
      const other = point(5n, y);
      other[0] = form;
      expect(isP256Point(other)).toBe(false);
    }
    expect(isP256Point(point(5n, y).subarray(0, 64))).toBe(false);
    expect(isP256Point(Uint8Array.of(...point(5n, y), 0))).toBe(false);
  });
});
