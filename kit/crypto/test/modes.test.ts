import { createCipheriv } from 'node:crypto';
import { nodePrimitives } from '@cardea/kit-node';
import { concat, fromAscii, fromHex, toHex } from '@cardea/kit-octets';
import { aessiv, cbc, ctr as nobleCtr } from '@noble/ciphers/aes.js';
import { hkdf as nobleHkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  CryptoError,
  cbcDecrypt,
  cbcEncrypt,
  ccmOpen,
  ccmSeal,
  cmac,
  cmacKey,
  ctr,
  hkdf,
  hkdfExpand,
  hkdfExtract,
  sivOpen,
  sivSeal,
  tableAes,
} from '../src/index.ts';
import { octetsOf, wycheproof } from './wycheproof.ts';

const octets = (size: number) => fc.uint8Array({ minLength: size, maxLength: size });
const some = (maxLength: number) => fc.uint8Array({ maxLength });
const key = fc.constantFrom(16, 32).chain(octets);
const hasTableKey = (k: Uint8Array) => k.length !== 24;

function* bitFlips(sealed: Uint8Array): Generator<Uint8Array> {
  for (let bit = 0; bit < 8 * sealed.length; bit++) {
    const flipped = sealed.slice();
    flipped[bit >> 3]! ^= 1 << (bit & 7);
    yield flipped;
  }
}

describe('CMAC (RFC 4493)', () => {
  const tests = wycheproof('aes_cmac').filter(({ group }) => group.keySize !== 192);
  test(`Wycheproof: ${tests.length} vectors`, () => {
    let run = 0;
    for (const { group, test: vector } of tests) {
      const k = octetsOf(vector, 'key');
      if (k.length !== 16 && k.length !== 32) {
        expect(vector.result).toBe('invalid');
        expect(() => tableAes(k)).toThrow(CryptoError);
        continue;
      }
      const tag = cmac(tableAes(k), octetsOf(vector, 'msg')).subarray(0, group.tagSize / 8);
      expect(toHex(tag) === vector.tag, `test ${vector.tcId}`).toBe(vector.result === 'valid');
      run++;
    }
    expect(run).toBeGreaterThan(150);
  });

  test('parts are one message, wherever they are cut', () => {
    fc.assert(
      fc.property(key, fc.array(some(20), { maxLength: 6 }), (k, parts) => {
        const mac = cmacKey(tableAes(k));
        expect(mac.tag(...parts)).toEqual(mac.tag(concat(...parts)));
      }),
    );
  });
});

describe('CBC (SP 800-38A 6.2)', () => {
  test('Wycheproof: the PKCS #5 vectors with their padding put on by hand', () => {
    let run = 0;
    for (const { test: vector } of wycheproof('aes_cbc_pkcs5')) {
      const k = octetsOf(vector, 'key');
      if (vector.result !== 'valid' || !hasTableKey(k)) continue;
      const message = octetsOf(vector, 'msg');
      const pad = 16 - (message.length % 16);
      const padded = concat(message, new Uint8Array(pad).fill(pad));
      const aes = tableAes(k);
      expect(toHex(cbcEncrypt(aes, octetsOf(vector, 'iv'), padded))).toBe(vector.ct);
      expect(cbcDecrypt(aes, octetsOf(vector, 'iv'), octetsOf(vector, 'ct'))).toEqual(padded);
      run++;
    }
    expect(run).toBeGreaterThan(40);
  });

  test('agrees with node:crypto and @noble/ciphers', () => {
    fc.assert(
      fc.property(
        octets(16),
        octets(16),
        fc.nat(5).chain((n) => octets(16 * n)),
        (k, iv, message) => {
          const sealed = cbcEncrypt(tableAes(k), iv, message);
          const oracle = createCipheriv('aes-128-cbc', k, iv).setAutoPadding(false);
          expect(toHex(sealed)).toBe(Buffer.concat([oracle.update(message), oracle.final()]).toString('hex'));
          expect(sealed).toEqual(cbc(k, iv, { disablePadding: true }).encrypt(message));
          expect(cbcDecrypt(tableAes(k), iv, sealed)).toEqual(message);
        },
      ),
    );
  });

  test('a part of a block is refused', () => {
    const aes = tableAes(new Uint8Array(16));
    for (const size of [1, 15, 17, 31]) {
      expect(() => cbcEncrypt(aes, new Uint8Array(16), new Uint8Array(size))).toThrow(CryptoError);
      expect(() => cbcDecrypt(aes, new Uint8Array(16), new Uint8Array(size))).toThrow(CryptoError);
    }
    expect(() => cbcEncrypt(aes, new Uint8Array(15), new Uint8Array(16))).toThrow(CryptoError);
  });
});

