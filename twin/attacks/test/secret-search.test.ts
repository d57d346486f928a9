import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { assert, integer, property, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findSecrets } from '../src/secrets/search.ts';

const found = (secret: Uint8Array, octets: Uint8Array): boolean =>
  findSecrets([{ name: 'secret', octets: secret }], [{ name: 'artefact', octets }]).length > 0;

describe('attack 39: the search finds a secret', () => {
  const secret = uint8Array({ minLength: 8, maxLength: 40 });
  const around = (inner: Uint8Array | string): Buffer =>
    Buffer.concat([Buffer.from('a: "'), Buffer.from(inner), Buffer.from('"}')]);

  it('as it is, in hex of either case, with colons, in percents and as a list of numbers', () => {
    assert(
      property(secret, (octets) => {
        const raw = Buffer.from(octets);
        const hex = raw.toString('hex');
        for (const text of [
          hex,
          hex.toUpperCase(),
          hex.match(/../g)?.join(':') ?? '',
          JSON.stringify([...raw]).slice(1, -1),
        ]) {
          expect(found(octets, around(text))).toBe(true);
        }
        expect(found(octets, around(raw))).toBe(true);
        const percents = [...raw].map((octet) => `%${octet.toString(16).toUpperCase().padStart(2, '0')}`).join('');
        expect(found(octets, around(percents))).toBe(true);
      }),
    );
  });

  it('in base64 and base64url, wherever in the encoded text it begins and ends', () => {
    assert(
      property(secret, integer({ min: 0, max: 5 }), integer({ min: 0, max: 5 }), (octets, before, after) => {
        const text = Buffer.concat([randomBytes(before), octets, randomBytes(after)]);
        expect(found(octets, around(text.toString('base64')))).toBe(true);
        expect(found(octets, around(text.toString('base64url')))).toBe(true);
      }),
    );
  });

  it('as text in UTF-16, JSON and addresses', () => {
    const text = 'p"ss w\\rd/ü+1=';
    const octets = Buffer.from(text);
    expect(found(octets, Buffer.from(`x${text}`, 'utf16le').subarray(2))).toBe(true);
    expect(found(octets, Buffer.from(text, 'utf16le').swap16())).toBe(true);
    expect(found(octets, Buffer.from(JSON.stringify({ password: text })))).toBe(true);
    expect(found(octets, Buffer.from(`/v1/me?token=${encodeURIComponent(text)}`))).toBe(true);
  });

  it('in an archive inside an archive', () => {
    const octets = randomBytes(16);
    const inner = gzipSync(around(octets.toString('hex')));
    expect(found(octets, Buffer.concat([randomBytes(50), gzipSync(Buffer.concat([randomBytes(9), inner]))]))).toBe(
      true,
    );
  });

  it('and none where there is none', () => {
    assert(
      property(uint8Array({ minLength: 12, maxLength: 40 }), uint8Array({ maxLength: 2000 }), (octets, other) => {
        if (Buffer.from(other).includes(Buffer.from(octets))) return;
        expect(found(octets, randomBytes(3000))).toBe(false);
      }),
    );
  });
});
