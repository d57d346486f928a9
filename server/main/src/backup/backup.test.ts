import { createHash, randomBytes } from 'node:crypto';
import { chownSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEnvelope } from '@cardea/kit-node';
import { Secret } from '@cardea/kit-runtime';
import { openStore } from '@cardea/server-store';
import { array, assert, constant, integer, oneof, property, record, stringMatching, uint8Array } from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBackup } from './create-backup.ts';
import { type BackupHeader, decodeHeader, encodeHeader } from './header.ts';
import { type BackupLock, newBackupKey, unwrapBackupKey } from './key.ts';
import { decodeManifest, encodeManifest, isPartName } from './manifest.ts';
import { type PartTaker, readBackup } from './read-backup.ts';
import { restoreBackup, verifyBackup } from './restore.ts';
import { CHUNK_OCTETS, TAG_OCTETS } from './sealed-stream.ts';
import { finishSwap } from './swap.ts';
import { writeBackup } from './write-backup.ts';

const CHEAP = { memoryKib: 1024, passes: 1 };
const PASSPHRASE = new Secret('four words of a rhyme');
const ABOUT = { madeAtMs: Date.UTC(2026, 0, 15, 12), program: '0.1.0', schema: 1 };

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cardea-backup-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const collect = (): PartTaker & { readonly parts: Map<string, Buffer> } => {
  const parts = new Map<string, Buffer>();
  let name = '';
  return {
    parts,
    async begin(part) {
      name = part.name;
      parts.set(name, Buffer.alloc(0));
    },
    async octets(octets) {
      parts.set(name, Buffer.concat([parts.get(name) ?? Buffer.alloc(0), octets]));
    },
    async end() {},
  };
};

async function envelopeLock(): Promise<BackupLock> {
  return { kind: 'envelope', envelope: await createEnvelope(join(folder, 'a.key')) };
}

async function written(sizes: readonly number[], lock: BackupLock) {
  const sources = sizes.map((size, i) => {
    const path = join(folder, `part-${i}`);
    writeFileSync(path, randomBytes(size));
    return { name: i === 0 ? 'cardea.db' : `tls/part-${i}`, path };
  });
  const file = join(folder, 'one.cardea-backup');
  await writeBackup(file, sources, ABOUT, lock);
  return { file, sources };
}

describe('header and manifest', () => {
  const octets = (size: number) => uint8Array({ minLength: size, maxLength: size });
  const key = oneof(
    record({ kind: constant('envelope' as const), wrapped: octets(65) }),
    record({
      kind: constant('passphrase' as const),
      memoryKib: integer({ min: 1024, max: 1024 * 1024 }),
      passes: integer({ min: 1, max: 16 }),
      salt: octets(16),
      wrapped: octets(48),
    }),
  );
  const header = record({
    madeAtMs: integer({ min: 0, max: 4_000_000_000_000 }),
    program: stringMatching(/^[0-9]\.[0-9]\.[0-9]$/),
    schema: integer({ min: 0, max: 1000 }),
    key,
  });

  it('a header reads back, whatever follows it; every truncation and bit flip is another header or none', () => {
    assert(
      property(header, uint8Array({ maxLength: 40 }), (one, rest) => {
        const encoded = encodeHeader(one);
        const whole = Buffer.concat([encoded, rest]);
        expect(decodeHeader(whole)).toEqual({ header: one, sizeOctets: encoded.length });
      }),
    );
    const one: BackupHeader = { ...ABOUT, key: { kind: 'envelope', wrapped: new Uint8Array(65).fill(7) } };
    const encoded = encodeHeader(one);
    for (let length = 0; length < encoded.length; length++) {
      expect(decodeHeader(encoded.subarray(0, length))).toBeUndefined();
    }
    for (let bit = 0; bit < encoded.length * 8; bit++) {
      const flipped = Uint8Array.from(encoded);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      expect(decodeHeader(flipped)?.header).not.toEqual(one);
    }
  });

  it('a header that would cost its reader too much is refused', () => {
    const text = (changes: object) =>
      Buffer.from(
        `cardea-backup 1\n${JSON.stringify({
          made_at: '2026-01-15T12:00:00.000Z',
          program: '0.1.0',
          schema: 1,
          key: { kind: 'passphrase', memory_kib: 1024, passes: 1, salt: 'AAAA', wrapped: 'AAAA', ...changes },
        })}\n`,
      );
    expect(decodeHeader(text({}))).toBeDefined();
    for (const changes of [
      { memory_kib: 2 ** 21 },
      { memory_kib: 8 },
      { passes: 17 },
      { passes: 0 },
      { kind: 'none' },
    ]) {
      expect(decodeHeader(text(changes))).toBeUndefined();
    }
  });

  it('a manifest reads back; one that names a file outside the folder, or one twice, is none', () => {
    const part = record({
      name: stringMatching(/^[a-z]{1,9}(\/[a-z]{1,9})?$/),
      sizeOctets: integer({ min: 0, max: 2 ** 40 }),
      sha256: stringMatching(/^[0-9a-f]{64}$/),
    });
    const sha256 = 'ab'.repeat(32);
    const known = { name: 'cardea.db', sizeOctets: 1, sha256 };
    assert(
      property(array(part, { maxLength: 9 }), (others) => {
        const names = new Set(others.map(({ name }) => name));
        if (names.size !== others.length) return;
        const manifest = { id: `bak_${'0'.repeat(32)}`, keys: false, parts: [known, ...others] };
        expect(decodeManifest(encodeManifest(manifest))).toEqual(manifest);
      }),
    );
    const of = (...names: string[]) =>
      decodeManifest(
        encodeManifest({
          id: `bak_${'0'.repeat(32)}`,
          keys: false,
          parts: names.map((name) => ({ name, sizeOctets: 0, sha256 })),
        }),
      );
    expect(of('cardea.db', 'tls/server.pem')).toBeDefined();
    const outside = [
      '../x',
      '/etc/passwd',
      'a/../b',
      'a//b',
      '.ssh',
      'a/.b',
      'C:\\x',
      'a\\b',
      'a\u0000',
      '',
      'a/b/c/d/e',
    ];
    for (const name of outside) {
      expect(isPartName(name)).toBe(false);
      expect(of('cardea.db', name)).toBeUndefined();
    }
    expect(of('cardea.db', 'a', 'a')).toBeUndefined();
    expect(of('a')).toBeUndefined();
  });
});

