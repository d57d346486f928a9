import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Secret } from '@cardea/kit-runtime';
import BetterSqlite3 from 'better-sqlite3';
import { expect, it } from 'vitest';
import { createGroupCommit } from '../src/group-commit.ts';
import { openStore } from '../src/index.ts';
import { storeContract } from './contract.ts';

const envelope = { seal: (secret: Secret) => secret.reveal(), open: (sealed: Uint8Array) => new Secret(sealed) };

storeContract(() => openStore({ file: ':memory:', envelope }));

const inFolder = async (work: (file: string) => Promise<void>): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'cardea-store-'));
  try {
    await work(join(folder, 'cardea.db'));
  } finally {
    rmSync(folder, { recursive: true });
  }
};

it('attack 26: a process killed in the middle of its commits loses no acknowledged unit', () =>
  inFolder(async (file) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'crash-child.ts'), file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const acknowledged: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      acknowledged.push(line);
      if (acknowledged.length === 200) child.kill('SIGKILL');
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    const store = openStore({ file, envelope });
    const stored = new Set((await store.read((tx) => tx.organizations.list())).map(({ id }) => id));
    await store.close();
    expect(acknowledged.length).toBeGreaterThanOrEqual(200);
    expect(acknowledged.filter((id) => !stored.has(id))).toEqual([]);
  }));

it('a database of a newer program is refused', () =>
  inFolder(async (file) => {
    await openStore({ file, envelope }).close();
    const database = new BetterSqlite3(file);
    database.prepare("INSERT INTO migration VALUES (99, 'later', 1)").run();
    database.close();
    expect(() => openStore({ file, envelope })).toThrow(expect.objectContaining({ code: 'newer_database' }));
  }));

it('attack 27: after a failed commit nothing is reported durable and the store refuses for good', async () => {
  let commits = 0;
  const told: string[] = [];
  const none = () => undefined;
  const commit = createGroupCommit(
    {
      begin: none,
      commit() {
        commits++;
        throw new Error('fsync failed');
      },
      rollback: none,
      savepoint: none,
      release: none,
      rollbackToSavepoint: none,
      maintain: none,
      inTransaction: true,
    },
    { turn: (run) => void setImmediate(run), broken: (error) => told.push(error.code) },
  );
  const both = await Promise.allSettled([commit.unit(async () => 1), commit.unit(async () => 2)]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await expect(commit.unit(async () => 3)).rejects.toMatchObject({ code: 'commit_failed' });
  expect(commits).toBe(1);
  expect(told).toEqual(['commit_failed']);
});