describe('CTR (SP 800-38A 6.5)', () => {
  test('agrees with @noble/ciphers', () => {
    fc.assert(
      fc.property(key, octets(16), some(70), (k, counter, message) => {
        expect(ctr(tableAes(k), counter, message)).toEqual(nobleCtr(k, counter).encrypt(message));
      }),
    );
  });

  test('the counter carries through all its octets', () => {
    const k = fromHex('2b7e151628aed2a6abf7158809cf4f3c');
    const last = new Uint8Array(16).fill(0xff);
    const oracle = createCipheriv('aes-128-ctr', k, last);
    expect(toHex(ctr(tableAes(k), last, new Uint8Array(48)))).toBe(oracle.update(new Uint8Array(48)).toString('hex'));
  });
});

describe('CCM (RFC 3610, SP 800-38C)', () => {
  test('Wycheproof', () => {
    const ran = { valid: 0, refused: 0 };
    for (const { group, test: vector } of wycheproof('aes_ccm')) {
      const k = octetsOf(vector, 'key');
      if (!hasTableKey(k)) continue;
      const aes = tableAes(k);
      const [iv, aad, msg] = [octetsOf(vector, 'iv'), octetsOf(vector, 'aad'), octetsOf(vector, 'msg')];
      const sealed = concat(octetsOf(vector, 'ct'), octetsOf(vector, 'tag'));
      const tagSize = group.tagSize / 8;
      if (vector.result === 'valid') {
        expect(toHex(ccmSeal(aes, iv, msg, aad, tagSize)), `test ${vector.tcId}`).toBe(toHex(sealed));
        expect(ccmOpen(aes, iv, sealed, aad, tagSize)).toEqual(msg);
        ran.valid++;
        continue;
      }
      let opened: Uint8Array | undefined;
      try {
        opened = ccmOpen(aes, iv, sealed, aad, tagSize);
      } catch (error) {
        expect(error).toBeInstanceOf(CryptoError);
      }
      expect(opened, `test ${vector.tcId}`).toBeUndefined();
      ran.refused++;
    }
    expect(ran.valid).toBeGreaterThan(150);
    expect(ran.refused).toBeGreaterThan(20);
  });

  test('agrees with node:crypto for every nonce and tag size; every bit flip and truncation is refused', () => {
    const sizes = fc.tuple(fc.integer({ min: 7, max: 13 }), fc.constantFrom(4, 6, 8, 10, 12, 14, 16));
    fc.assert(
      fc.property(octets(16), octets(13), sizes, some(40), some(40), (k, iv, [nonceSize, tagSize], aad, message) => {
        const aes = tableAes(k);
        const nonce = iv.subarray(0, nonceSize);
        const sealed = ccmSeal(aes, nonce, message, aad, tagSize);
        const oracle = createCipheriv('aes-128-ccm', k, nonce, { authTagLength: tagSize });
        oracle.setAAD(aad, { plaintextLength: message.length });
        const expected = Buffer.concat([oracle.update(message), oracle.final(), oracle.getAuthTag()]);
        expect(toHex(sealed)).toBe(expected.toString('hex'));
        expect(ccmOpen(aes, nonce, sealed, aad, tagSize)).toEqual(message);
      }),
    );
    const aes = tableAes(new Uint8Array(16));
    const nonce = new Uint8Array(13);
    const sealed = ccmSeal(aes, nonce, fromAscii('state'), new Uint8Array(3), 8);
    for (const flipped of bitFlips(sealed)) expect(ccmOpen(aes, nonce, flipped, new Uint8Array(3), 8)).toBeUndefined();
    for (let size = 0; size < sealed.length; size++) {
      expect(ccmOpen(aes, nonce, sealed.subarray(0, size), new Uint8Array(3), 8)).toBeUndefined();
    }
  });

  test('associated data past 0xFEFF octets takes the longer length (RFC 3610 2.2)', () => {
    const [k, nonce, aad] = [new Uint8Array(16), new Uint8Array(12), new Uint8Array(0xff00).fill(7)];
    const oracle = createCipheriv('aes-128-ccm', k, nonce, { authTagLength: 16 });
    oracle.setAAD(aad, { plaintextLength: 1 });
    const expected = Buffer.concat([oracle.update(Uint8Array.of(1)), oracle.final(), oracle.getAuthTag()]);
    expect(toHex(ccmSeal(tableAes(k), nonce, Uint8Array.of(1), aad, 16))).toBe(expected.toString('hex'));
  });

  test('sizes that CCM does not have are refused', () => {
    const aes = tableAes(new Uint8Array(16));
    const none = new Uint8Array(0);
    for (const size of [6, 14]) expect(() => ccmSeal(aes, new Uint8Array(size), none, none, 8)).toThrow(CryptoError);
    for (const size of [2, 5, 18])
      expect(() => ccmSeal(aes, new Uint8Array(13), none, none, size)).toThrow(CryptoError);
    expect(() => ccmSeal(aes, new Uint8Array(13), new Uint8Array(0x10000), none, 8)).toThrow(CryptoError);
  });
});

