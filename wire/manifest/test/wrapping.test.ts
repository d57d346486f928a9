import { nodePrimitives } from '@cardea/kit-node';
import { fromHex, toHex } from '@cardea/kit-octets';
import { Secret } from '@cardea/kit-runtime';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hashPrintedCode, ManifestError, unwrapFactoryKey, wrapFactoryKey } from '../src/index.ts';

const transportKey = new Secret(new Uint8Array(32).fill(7));
const factoryKey = new Secret(new Uint8Array(16).fill(9));
const identifier = 'C0DEA0000101';
const wrapped = wrapFactoryKey(nodePrimitives, transportKey, 'cardea', identifier, factoryKey);
const open = (key: Secret, maker: string, lock: { identifier: string; factory_key: string }) =>
  unwrapFactoryKey(nodePrimitives, key, maker, lock, 3);

test('a wrapped factory key opens again (resolution 2)', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 16, maxLength: 16 }),
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      (k, t) => {
        const value = wrapFactoryKey(nodePrimitives, new Secret(t), 'maker2', identifier, new Secret(k));
        expect(value).toMatch(/^[0-9a-f]{64}$/);
        expect(open(new Secret(t), 'maker2', { identifier, factory_key: value }).reveal()).toEqual(k);
      },
    ),
  );
});

test('it opens for no other lock, maker or transport key, and the field is named (resolution 2)', () => {
  const other = new Secret(new Uint8Array(32).fill(8));
  const tries = [
    () => open(transportKey, 'cardea', { identifier: 'C0DEA0000102', factory_key: wrapped }),
    () => open(transportKey, 'maker2', { identifier, factory_key: wrapped }),
    () => open(other, 'cardea', { identifier, factory_key: wrapped }),
  ];
  for (const attempt of tries) {
    expect(attempt).toThrow(ManifestError);
    expect(attempt).toThrow(/^locks\[3\]\.factory_key:/);
  }
});

test('every single-bit flip and every truncation of a wrapped key is refused', () => {
  const octets = fromHex(wrapped);
  for (let bit = 0; bit < 8 * octets.length; bit++) {
    const flipped = octets.slice();
    flipped[bit >> 3]! ^= 1 << (bit & 7);
    expect(() => open(transportKey, 'cardea', { identifier, factory_key: toHex(flipped) })).toThrow(ManifestError);
  }
  for (let size = 0; size < octets.length; size++) {
    const cut = toHex(octets.subarray(0, size));
    expect(() => open(transportKey, 'cardea', { identifier, factory_key: cut })).toThrow(ManifestError);
  }
});

test('the hash of a printed code depends on code and factory key (resolution 4)', () => {
  const code = new Secret('4711-0815');
  const hash = hashPrintedCode(nodePrimitives, factoryKey, code);
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  expect(hashPrintedCode(nodePrimitives, factoryKey, new Secret('4711-0816'))).not.toBe(hash);
  expect(hashPrintedCode(nodePrimitives, new Secret(new Uint8Array(16)), code)).not.toBe(hash);
});
