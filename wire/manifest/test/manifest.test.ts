import { fromBase64, toAscii, toBase64 } from '@cardea/kit-octets';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  canonicalManifest,
  MANIFEST_LOCKS_LIMIT,
  type Manifest,
  ManifestError,
  parseMakerTrust,
  parseManifest,
  type VerifyEs256,
  verifyManifest,
} from '../src/index.ts';
import { makeMaker, makeSigned, point, unsigned } from './fixture.ts';

let manifest: Manifest;
let publicKey: Uint8Array;
let verify: VerifyEs256;
beforeAll(async () => {
  ({ manifest, publicKey, verify } = await makeSigned());
});

const json = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const refusal = (value: unknown): ManifestError => {
  try {
    parseManifest(value);
  } catch (error) {
    if (error instanceof ManifestError) return error;
    throw error;
  }
  throw new Error('was taken');
};

describe('canonical JSON (docs/manifest.md)', () => {
  test('is RFC 8785: members sorted by name, no white space, without the signature', () => {
    const first = unsigned.locks[0]!;
    expect(toAscii(canonicalManifest({ ...unsigned, locks: [first] }))).toBe(
      `{"issued_at":"2026-01-31T09:00:00Z","locks":[{"bluetooth":"5.0","factory_key":"${'00'.repeat(32)}",` +
        `"identifier":"C0DEA0000101","model":"c-one","printed_code_hash":"${'ab'.repeat(32)}",` +
        `"serial_public_key":"${toBase64(point)}"}],"maker":"cardea","model":"door-lock","version":1}`,
    );
  });

  test('does not depend on the order in which members came', async () => {
    const turned = Object.fromEntries(Object.entries(manifest).reverse());
    expect(await verifyManifest(parseManifest(turned), publicKey, verify)).toBe(true);
  });
});

describe('signature', () => {
  test('a signed manifest survives JSON and verifies', async () => {
    const parsed = parseManifest(json(manifest));
    expect(parsed).toEqual(manifest);
    expect(await verifyManifest(parsed, publicKey, verify)).toBe(true);
  });

  test('another maker did not sign it', async () => {
    const other = await makeMaker();
    expect(await verifyManifest(manifest, other.publicKey, verify)).toBe(false);
  });

  test('every single-bit flip of the signature is refused', async () => {
    for (let bit = 0; bit < 512; bit++) {
      const signature = fromBase64(manifest.signature);
      signature[bit >> 3]! ^= 1 << (bit & 7);
      expect(await verifyManifest({ ...manifest, signature: toBase64(signature) }, publicKey, verify)).toBe(false);
    }
  });

  test('every change of a character of the JSON is refused by shape or by signature', async () => {
    const text = JSON.stringify(manifest);
    let verified = 0;
    for (let at = 0; at < text.length; at++) {
      const changed = `${text.slice(0, at)}${String.fromCharCode(text.charCodeAt(at) ^ 1)}${text.slice(at + 1)}`;
      let parsed: Manifest;
      try {
        parsed = parseManifest(JSON.parse(changed));
      } catch (error) {
        if (error instanceof ManifestError || error instanceof SyntaxError) continue;
        throw error;
      }
      if (await verifyManifest(parsed, publicKey, verify)) verified++;
    }
    expect(verified).toBe(0);
  });
});

describe('a malformed manifest is refused with the field that has to be mended', () => {
  const cases: readonly (readonly [string, (m: Record<string, unknown>, lock: Record<string, unknown>) => void])[] = [
    ['version', (m) => Object.assign(m, { version: 2 })],
    ['version', (m) => delete m.version],
    ['maker', (m) => Object.assign(m, { maker: '' })],
    ['maker', (m) => Object.assign(m, { maker: 'Türen' })],
    ['model', (m) => Object.assign(m, { model: 'x'.repeat(33) })],
    ['issued_at', (m) => Object.assign(m, { issued_at: '2026-02-29T09:00:00Z' })],
    ['issued_at', (m) => Object.assign(m, { issued_at: '2026-01-31T09:00:00+01:00' })],
    ['signature', (m) => Object.assign(m, { signature: 'AAAA' })],
    ['signature', (m) => delete m.signature],
    ['locks', (m) => Object.assign(m, { locks: [] })],
    ['locks', (m) => Object.assign(m, { locks: {} })],
    ['extra', (m) => Object.assign(m, { extra: 1 })],
    ['locks[1]', (m) => Object.assign(m, { locks: [(m.locks as unknown[])[0], 7] })],
    ['locks[0].identifier', (_, lock) => Object.assign(lock, { identifier: 'c0dea0000101' })],
    ['locks[1].identifier', (_, lock) => Object.assign(lock, { identifier: 'C0DEA0000102' })],
    ['locks[0].bluetooth', (_, lock) => Object.assign(lock, { bluetooth: '3.0' })],
    ['locks[0].factory_key', (_, lock) => Object.assign(lock, { factory_key: '00' })],
    ['locks[0].factory_key', (_, lock) => Object.assign(lock, { factory_key: 'AA'.repeat(32) })],
    ['locks[0].serial_public_key', (_, lock) => Object.assign(lock, { serial_public_key: toBase64(point.slice(1)) })],
    [
      'locks[0].serial_public_key',
      (_, lock) => Object.assign(lock, { serial_public_key: toBase64(new Uint8Array(65)) }),
    ],
    ['locks[0].printed_code_hash', (_, lock) => Object.assign(lock, { printed_code_hash: 5 })],
    ['locks[0].model', (_, lock) => delete lock.model],
    ['locks[0].extra', (_, lock) => Object.assign(lock, { extra: 1 })],
  ];
  test.each(cases)('%s %#', (field, change) => {
    const value = json(manifest) as Record<string, unknown>;
    change(value, (value.locks as Record<string, unknown>[])[0]!);
    const error = refusal(value);
    expect(error.field).toBe(field);
    expect(error.code).toBe('invalid');
  });

  test('one lock more than the limit', () => {
    const lock = unsigned.locks[0];
    const locks = Array.from({ length: MANIFEST_LOCKS_LIMIT + 1 }, () => lock);
    expect(refusal({ ...manifest, locks }).code).toBe('too_large');
  });

  test('any JSON at all is a ManifestError or a manifest', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(refusal(value)).toBeInstanceOf(ManifestError);
      }),
    );
  });
});

test('maker trust is parsed, its transport key stays secret in print, and bad fields are named', () => {
  const value = { maker: 'cardea', public_key: toBase64(point), transport_key: '5a'.repeat(32) };
  const trust = parseMakerTrust(value);
  expect(trust.publicKey).toEqual(point);
  expect(trust.transportKey.reveal()).toEqual(new Uint8Array(32).fill(0x5a));
  expect(JSON.stringify(trust)).not.toContain('5a5a');
  expect(() => parseMakerTrust({ ...value, transport_key: '5a' })).toThrow(/transport_key/);
  expect(() => parseMakerTrust({ ...value, public_key: '' })).toThrow(/public_key/);
});