describe('the file', () => {
  it('reads back at every size around the edges of its chunks, mode 0600, nothing else left in the folder', async () => {
    const lock = await envelopeLock();
    for (const size of [0, 1, CHUNK_OCTETS - 400, CHUNK_OCTETS, CHUNK_OCTETS + 1, 3 * CHUNK_OCTETS + 7]) {
      const { file, sources } = await written([size, 0, 5], lock);
      const taker = collect();
      const read = await readBackup(file, lock, taker);
      expect(read.header).toMatchObject(ABOUT);
      for (const { name, path } of sources) expect(taker.parts.get(name)?.equals(readFileSync(path))).toBe(true);
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    }
  });

  it('ends exactly where a chunk ends, too', async () => {
    const lock = await envelopeLock();
    const { file } = await written([10], lock);
    const small = statSync(file).size;
    // The content before the part is as long as in the small one, but for the digits of its size.
    const header = decodeHeader(readFileSync(file))?.sizeOctets ?? 0;
    const before = small - header - TAG_OCTETS - 10;
    const { file: full, sources } = await written([CHUNK_OCTETS - before - 3], lock);
    expect(statSync(full).size - (decodeHeader(readFileSync(full))?.sizeOctets ?? 0)).toBe(CHUNK_OCTETS + TAG_OCTETS);
    const taker = collect();
    await readBackup(full, lock, taker);
    expect(taker.parts.get('cardea.db')?.equals(readFileSync(sources[0]!.path))).toBe(true);
  });

  it('every truncation, every flipped bit and anything behind its end is refused', async () => {
    const lock = await envelopeLock();
    const { file } = await written([40, 3], lock);
    const whole = readFileSync(file);
    const refused = async (octets: Uint8Array): Promise<void> => {
      writeFileSync(file, octets);
      await expect(readBackup(file, lock, collect())).rejects.toMatchObject({ name: 'ServerError', code: 'backup' });
    };
    await refused(Buffer.concat([whole, Buffer.of(0)]));
    await refused(Buffer.concat([whole, whole]));
    for (let length = 0; length < whole.length; length++) await refused(whole.subarray(0, length));
    for (let at = 0; at < whole.length; at++) {
      const flipped = Buffer.from(whole);
      flipped[at]! ^= 1 << (at % 8);
      await refused(flipped);
    }
  }, 30_000);

  it('chunks cannot be left out, moved or added', async () => {
    const lock = await envelopeLock();
    const { file } = await written([3 * CHUNK_OCTETS], lock);
    const whole = readFileSync(file);
    const start = decodeHeader(whole)?.sizeOctets ?? 0;
    const sealed = CHUNK_OCTETS + TAG_OCTETS;
    const chunk = (n: number) => whole.subarray(start + n * sealed, start + (n + 1) * sealed);
    const head = whole.subarray(0, start);
    const orders = [
      [0, 2, 3],
      [1, 0, 2, 3],
      [0, 1, 1, 2, 3],
      [0, 1, 2],
      [0, 2, 1, 3],
    ];
    for (const order of orders) {
      writeFileSync(file, Buffer.concat([head, ...order.map(chunk)]));
      await expect(readBackup(file, lock, collect())).rejects.toMatchObject({ code: 'backup' });
    }
    writeFileSync(file, Buffer.concat([head, ...[0, 1, 2, 3].map(chunk)]));
    await readBackup(file, lock, collect());
  });

  it('a key that is wrapped by a passphrase opens by that alone, one under an envelope by that envelope alone', async () => {
    const right: BackupLock = { kind: 'passphrase', passphrase: PASSPHRASE, cost: CHEAP };
    const wrong: BackupLock = { kind: 'passphrase', passphrase: new Secret('four words of a song') };
    const own = await envelopeLock();
    const other: BackupLock = { kind: 'envelope', envelope: await createEnvelope(join(folder, 'b.key')) };
    const first = await newBackupKey(right);
    expect((await unwrapBackupKey(first.wrapped, right))?.reveal()).toEqual(first.key.reveal());
    for (const lock of [wrong, own, other]) expect(await unwrapBackupKey(first.wrapped, lock)).toBeUndefined();
    const second = await newBackupKey(own);
    expect((await unwrapBackupKey(second.wrapped, own))?.reveal()).toEqual(second.key.reveal());
    for (const lock of [right, wrong, other]) expect(await unwrapBackupKey(second.wrapped, lock)).toBeUndefined();
    // Composed or decomposed, a letter is the same letter to whoever types it.
    const nfd: BackupLock = { kind: 'passphrase', passphrase: new Secret('vier Wo\u0308rter Reim'), cost: CHEAP };
    const nfc: BackupLock = { kind: 'passphrase', passphrase: new Secret('vier W\u00f6rter Reim'), cost: CHEAP };
    const third = await newBackupKey(nfd);
    expect((await unwrapBackupKey(third.wrapped, nfc))?.reveal()).toEqual(third.key.reveal());
  });
});

