import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { databaseSchema, SCHEMA } from '@cardea/server-store';

import { afterEach, beforeEach, expect, it } from 'vitest';
import { openRecord } from '../open.ts';
import { undoUpgrade, upgradeRecord } from './undo-upgrade.ts';

const FIXTURE = new URL('../../../store/test/fixtures/schema-1.sql', import.meta.url);
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cardea-upgrade-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A data folder as the program of schema 1 left it. */
function schemaOne(): { dataDir: string; ras: string; record: string } {
  const ras = join(folder, 'ras');
  mkdirSync(join(ras, 'tls'), { recursive: true, mode: 0o700 });
  const record = join(ras, 'cardea.db');
  const database = new DatabaseSync(record);
  database.exec(readFileSync(FIXTURE, 'utf8'));
  database.close();
  writeFileSync(join(ras, 'envelope.key'), `00000001 ${'5a'.repeat(32)}\n`, { mode: 0o600 });
  writeFileSync(join(ras, 'tls', 'server.key'), 'a key', { mode: 0o600 });
  return { dataDir: folder, ras, record };
}

const rowsOf = (record: string, table: string): unknown => {
  const database = new DatabaseSync(record, { readOnly: true });
  const rows = database.prepare(`SELECT * FROM "${table}" ORDER BY 1`).all();
  database.close();
  return rows;
};

it('a folder of schema 1 is brought up to date at its first start, after a backup of it; the way back leads to schema 1', async () => {
  const { dataDir, ras, record } = schemaOne();
  const events = rowsOf(record, 'event');
  const told: number[] = [];
  const store = await openRecord(
    ras,
    () => {},
    (from) => told.push(from),
  );
  await store.close();
  expect(told).toEqual([1]);
  expect(databaseSchema(record)).toBe(SCHEMA);
  expect(JSON.parse(readFileSync(join(ras, 'format.json'), 'utf8'))).toMatchObject({ schema: SCHEMA });
  expect(readdirSync(ras).sort()).toEqual([
    'before-upgrade-1.cardea-backup',
    'cardea.db',
    'envelope.key',
    'format.json',
    'tls',
  ]);

  const done = await undoUpgrade(dataDir);
  expect(done.header.schema).toBe(1);
  expect(databaseSchema(record)).toBe(1);
  expect(rowsOf(record, 'event')).toEqual(events);
  expect(readFileSync(join(ras, 'tls', 'server.key'), 'utf8')).toBe('a key');
  // What must not come back is withdrawn by the next start, of whichever program.
  expect(existsSync(join(ras, 'restored.json'))).toBe(true);
  expect(databaseSchema(join(done.movedAside ?? '', 'cardea.db'))).toBe(SCHEMA);

  expect(await upgradeRecord(dataDir)).toEqual({ from: 1, to: SCHEMA });
  expect(await upgradeRecord(dataDir)).toEqual({ from: SCHEMA, to: SCHEMA });
});

it('an upgrade that was cut short before the new schema was whole begins again, its backup as well', async () => {
  const { ras, record } = schemaOne();
  // What a power cut leaves: a copy and a backup half written.
  writeFileSync(join(ras, 'before-upgrade.tmp'), 'half');
  writeFileSync(join(ras, `before-upgrade-1.cardea-backup.${process.pid}.tmp`), 'half');
  await (await openRecord(ras)).close();
  expect(databaseSchema(record)).toBe(SCHEMA);
  expect(readdirSync(ras).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

it('an older program says which one is needed, and the way back when there is one', async () => {
  const { ras, record } = schemaOne();
  await (await openRecord(ras)).close();
  const database = new DatabaseSync(record);
  database.prepare("INSERT INTO migration VALUES (99, 'later', 1)").run();
  database.close();
  writeFileSync(join(ras, 'format.json'), '{"schema":99,"program":"9.1.0"}');
  await expect(openRecord(ras)).rejects.toThrow(
    /schema 99, this program knows \d+: .*start cardea 9\.1\.0 or newer, or let it go back with `cardea upgrade --back`/,
  );
  rmSync(join(ras, 'before-upgrade-1.cardea-backup'));
  await expect(openRecord(ras)).rejects.toThrow(/start cardea 9\.1\.0 or newer$/);
});

it.skipIf(process.platform !== 'linux')('without room for the backup of before, nothing is changed', async () => {
  const { ras, record } = schemaOne();
  // A name that is taken by a folder stands for every failure to write there.
  mkdirSync(join(ras, 'before-upgrade-1.cardea-backup', 'in the way'), { recursive: true });
  await expect(openRecord(ras)).rejects.toThrow(/cannot be backed up before .*; make room in .*: nothing was changed/);
  expect(databaseSchema(record)).toBe(1);
});
