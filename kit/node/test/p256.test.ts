import { fromAscii, toHex } from '@cardea/kit-octets';
import { expect, test } from 'vitest';
import { octetsOf, wycheproof } from '../../crypto/test/wycheproof.ts';
import { agreeP256, generateP256, importP256, signP256, verifyP256 } from '../src/index.ts';

const SPKI_HEAD = '3059301306072a8648ce3d020106082a8648ce3d030107034200';
/** A scalar of the vectors has its sign octet or lacks leading zeros. */
const scalar = (octets: Uint8Array) => {
  const padded = new Uint8Array(32 + octets.length);
  padded.set(octets, 32);
  return padded.slice(-32);
};

test('11: ECDH takes no point but an uncompressed one on the curve (Wycheproof ecpoint)', () => {
  const ran = { agreed: 0, refused: 0 };
  for (const { test: vector } of wycheproof('ecdh_secp256r1_ecpoint')) {
    const { privateKey } = importP256(scalar(octetsOf(vector, 'private')));
    const point = octetsOf(vector, 'public');
    const z = agreeP256(privateKey, point);
    const takes = vector.result === 'valid' || (vector.result === 'acceptable' && point.length === 65);
    expect(z === undefined ? undefined : toHex(z), `test ${vector.tcId}`).toBe(takes ? vector.shared : undefined);
    ran[takes ? 'agreed' : 'refused']++;
  }
  expect(ran.agreed).toBeGreaterThan(200);
  expect(ran.refused).toBeGreaterThan(10);
});

test('11: ECDH (Wycheproof, the points of canonical SubjectPublicKeyInfos)', () => {
  let run = 0;
  for (const { test: vector } of wycheproof('ecdh_secp256r1')) {
    // How a key is wrapped in ASN.1 is nothing that we read.
    if (vector.flags.includes('InvalidAsn')) continue;
    const spki = toHex(octetsOf(vector, 'public'));
    const point = octetsOf(vector, 'public').slice(SPKI_HEAD.length / 2);
    const { privateKey } = importP256(scalar(octetsOf(vector, 'private')));
    // Anything that is not the bare point of this curve is refused, whatever else it may be.
    if (!spki.startsWith(SPKI_HEAD)) {
      expect(agreeP256(privateKey, octetsOf(vector, 'public'))).toBeUndefined();
      continue;
    }
    const z = agreeP256(privateKey, point);
    expect(z === undefined ? 'invalid' : toHex(z), `test ${vector.tcId}`).toBe(
      vector.result === 'invalid' ? 'invalid' : vector.shared,
    );
    run++;
  }
  expect(run).toBeGreaterThan(200);
});

test('ES256 over r | s (Wycheproof P1363)', () => {
  for (const { group, test: vector } of wycheproof('ecdsa_secp256r1_sha256_p1363')) {
    const publicKey = new Uint8Array(Buffer.from(group.publicKey.uncompressed, 'hex'));
    const verified = verifyP256(publicKey, octetsOf(vector, 'msg'), octetsOf(vector, 'sig'));
    expect(verified, `test ${vector.tcId}: ${vector.comment}`).toBe(vector.result === 'valid');
  }
});

test('two fresh pairs agree, and one signs what only its own public key verifies', () => {
  const [a, b] = [generateP256(), generateP256()];
  expect(a.publicKey).toHaveLength(65);
  expect(agreeP256(a.privateKey, b.publicKey)).toEqual(agreeP256(b.privateKey, a.publicKey));
  const message = fromAscii('a message');
  const signature = signP256(a.privateKey, message);
  expect(signature).toHaveLength(64);
  expect(verifyP256(a.publicKey, message, signature)).toBe(true);
  expect(verifyP256(b.publicKey, message, signature)).toBe(false);
  expect(verifyP256(a.publicKey, fromAscii('another'), signature)).toBe(false);
});

test('a handle holds no key that could be printed, and a forged handle does nothing', () => {
  const { privateKey, publicKey } = generateP256();
  expect(JSON.stringify(privateKey)).toBe('{"kind":"p256-private"}');
  expect(() => agreeP256({ kind: 'p256-private' }, publicKey)).toThrow(TypeError);
  expect(() => importP256(new Uint8Array(32))).toThrow(TypeError);
});
