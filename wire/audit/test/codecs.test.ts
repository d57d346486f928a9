import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateP256, nodeKeyAgreement, nodePrimitives, signP256 } from '@cardea/kit-node';
import { fromBase64, toHex } from '@cardea/kit-octets';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { derOfRaw, rawOfDer } from '../src/head/der-signature.ts';
import {
  AuditError,
  canonical,
  commit,
  decodeExportHeader,
  decodeExportLine,
  decodeHead,
  decodeLeaf,
  decodeNote,
  decodeProof,
  encodeExportHeader,
  encodeExportLine,
  encodeHead,
  encodeLeaf,
  encodeNote,
  encodeProof,
  type Json,
  type Leaf,
  linesIn,
  openHead,
  opens,
  type Proof,
  signHead,
  verifierKey,
} from '../src/index.ts';

const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
const time = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const id = fc.stringMatching(/^[a-z]{1,6}_[0-9A-Za-z-]{1,40}$/);
const told = fc.dictionary(
  fc.stringMatching(/^[a-z_]{1,20}$/).filter((name) => name !== '__proto__'),
  fc.oneof(fc.stringMatching(/^[ -~]{0,60}$/), fc.nat()),
  { maxKeys: 5, noNullPrototype: true },
);
const leaf: fc.Arbitrary<Leaf> = fc.record({
  id,
  type: fc.stringMatching(/^[a-z]{1,10}\.[a-z0-9_]{1,30}$/),
  receivedAt: time,
  occurredAt: fc.option(fc.integer()),
  lock: fc.option(id),
  sequence: fc.option(time),
  person: fc.option(hash),
  about: hash,
  detail: hash,
  told: fc.option(told),
});
const sample: Leaf = {
  id: 'evt_0198c0de-0000-7000-8000-000000000001',
  type: 'lock.unlocked',
  receivedAt: 1_767_225_600_000,
  occurredAt: null,
  lock: 'lock_0198c0de',
  sequence: 7,
  person: new Uint8Array(32).fill(1),
  about: new Uint8Array(32).fill(2),
  detail: new Uint8Array(32).fill(3),
  told: { size: 3, why: 'a "quoted" one' },
};

/** Every text that ends early, and every one with a bit of one character turned, is refused or says the same octets. */
function refusesSpoiled<T>(text: string, decode: (text: string) => T, encode: (value: T) => string): void {
  const refusedOrExact = (spoiled: string): void => {
    let value: T;
    try {
      value = decode(spoiled);
    } catch (error) {
      expect(error, `${error}`).toBeInstanceOf(AuditError);
      return;
    }
    expect(encode(value)).toBe(spoiled);
  };
  for (let end = 0; end < text.length; end++) refusedOrExact(text.slice(0, end));
  for (let at = 0; at < text.length; at++) {
    for (let bit = 0; bit < 8; bit++) {
      const turned = String.fromCharCode(text.charCodeAt(at) ^ (1 << bit));
      refusedOrExact(text.slice(0, at) + turned + text.slice(at + 1));
    }
  }
}

describe('leaf', () => {
  it('is canonical JSON of its members, and comes back', () =>
    fc.assert(
      fc.property(leaf, (value) => {
        const text = encodeLeaf(value);
        expect(text).toBe(canonical(JSON.parse(text)));
        expect(encodeLeaf(decodeLeaf(text))).toBe(text);
        expect(decodeLeaf(text)).toEqual({ ...value, told: value.told && { ...value.told } });
      }),
    ));

  it('cut anywhere, or with any bit turned, is refused or another leaf in full', () =>
    refusesSpoiled(encodeLeaf(sample), decodeLeaf, encodeLeaf));

  it('has one form only', () => {
    const text = encodeLeaf(sample);
    const other = [
      ` ${text}`,
      text.replace('"v":1', '"v":1.0'),
      text.replace('{"about"', '{"v":1,"about"'),
      text.replace(':7,', ':7e0,'),
      text.replace('lock.', '\\u006cock.'),
      text.replace('"v":1}', '"v":1,"x":1}'),
      text.replace('"v":1}', '"v":1,"__proto__":1}'),
      text.replace('"v":1', '"v":2'),
    ];
    for (const one of other) expect(() => decodeLeaf(one), one).toThrow(AuditError);
  });

  it('commitments open by their salt and value alone, and each name is its own', () => {
    const salt = new Uint8Array(16).fill(9);
    const value: Json = { door: 'door_1', name: 'Zoë\u2028' };
    const commitment = commit(nodePrimitives, salt, 'about', value);
    expect(opens(nodePrimitives, commitment, salt, 'about', { name: 'Zoë\u2028', door: 'door_1' })).toBe(true);
    expect(opens(nodePrimitives, commitment, salt, 'detail', value)).toBe(false);
    expect(opens(nodePrimitives, commitment, salt, 'about', { door: 'door_1', name: 'Zoe' })).toBe(false);
    expect(opens(nodePrimitives, commitment, new Uint8Array(16), 'about', value)).toBe(false);
    // A salt is of one length: a longer one could have taken from the value.
    expect(opens(nodePrimitives, commitment, new Uint8Array([...salt, 0]), 'about', value)).toBe(false);
  });

  it('canonical text is what JSON reads back, in ASCII', () =>
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonical(value as Json);
        expect(text).toMatch(/^[ -~]*$/);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    ));
});

