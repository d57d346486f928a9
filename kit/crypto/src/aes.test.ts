import { createCipheriv } from 'node:crypto';
import { fromHex, toHex } from '@cardea/kit-octets';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CryptoError, tableAes } from './index.ts';

const key = (size: number) => fc.uint8Array({ minLength: size, maxLength: size });
const block = fc.uint8Array({ minLength: 16, maxLength: 16 });

test.each([
  ['C.1', '000102030405060708090a0b0c0d0e0f', '69c4e0d86a7b0430d8cdb78070b4c55a'],
  ['C.3', '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f', '8ea2b7ca516745bfeafc49904b496089'],
])('FIPS 197 %s', (_, k, ciphertext) => {
  const aes = tableAes(fromHex(k));
  const plaintext = '00112233445566778899aabbccddeeff';
  expect(toHex(aes.encryptBlock(fromHex(plaintext)))).toBe(ciphertext);
  expect(toHex(aes.decryptBlock(fromHex(ciphertext)))).toBe(plaintext);
});

test.each([16, 32])('AES with a key of %i octets agrees with the platform and inverts', (size) => {
  fc.assert(
    fc.property(key(size), block, (k, b) => {
      const aes = tableAes(k);
      const sealed = aes.encryptBlock(b);
      const oracle = createCipheriv(size === 16 ? 'aes-128-ecb' : 'aes-256-ecb', k, null);
      expect(toHex(sealed)).toBe(oracle.update(b).toString('hex'));
      expect(aes.decryptBlock(sealed)).toEqual(b);
    }),
    { numRuns: 300 },
  );
});

test('the forms with offsets do the same in place and leave the neighbours alone', () => {
  fc.assert(
    fc.property(key(16), block, fc.nat(5), (k, b, offset) => {
      const aes = tableAes(k);
      const around = new Uint8Array(24).fill(0xa5);
      around.set(b, offset);
      aes.encryptInto(around, offset, around, offset);
      expect(around.subarray(offset, offset + 16)).toEqual(aes.encryptBlock(b));
      aes.decryptInto(around, offset, around, offset);
      expect(around.subarray(offset, offset + 16)).toEqual(b);
      expect([...around.subarray(0, offset), ...around.subarray(offset + 16)].every((o) => o === 0xa5)).toBe(true);
    }),
  );
});

test('a key or a block of another size is refused', () => {
  for (const size of [0, 15, 17, 24, 31, 33]) expect(() => tableAes(new Uint8Array(size))).toThrow(CryptoError);
  const aes = tableAes(new Uint8Array(16));
  for (const size of [0, 15, 17]) {
    expect(() => aes.encryptBlock(new Uint8Array(size))).toThrow(CryptoError);
    expect(() => aes.decryptBlock(new Uint8Array(size))).toThrow(CryptoError);
  }
  const octets = new Uint8Array(20);
  for (const offset of [-1, 5, Number.NaN]) {
    expect(() => aes.encryptInto(octets, offset, octets, 0)).toThrow(CryptoError);
    expect(() => aes.decryptInto(octets, 0, octets, offset)).toThrow(CryptoError);
  }
});