/** A stopped server's data folder with something in each of its files. */
async function estate(name: string): Promise<string> {
  const dataDir = join(folder, name);
  const ras = join(dataDir, 'ras');
  mkdirSync(join(ras, 'tls'), { recursive: true, mode: 0o700 });
  const envelope = await createEnvelope(join(ras, 'envelope.key'));
  const store = openStore({ file: join(ras, 'cardea.db'), envelope });
  await store.unit(async (tx) => {
    await tx.organizations.insert({ id: 'org_a', name, createdAt: 1 });
  });
  await store.close();
  writeFileSync(join(ras, 'config.json'), '{"port": 8443}', { mode: 0o600 });
  writeFileSync(join(ras, 'tls', 'server.key'), `key of ${name}`, { mode: 0o600 });
  return dataDir;
}

const organizationsIn = async (dataDir: string): Promise<readonly string[]> => {
  const ras = join(dataDir, 'ras');
  const store = openStore({
    file: join(ras, 'cardea.db'),
    envelope: await createEnvelope(join(ras, 'envelope.key')),
  });
  const names = (await store.read((tx) => tx.organizations.list())).map(({ name }) => name);
  await store.close();
  return names;
};

const digest = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');
const passphrase = async () => PASSPHRASE;

describe('backup and restore of a stopped installation', () => {
  it('comes back elsewhere with record, configuration, certificates and keys, and is marked as restored', async () => {
    const dataDir = await estate('hotel');
    const file = join(folder, 'hotel.cardea-backup');
    const made = await createBackup({ dataDir, target: file, passphrase: PASSPHRASE, cost: CHEAP });
    expect(made).toMatchObject({ live: false, keys: true, leftOut: [] });
    expect(made.parts.map(({ name }) => name)).toEqual(['cardea.db', 'config.json', 'envelope.key', 'tls/server.key']);
    const opening = { file, passphrase, envelopeKeyFile: undefined };
    expect((await verifyBackup(opening)).manifest.id).toBe(made.id);

    const elsewhere = join(folder, 'elsewhere');
    const done = await restoreBackup({ ...opening, dataDir: elsewhere, force: false });
    expect(done.movedAside).toBeUndefined();
    expect(await organizationsIn(elsewhere)).toEqual(['hotel']);
    for (const name of ['config.json', 'envelope.key', 'tls/server.key']) {
      expect(digest(join(elsewhere, 'ras', name))).toBe(digest(join(dataDir, 'ras', name)));
      expect(statSync(join(elsewhere, 'ras', name)).mode & 0o777).toBe(0o600);
    }
    expect(JSON.parse(readFileSync(join(elsewhere, 'ras', 'restored.json'), 'utf8'))).toMatchObject({
      backup_id: made.id,
      backup_made_at: made.madeAtMs,
    });
  });

  it('the file shows nothing of what is in it', async () => {
    const dataDir = await estate('Grand Canary Hotel');
    const file = join(folder, 'one.cardea-backup');
    await createBackup({ dataDir, target: file, passphrase: PASSPHRASE, cost: CHEAP });
    const text = readFileSync(file).toString('latin1');
    for (const shown of ['Grand Canary', 'SQLite format', 'key of', '8443', 'envelope.key']) {
      expect(text).not.toContain(shown);
    }
  });

  it('without keys it holds no envelope key, and opens by the one that was kept apart alone', async () => {
    const dataDir = await estate('hotel');
    const file = join(folder, 'hotel.cardea-backup');
    const made = await createBackup({ dataDir, target: file, passphrase: undefined });
    expect(made.keys).toBe(false);
    expect(made.parts.map(({ name }) => name)).not.toContain('envelope.key');
    const key = join(dataDir, 'ras', 'envelope.key');
    const elsewhere = join(folder, 'elsewhere');
    const restore = (envelopeKeyFile: string | undefined) =>
      restoreBackup({ file, passphrase, envelopeKeyFile, dataDir: elsewhere, force: false });
    await expect(restore(undefined)).rejects.toThrow(/made without keys; name the envelope.key/);
    await createEnvelope(join(folder, 'other.key'));
    await expect(restore(join(folder, 'other.key'))).rejects.toThrow(/does not open under this envelope key/);
    await expect(restore(join(folder, 'absent.key'))).rejects.toThrow(/there is no .*absent.key/);
    expect(readdirSync(elsewhere)).toEqual([]);
    await restore(key);
    expect(await organizationsIn(elsewhere)).toEqual(['hotel']);
  });

  it('a wrong passphrase, a folder in use and a backup of a newer schema touch nothing', async () => {
    const dataDir = await estate('hotel');
    const file = join(folder, 'hotel.cardea-backup');
    await createBackup({ dataDir, target: file, passphrase: PASSPHRASE, cost: CHEAP });
    const other = await estate('other');
    const before = readdirSync(other);
    const restore = (more: object) =>
      restoreBackup({ file, passphrase, envelopeKeyFile: undefined, dataDir: other, force: true, ...more });
    await expect(restore({ passphrase: async () => new Secret('another rhyme') })).rejects.toThrow(
      /passphrase is wrong/,
    );
    await expect(restore({ force: false })).rejects.toThrow(/is not empty; give --force/);
    const ras = join(other, 'ras');
    const held = openStore({ file: join(ras, 'cardea.db'), envelope: await createEnvelope(join(ras, 'envelope.key')) });
    await expect(restore({})).rejects.toThrow(/a server runs on .*; stop it first/);
    await held.close();
    const newer = join(folder, 'newer.cardea-backup');
    const sources = [{ name: 'cardea.db', path: join(ras, 'cardea.db') }];
    await writeBackup(newer, sources, { ...ABOUT, program: '9.1.0', schema: 999 }, await envelopeLock());
    await expect(restore({ file: newer })).rejects.toThrow(
      /cardea 9.1.0 with schema 999.*restore it with cardea 9.1.0/,
    );
    await expect(restore({ file: join(ras, 'config.json') })).rejects.toThrow(/is no backup that this program knows/);
    expect(readdirSync(other)).toEqual(before);
    expect(await organizationsIn(other)).toEqual(['other']);
  });

  it.skipIf(process.getuid?.() !== 0)('what root restores belongs to whom the data folder belongs', async () => {
    const dataDir = await estate('hotel');
    const file = join(folder, 'hotel.cardea-backup');
    await createBackup({ dataDir, target: file, passphrase: PASSPHRASE, cost: CHEAP });
    const other = join(folder, 'other');
    mkdirSync(other, { mode: 0o700 });
    chownSync(other, 1234, 1235);
    await restoreBackup({ file, passphrase, envelopeKeyFile: undefined, dataDir: other, force: false });
    for (const name of [
      'ras',
      'ras/cardea.db',
      'ras/envelope.key',
      'ras/tls',
      'ras/tls/server.key',
      'ras/restored.json',
    ]) {
      const { uid, gid } = statSync(join(other, name));
      expect([name, uid, gid]).toEqual([name, 1234, 1235]);
    }
  });

  it('with --force the former folder is moved aside, each time to a place of its own', async () => {
    const dataDir = await estate('hotel');
    const file = join(folder, 'hotel.cardea-backup');
    await createBackup({ dataDir, target: file, passphrase: PASSPHRASE, cost: CHEAP });
    const other = await estate('other');
    const nowMs = Date.UTC(2026, 1, 3, 4, 5, 6);
    const restore = () =>
      restoreBackup({ file, passphrase, envelopeKeyFile: undefined, dataDir: other, force: true, nowMs });
    expect((await restore()).movedAside).toBe(join(other, 'ras.before-restore-20260203T040506Z'));
    expect((await restore()).movedAside).toBe(join(other, 'ras.before-restore-20260203T040506Z-2'));
    expect(await organizationsIn(other)).toEqual(['hotel']);
    expect(readFileSync(join(other, 'ras.before-restore-20260203T040506Z', 'tls', 'server.key'), 'utf8')).toBe(
      'key of other',
    );
  });

  it('attack 27: power cut at every step of a restore leaves the old record or the new one, and the next start carries on', async () => {
    const dataDir = await estate('new');
    const file = join(folder, 'new.cardea-backup');
    await createBackup({ dataDir, target: file, passphrase: PASSPHRASE, cost: CHEAP });
    const after: [string, readonly string[]][] = [];
    for (let cut = 0; ; cut++) {
      const other = await estate(`old-${cut}`);
      let left = cut;
      let last = '';
      const between = (step: string): void => {
        last = step;
        if (left-- === 0) throw new Error('power cut');
      };
      const restored = await restoreBackup({
        file,
        passphrase,
        envelopeKeyFile: undefined,
        dataDir: other,
        force: true,
        between,
      }).then(
        () => true,
        () => false,
      );
      if (restored) break;
      // The second start may be cut as well, at each of its own steps.
      for (let again = 0; again < 3; again++) {
        let more = again;
        await finishSwap(other, () => {
          if (more-- === 0) throw new Error('power cut');
        }).catch(() => undefined);
      }
      await finishSwap(other);
      after.push([last, await organizationsIn(other)]);
      expect(readdirSync(other).filter((name) => name !== 'ras' && !name.startsWith('ras.before-restore-'))).toEqual(
        [],
      );
    }
    expect(after).toEqual([
      ['staged', ['old-0']],
      ['intent', ['new']],
      ['aside', ['new']],
      ['in place', ['new']],
    ]);
  }, 30_000);

  it('keeps so many of the newest in a folder, and never writes over a file', async () => {
    const dataDir = await estate('hotel');
    const kept = join(folder, 'kept');
    mkdirSync(kept);
    writeFileSync(join(kept, 'notes.txt'), '');
    for (let day = 1; day <= 4; day++) {
      const nowMs = Date.UTC(2026, 0, day);
      await createBackup({ dataDir, target: kept, passphrase: undefined, keep: 2, nowMs });
    }
    const names = ['cardea-20260103T000000Z.cardea-backup', 'cardea-20260104T000000Z.cardea-backup', 'notes.txt'];
    expect(readdirSync(kept).sort()).toEqual(names);
    const again = createBackup({ dataDir, target: join(kept, names[0]!), passphrase: undefined });
    await expect(again).rejects.toThrow(/is there already/);
    const nowhere = createBackup({ dataDir, target: join(folder, 'absent', 'x'), passphrase: undefined });
    await expect(nowhere).rejects.toThrow(/there is no folder/);
    await expect(createBackup({ dataDir: kept, target: file('x'), passphrase: undefined })).rejects.toThrow(
      /there is no .*cardea.db/,
    );
  });
  const file = (name: string): string => join(folder, name);
});
