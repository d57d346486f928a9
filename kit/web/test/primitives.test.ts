import { createHash, createHmac } from 'node:crypto';
import { fromAscii, toHex } from '@cardea/kit-octets';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { octetsOf, wycheproof } from '../../crypto/test/wycheproof.ts';
import {
  generateSigningKey,
  signingKey,
  webClock,
  webKeyAgreement,
  webPrimitives,
  webRandom,
  webVerify,
} from '../src/index.ts';

const parts = fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 4 });

describe('primitives', () => {
  it('AES-128 and AES-256 are those of FIPS 197, appendix C', () => {
    const plain = new Uint8Array(Buffer.from('00112233445566778899aabbccddeeff', 'hex'));
    const key = (size: number) => Uint8Array.from({ length: size }, (_, i) => i);
    expect(toHex(webPrimitives.aes(key(16)).encryptBlock(plain))).toBe('69c4e0d86a7b0430d8cdb78070b4c55a');
    expect(toHex(webPrimitives.aes(key(32)).encryptBlock(plain))).toBe('8ea2b7ca516745bfeafc49904b496089');
  });

  it('SHA-256 and HMAC-SHA-256 over parts are those of OpenSSL over the whole', () => {
    fc.assert(
      fc.property(parts, fc.uint8Array({ minLength: 1, maxLength: 100 }), (some, key) => {
        const whole = Buffer.concat(some);
        expect(toHex(webPrimitives.sha256(...some))).toBe(createHash('sha256').update(whole).digest('hex'));
        expect(toHex(webPrimitives.hmacSha256(key, ...some))).toBe(
          createHmac('sha256', key).update(whole).digest('hex'),
        );
      }),
    );
  });

  it('the generator gives as many octets as asked for, also more than the browser gives at once', () => {
    const many = webRandom.octets(150_001);
    expect(many).toHaveLength(150_001);
    expect(many.subarray(149_000).some((octet) => octet !== 0)).toBe(true);
    expect(webRandom.octets(16)).not.toEqual(webRandom.octets(16));
  });

  it('a cancelled call never comes', async () => {
    const clock = webClock();
    let calls = 0;
    clock.after(0, () => calls++)();
    await new Promise<void>((resolve) => void clock.after(1, resolve));
    expect(calls).toBe(0);
  });
});

describe('key agreement', () => {
  it('two fresh pairs agree, and a handle holds nothing that could be read', async () => {
    const [a, b] = [await webKeyAgreement.generate(), await webKeyAgreement.generate()];
    const z = await webKeyAgreement.agree(a.privateKey, b.publicKey);
    expect(z).toHaveLength(32);
    expect(await webKeyAgreement.agree(b.privateKey, a.publicKey)).toEqual(z);
    expect(JSON.stringify(a.privateKey)).toBe('{"kind":"p256-private"}');
    await expect(webKeyAgreement.agree({ kind: 'p256-private' }, b.publicKey)).rejects.toThrow(TypeError);
  });

  it('takes no point but an uncompressed one on the curve (Wycheproof ecpoint)', async () => {
    const { privateKey } = await webKeyAgreement.generate();
    const ran = { agreed: 0, refused: 0 };
    for (const { test } of wycheproof('ecdh_secp256r1_ecpoint')) {
      const point = octetsOf(test, 'public');
      const takes = test.result === 'valid' || (test.result === 'acceptable' && point.length === 65);
      const z = await webKeyAgreement.agree(privateKey, point);
      expect(z !== undefined, `test ${test.tcId}: ${test.comment}`).toBe(takes);
      ran[takes ? 'agreed' : 'refused']++;
    }
    expect(ran.agreed).toBeGreaterThan(200);
    expect(ran.refused).toBeGreaterThan(10);
  });
});

describe('signing key', () => {
  it('signs what only its own public key verifies, and its private half cannot be read', async () => {
    const pair = await generateSigningKey();
    const key = await signingKey(pair);
    expect(key.publicKey).toHaveLength(65);
    const message = fromAscii('a message');
    const signature = await key.sign(message);
    expect(signature).toHaveLength(64);
    const verify = (of: CryptoKeyPair, octets: Uint8Array<ArrayBuffer>) =>
      crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, of.publicKey, new Uint8Array(signature), octets);
    expect(await verify(pair, new Uint8Array(message))).toBe(true);
    expect(await verify(pair, new Uint8Array(fromAscii('another')))).toBe(false);
    expect(await verify(await generateSigningKey(), new Uint8Array(message))).toBe(false);
    await expect(crypto.subtle.exportKey('jwk', pair.privateKey)).rejects.toThrow();
  });

  it('is verified by its public key alone, and a key that is no point of the curve verifies nothing', async () => {
    const key = await signingKey(await generateSigningKey());
    const message = fromAscii('a message');
    const signature = await key.sign(message);
    expect(await webVerify(key.publicKey, message, signature)).toBe(true);
    expect(await webVerify(key.publicKey, fromAscii('another'), signature)).toBe(false);
    expect(await webVerify((await signingKey(await generateSigningKey())).publicKey, message, signature)).toBe(false);
    expect(await webVerify(key.publicKey, message, signature.slice(1))).toBe(false);
    expect(
      await webVerify(
        key.publicKey.map((octet, at) => (at === 64 ? octet ^ 1 : octet)),
        message,
        signature,
      ),
    ).toBe(false);
    expect(await webVerify(new Uint8Array(33).fill(2), message, signature)).toBe(false);
  });

  it('survives a structured clone, which is how a browser keeps it', async () => {
    const kept = structuredClone(await generateSigningKey());
    expect((await signingKey(kept)).publicKey).toHaveLength(65);
    expect(kept.privateKey.extractable).toBe(false);
  });

  it('one that could be read is refused', async () => {
    const open = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
    await expect(signingKey(open)).rejects.toThrow(TypeError);
  });
});
