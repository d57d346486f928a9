import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromHex, toHex } from '@cardea/kit-octets';
import { encodeAdata, encodeAnswer, encodePadata, encodePlainFrame, OPERATION, type Padata } from '@cardea/wire-scpm';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VECTORS, vectorOf } from '../../../wire/scpm/test/vectors.ts';
import { decodeScpm } from '../src/decode/scpm.ts';
import { cardea } from './fake-client.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cardea-decode-scpm-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const KEY = '00112233445566778899aabbccddeeff';
const HEAD = { key: KEY, snf: 7, sa: '020000000001', da: '020000000002' };

let files = 0;

function keyFile(content: object): string {
  const file = join(folder, `keys-${files++}.json`);
  writeFileSync(file, JSON.stringify(content), { mode: 0o600 });
  return file;
}

async function decoded(hex: string, keys?: object): Promise<Record<string, string>> {
  const given = keys === undefined ? [] : ['--keys', keyFile(keys)];
  const ran = await cardea(['decode', 'scpm', hex, ...given, '--json']);
  expect([ran.code, ran.err]).toEqual([0, '']);
  const fields: { field: string; value: string }[] = JSON.parse(ran.out).fields;
  return Object.fromEntries(fields.map(({ field, value }) => [field, value]));
}

async function sealed(asked: object): Promise<string> {
  const ran = await cardea(['scpm', 'seal'], {}, { lines: [JSON.stringify({ ...HEAD, ...asked })] });
  return JSON.parse(ran.out).frame;
}

const KEY_MATERIAL = { version: 3, algorithm: 1, key: new Uint8Array(16).fill(0xa5) };
const PADATA: readonly Padata[] = [
  { kind: 'snf-inquiry', nonce: new Uint8Array(16).fill(1) },
  { kind: 'user-key', keyIndex: 1, ...KEY_MATERIAL, heard: [1, 2] },
  { kind: 'provider-key', keyIndex: 4, ...KEY_MATERIAL },
  {
    kind: 'dh-value',
    exchangeId: 9,
    group: 2,
    keyIndex: 1,
    version: 3,
    fragment: 0,
    total: 1,
    part: Uint8Array.of(4, 5),
  },
  { kind: 'new-master-key', keyIndex: 1, ...KEY_MATERIAL },
  { kind: 'commit', keyIndex: 1, version: 3 },
  { kind: 'abort', keyIndex: 1, version: 3 },
  { kind: 'update-request', keyIndex: 1 },
  { kind: 'lock-message', message: 1, fragment: 0, total: 2, part: Uint8Array.of(6, 7) },
];