describe('SIV (RFC 5297)', () => {
  const a1 = {
    key: 'fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff',
    ad: ['101112131415161718191a1b1c1d1e1f2021222324252627'],
    plaintext: '112233445566778899aabbccddee',
    sealed: '85632d07c6e8f37f950acd320a2ecc9340c02b9690c4dc04daef7f6afe5c',
  };
  const a2 = {
    key: '7f7e7d7c7b7a79787776757473727170404142434445464748494a4b4c4d4e4f',
    ad: [
      '00112233445566778899aabbccddeeffdeaddadadeaddadaffeeddccbbaa99887766554433221100',
      '102030405060708090a0',
      '09f911029d74e35bd84156c5635688c0',
    ],
    plaintext: '7468697320697320736f6d6520706c61696e7465787420746f20656e6372797074207573696e67205349562d414553',
    sealed:
      '7bdb6e3b432667eb06f4d14bff2fbd0fcb900f2fddbe404326601965c889bf17dba77ceb094fa663b7a3f748ba8af829ea64ad544a272e9c485b62a3fd5c0d',
  };

  test.each([
    ['A.1', a1],
    ['A.2', a2],
  ])('%s', (_, vector) => {
    const ad = vector.ad.map((part) => fromHex(part));
    const sealed = sivSeal(tableAes, fromHex(vector.key), ad, fromHex(vector.plaintext));
    expect(toHex(sealed)).toBe(vector.sealed);
    expect(toHex(sivOpen(tableAes, fromHex(vector.key), ad, sealed)!)).toBe(vector.plaintext);
    for (const flipped of bitFlips(sealed)) {
      expect(sivOpen(tableAes, fromHex(vector.key), ad, flipped)).toBeUndefined();
    }
    for (let size = 0; size < sealed.length; size++) {
      expect(sivOpen(tableAes, fromHex(vector.key), ad, sealed.subarray(0, size))).toBeUndefined();
    }
    expect(sivOpen(tableAes, fromHex(vector.key), [...ad, new Uint8Array(0)], sealed)).toBeUndefined();
  });

  test('agrees with @noble/ciphers', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(32, 64).chain(octets),
        fc.array(some(40), { maxLength: 4 }),
        some(60),
        (k, ad, message) => {
          const sealed = sivSeal(tableAes, k, ad, message);
          expect(sealed).toEqual(aessiv(k, ...ad).encrypt(message));
          expect(sivOpen(tableAes, k, ad, sealed)).toEqual(message);
        },
      ),
    );
  });

  test('sizes that SIV does not have are refused', () => {
    expect(() => sivSeal(tableAes, new Uint8Array(16), [], new Uint8Array(1))).toThrow(CryptoError);
    const many = Array.from({ length: 127 }, () => new Uint8Array(1));
    expect(() => sivSeal(tableAes, new Uint8Array(32), many, new Uint8Array(1))).toThrow(CryptoError);
  });
});

describe('HKDF (RFC 5869)', () => {
  test('Wycheproof', () => {
    for (const { test: vector } of wycheproof('hkdf_sha256')) {
      const prk = hkdfExtract(nodePrimitives, octetsOf(vector, 'salt'), octetsOf(vector, 'ikm'));
      const expand = () => toHex(hkdfExpand(nodePrimitives, prk, octetsOf(vector, 'info'), vector.size));
      if (vector.result === 'valid') expect(expand(), `test ${vector.tcId}`).toBe(vector.okm);
      else expect(expand, `test ${vector.tcId}`).toThrow(CryptoError);
    }
  });

  test('HKDF(K, info, L) is extract with an empty salt and expand, 16 octets unless said', () => {
    fc.assert(
      fc.property(octets(16), some(20), fc.integer({ min: 0, max: 100 }), (k, info, size) => {
        expect(hkdf(nodePrimitives, k, info, size)).toEqual(nobleHkdf(sha256, k, undefined, info, size));
        expect(hkdf(nodePrimitives, k, ['stage-b', info])).toEqual(
          nobleHkdf(sha256, k, undefined, concat(fromAscii('stage-b'), info), 16),
        );
      }),
    );
  });
});

test('HMAC-SHA-256 of the Node primitives: Wycheproof', () => {
  for (const { group, test: vector } of wycheproof('hmac_sha256')) {
    const tag = nodePrimitives.hmacSha256(octetsOf(vector, 'key'), octetsOf(vector, 'msg'));
    const same = toHex(tag.subarray(0, group.tagSize / 8)) === vector.tag;
    expect(same, `test ${vector.tcId}`).toBe(vector.result === 'valid');
  }
});