const pair = generateP256();
const signer = {
  publicKey: pair.publicKey,
  sign: async (message: Uint8Array) => signP256(pair.privateKey, message),
};
const { verify } = nodeKeyAgreement;
const head = { origin: 'cardea/audit/org_1', size: 12, root: new Uint8Array(32).fill(7), time: 1_767_225_600_000 };

describe('signed heads', () => {
  it('come back, and only from who signed them', async () => {
    const { note } = await signHead(nodePrimitives, signer, head);
    expect(await openHead(nodePrimitives, verify, pair.publicKey, note)).toEqual(head);
    expect(await openHead(nodePrimitives, verify, generateP256().publicKey, note)).toBeUndefined();
    expect(encodeNote(decodeNote(note))).toBe(note);
  });

  it('any bit turned, any part cut: no head', async () => {
    const { note } = await signHead(nodePrimitives, signer, head);
    refusesSpoiled(note, decodeNote, encodeNote);
    const open = (text: string) => openHead(nodePrimitives, verify, pair.publicKey, text);
    for (let end = 0; end < note.length; end++) expect(await open(note.slice(0, end))).toBeUndefined();
    for (let at = 0; at < note.length; at++) {
      for (const bit of [0, 3, 6]) {
        const turned = String.fromCharCode(note.charCodeAt(at) ^ (1 << bit));
        expect(await open(note.slice(0, at) + turned + note.slice(at + 1)), `${at}.${bit}`).toBeUndefined();
      }
    }
  });

  it('cosignatures of others are left alone, a second one in the own name is not', async () => {
    const { note } = await signHead(nodePrimitives, signer, head);
    const open = (text: string) => openHead(nodePrimitives, verify, pair.publicKey, text);
    expect(await open(`${note}\u2014 witness.example/w Az3grlgtzPICa5OS8npVmf1Myq8=\n`)).toEqual(head);
    expect(await open(`${note}${note.slice(note.indexOf('\u2014'))}`)).toBeUndefined();
  });

  it('heads have one form only', () => {
    const text = encodeHead(head);
    expect(decodeHead(text)).toEqual(head);
    for (const other of [
      text.replace('12', '012'),
      text.replace('12', '1.2e1'),
      `${text}more\n`,
      text.replace('time ', ''),
    ]) {
      expect(() => decodeHead(other)).toThrow(AuditError);
    }
  });

  it('C2SP signed-note: the published example of a note is read as it is', () => {
    const note =
      'This is an example message.\n\n' +
      '\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n';
    const read = decodeNote(note);
    expect(read.signatures[0]?.name).toBe('example.com/foo');
    // The id that its verifier key, example.com/foo+530d903a+..., names.
    expect(toHex(read.signatures[0]!.keyId)).toBe('530d903a');
    expect(encodeNote(read)).toBe(note);
  });

  const openssl = spawnSync('openssl', ['version']).status === 0;
  it.skipIf(!openssl && process.env.REQUIRE_PEERS !== '1')(
    'openssl verifies a note’s signature by the key that its verifier key names (skipped without openssl)',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'cardea-note-'));
      try {
        const { note } = await signHead(nodePrimitives, signer, head);
        const { text, signatures } = decodeNote(note);
        const [name, keyId, key] = verifierKey(nodePrimitives, head.origin, pair.publicKey).split('+') as [
          string,
          string,
          string,
        ];
        // The base64 of a key may itself hold a plus.
        const encoded = fromBase64(
          verifierKey(nodePrimitives, head.origin, pair.publicKey).slice(name.length + keyId.length + 2),
        );
        expect(key.length).toBeGreaterThan(0);
        expect([name, keyId, encoded[0]]).toEqual([head.origin, toHex(signatures[0]!.keyId), 2]);
        writeFileSync(join(folder, 'key.der'), encoded.subarray(1));
        writeFileSync(join(folder, 'text'), text);
        writeFileSync(join(folder, 'signature'), signatures[0]!.signature);
        execFileSync('openssl', ['pkey', '-pubin', '-inform', 'DER', '-in', 'key.der', '-out', 'key.pem'], {
          cwd: folder,
        });
        const args = ['dgst', '-sha256', '-verify', 'key.pem', '-signature', 'signature', 'text'];
        expect(execFileSync('openssl', args, { cwd: folder }).toString()).toContain('Verified OK');
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  );

  it('DER signatures come back, whatever the numbers, and in one form', () =>
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 64, maxLength: 64 }), fc.nat({ max: 31 }), (raw, zeros) => {
        raw.fill(0, 0, zeros);
        const der = derOfRaw(raw);
        expect(rawOfDer(der)).toEqual(raw);
        for (let end = 0; end < der.length; end++) expect(() => rawOfDer(der.subarray(0, end))).toThrow(AuditError);
        expect(() => rawOfDer(Uint8Array.of(...der, 0))).toThrow(AuditError);
      }),
    ));
});