describe('decode scpm', () => {
  it('shows each field of a secure frame without keys, and leaves what is enciphered', async () => {
    const vector = vectorOf('hardened, CBC, auth+enc: request');
    expect(await decoded(vector.frame)).toEqual({
      frame: 'secure',
      sa: vector.sa,
      da: vector.da,
      bc: String(vector.parts.bc),
      shd: vector.parts.shd,
      keyIndex: '1',
      dh: 'false',
      services: 'auth+enc',
      response: 'false',
      failure: 'none',
      snf: '16909060',
      ciphertext: vector.parts.body,
      mdas: vector.parts.mdas,
    });
  });

  it('opens every vector by its key, and says of the frames that fail which check it was', async () => {
    for (const { key, profile, algorithm, ivLayout, ...vector } of VECTORS.accept) {
      const fields = await decoded(vector.frame, { key, profile, algorithm, ivLayout });
      // Nothing proves a failure answer for confidentiality only.
      const verdict = vector.services === 'enc' && vector.copied !== undefined ? 'decrypt' : 'ok';
      expect(fields).toMatchObject({ verdict, services: vector.services, snf: String(vector.snf) });
      if (vector.copied !== undefined) expect(fields).toMatchObject({ copied: vector.copied, failure: vector.failure });
    }
    for (const { key, profile, algorithm, ivLayout, frame, verdict } of VECTORS.refuse) {
      if (verdict === 'format') continue;
      const fields = await decoded(frame, { key, profile, algorithm, ivLayout });
      expect(fields.verdict).toBe(verdict);
      expect(Object.keys(fields).filter((field) => field.startsWith('padata'))).toEqual([]);
    }
  });

  it.each(PADATA)('reads the operation of PADATA: $kind; a key is never shown', async (padata) => {
    const frame = await sealed({ padata: toHex(encodePadata(padata)) });
    const ran = await cardea(['decode', 'scpm', frame, '--keys', keyFile({ key: KEY })]);
    expect(ran.out).toMatch(new RegExp(`\\npadata\\.operation +${padata.kind} `));
    expect(ran.out + ran.err).not.toContain('a5a5');
    const fields = await decoded(frame, { key: KEY });
    for (const [name, value] of Object.entries(padata)) {
      if (name === 'kind') continue;
      const octets = Array.isArray(value) ? Uint8Array.from(value) : value;
      const text = octets instanceof Uint8Array ? toHex(octets) : String(octets);
      expect([name, fields[`padata.${name}`]]).toEqual([name, name === 'key' ? '16 octets' : text]);
    }
  });

  it('shows no key of PADATA that is cut off either', async () => {
    for (const padata of PADATA.filter((one) => 'key' in one)) {
      const frame = await sealed({ padata: toHex(encodePadata(padata).slice(0, 20)) });
      const fields = await decoded(frame, { key: KEY });
      expect(fields['padata.unread']).toBe(toHex(Uint8Array.of(OPERATION[padata.kind])));
    }
  });

  it('reads answers, and what only authentication protects without any key', async () => {
    const padata = toHex(encodeAnswer({ to: 'commit', status: 'no_key' }));
    const frame = await sealed({ padata, response: true, services: 'auth' });
    expect(await decoded(frame)).toMatchObject({ pbc: '2', 'padata.to': 'commit', 'padata.status': 'no_key' });
    expect((await decoded(frame)).verdict).toBeUndefined();
    expect(await decoded(await sealed({ services: 'auth', padata: 'ff00' }))).toMatchObject({
      'padata.unread': 'ff00',
    });
  });

  it('reads ordinary frames, the algorithm inquiry among them', async () => {
    const addresses = { sa: fromHex('0001'), da: fromHex('ffff') };
    const frame = (adata: Uint8Array): string => toHex(encodePlainFrame({ ...addresses, adata }));
    expect(await decoded(frame(encodeAdata({ kind: 'algorithm-inquiry', keyIndex: 0 })))).toEqual({
      frame: 'ordinary',
      sa: '0001',
      da: 'ffff',
      group: 'true',
      bc: '2',
      'adata.operation': 'algorithm-inquiry',
      'adata.keyIndex': '0',
    });
    expect(await decoded(frame(encodeAdata({ kind: 'algorithms', algorithms: [1, 2] })))).toMatchObject({
      'adata.algorithms': '0102',
    });
    expect(await decoded(frame(fromHex('cafe')))).toMatchObject({ 'adata.unread': 'cafe' });
  });

  it('names each key by its level', async () => {
    for (const [keyIndex, name] of [
      [0, 'the serial key'],
      [1, 'the user key'],
      [2, 'the maker key'],
      [3, 'service provider key 1 of 13'],
      [15, 'service provider key 13 of 13'],
    ] as const) {
      const { out } = await cardea(['decode', 'scpm', await sealed({ keyIndex })]);
      expect(out).toMatch(new RegExp(`\\nkeyIndex +${keyIndex} +b3 to b0: ${name}\\n`));
    }
  });

  it('octets that are no frame are one error that names the field; a key file that is wrong too', async () => {
    const frame = await sealed({});
    for (const [args, message] of [
      [[frame.slice(0, -2)], /HEX is not scpm: bc: says 38 octets, there are 37/],
      [['81'], /HEX is not scpm: /],
      [['80'], /HEX is not scpm: bc: /],
      [[frame, '--keys', keyFile({ key: 'zz' })], /key is not hex/],
      [[frame, '--keys', keyFile({ key: 'abcd' })], /cardea: key: has 16 octets, not 2; /],
      [[frame, '--keys', keyFile({ kye: KEY })], /kye is not known; there are profile, key/],
    ] as const) {
      const ran = await cardea(['decode', 'scpm', ...args]);
      expect([ran.code, ran.out]).toEqual([2, '']);
      expect(ran.err).toMatch(message);
    }
  });

  it('whatever comes is read, or refused by an error with a code', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (octets) => {
        try {
          expect(decodeScpm(octets, undefined).length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toHaveProperty('code', expect.any(String));
        }
      }),
    );
  });
});
