import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret } from '@cardea/kit-runtime';
import { expect, it } from 'vitest';
import { checkCopy, copyDatabase, databaseSchema, openStore, SCHEMA } from '../src/index.ts';

const envelope = { seal: (secret: Secret) => secret.reveal(), open: (sealed: Uint8Array) => new Secret(sealed) };
const idOf = (n: number): string => `org_${String(n).padStart(8, '0')}`;

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'cardea-snapshot-'));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

it('a copy made while the record is written holds all that was acknowledged before it, and whole units only', () =>
  inFolder(async (folder) => {
    const store = openStore({ file: join(folder, 'cardea.db'), envelope });
    let acknowledged = 0;
    // Each unit writes a pair: a copy with half of one would have been cut through the middle of a commit.
    const write = async (n: number): Promise<void> => {
      const name = 'x'.repeat(400);
      await store.unit(async (tx) => {
        await tx.organizations.insert({ id: idOf(2 * n), name, createdAt: n });
        await tx.organizations.insert({ id: idOf(2 * n + 1), name, createdAt: n });
      });
      acknowledged = Math.max(acknowledged, n + 1);
    };
    for (let n = 0; n < 600; n += 20) await Promise.all(Array.from({ length: 20 }, (_, i) => write(n + i)));
    const before = acknowledged;
    const copy = join(folder, 'copy.db');
    let over = false;
    const copied = store.snapshot(copy).finally(() => {
      over = true;
    });
    let n = 600;
    while (!over) await write(n++);
    await copied;
    await write(n++);
    expect(n).toBeGreaterThan(602);
    await store.close();

    expect(statSync(copy).mode & 0o777).toBe(0o600);
    expect(checkCopy(readFileSync(copy))).toBe(SCHEMA);
    const opened = openStore({ file: copy, envelope });
    const ids = new Set((await opened.read((tx) => tx.organizations.list())).map(({ id }) => id));
    await opened.close();
    for (let i = 0; i < 2 * before; i++) expect(ids.has(idOf(i))).toBe(true);
    expect(ids.size % 2).toBe(0);
    expect(ids.size).toBeLessThan(2 * n);
    for (let i = 0; i < ids.size; i++) expect(ids.has(idOf(i))).toBe(true);
  }));

it('a stopped record is copied; one that a process holds is not', () =>
  inFolder(async (folder) => {
    const file = join(folder, 'cardea.db');
    expect(databaseSchema(file)).toBeUndefined();
    const store = openStore({ file, envelope });
    await store.unit((tx) => tx.organizations.insert({ id: idOf(1), name: 'x', createdAt: 1 }));
    await expect(copyDatabase(file, join(folder, 'held.db'))).rejects.toMatchObject({ code: 'in_use' });
    expect(() => databaseSchema(file)).toThrow(expect.objectContaining({ code: 'in_use' }));
    await store.close();
    await copyDatabase(file, join(folder, 'copy.db'));
    expect(databaseSchema(join(folder, 'copy.db'))).toBe(SCHEMA);
    // A copy never takes the place of a file that is there.
    await expect(copyDatabase(file, join(folder, 'copy.db'))).rejects.toMatchObject({ code: 'cannot_open' });
  }));

it('a damaged copy is refused', () =>
  inFolder(async (folder) => {
    const file = join(folder, 'cardea.db');
    await openStore({ file, envelope }).close();
    await copyDatabase(file, join(folder, 'copy.db'));
    const octets = readFileSync(join(folder, 'copy.db'));
    expect(checkCopy(octets)).toBe(SCHEMA);
    octets.fill(0xff, 4096, 4096 + 200);
    expect(() => checkCopy(octets)).toThrow(expect.objectContaining({ code: 'damaged' }));
    expect(() => checkCopy(octets.subarray(0, 100))).toThrow(expect.objectContaining({ code: 'damaged' }));
    writeFileSync(file, 'no database at all, whatever its name says');
    expect(() => databaseSchema(file)).toThrow(expect.objectContaining({ code: 'damaged' }));
  }));