describe('export', () => {
  it('lines come back, and have one form', async () => {
    const { note } = await signHead(nodePrimitives, signer, head);
    const header = { origin: head.origin, publicKey: pair.publicKey, size: 12 };
    refusesSpoiled(encodeExportHeader(header), decodeExportHeader, encodeExportHeader);
    const line = encodeExportLine({ kind: 'leaf', number: 3, leaf: encodeLeaf(sample), hash: sample.about });
    expect(decodeExportLine(line)).toEqual({ kind: 'leaf', number: 3, leaf: encodeLeaf(sample), hash: sample.about });
    expect(JSON.parse(line).leaf.type).toBe('lock.unlocked');
    refusesSpoiled(line, decodeExportLine, encodeExportLine);
    refusesSpoiled(encodeExportLine({ kind: 'head', note }), decodeExportLine, encodeExportLine);
  });

  it('lines are found in pieces of any size, and a last one without an end is refused', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.stringMatching(/^[a-z]{0,5}$/)),
        fc.integer({ min: 1, max: 7 }),
        async (lines, size) => {
          const text = lines.map((line) => `${line}\n`).join('');
          const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, i) =>
            text.slice(i * size, (i + 1) * size),
          );
          const found: string[] = [];
          for await (const line of linesIn(pieces)) found.push(line);
          expect(found).toEqual(lines);
        },
      ),
    );
    const read = async () => {
      for await (const _ of linesIn(['a\nb']));
    };
    await expect(read()).rejects.toThrow(AuditError);
  });
});

it('a proof’s document comes back, and cut or turned it is refused or another one', async () => {
  const { note } = await signHead(nodePrimitives, signer, head);
  const proof: Proof = {
    origin: head.origin,
    publicKey: pair.publicKey,
    number: 3,
    size: 12,
    leaf: encodeLeaf(sample),
    proof: [sample.about, sample.detail],
    head: note,
    opening: { salt: new Uint8Array(16), about: { door: 'door_1' }, detail: { n: 1, ok: true, none: null } },
  };
  const text = encodeProof(proof);
  expect(decodeProof(text)).toEqual(proof);
  for (let end = 0; end < text.length - 1; end++) expect(() => decodeProof(text.slice(0, end))).toThrow(AuditError);
  for (const other of [
    'null',
    '[]',
    '{}',
    text.replace('"number": 3', '"number": -3'),
    text.replace('"proof": [', '"proof": [1,'),
  ]) {
    expect(() => decodeProof(other)).toThrow(AuditError);
  }
});
