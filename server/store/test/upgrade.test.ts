import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEnvelope } from '@cardea/kit-node';
import BetterSqlite3 from 'better-sqlite3';
import { expect, it } from 'vitest';
import { openStore } from '../src/index.ts';
import { migrate, SCHEMA } from '../src/migrate.ts';
import { openADoor } from '../src/migrations/0001-open-a-door.ts';
import type { Migration } from '../src/migrations/migration.ts';

const FIXTURE = readFileSync(join(import.meta.dirname, 'fixtures', 'schema-1.sql'), 'utf8');
const HOTEL = 'org_019bbf5a-4400-7000-8000-000000000001';
const id = (prefix: string, n: number) => `${prefix}_019bbf5a-4400-7000-8000-${String(n).padStart(12, '0')}`;
const page = { after: undefined, limit: 100 };

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'cardea-upgrade-'));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A record as the program of schema 1 left it, with its envelope. */
async function schemaOne(folder: string) {
  const file = join(folder, 'cardea.db');
  const database = new BetterSqlite3(file);
  database.exec(FIXTURE);
  database.close();
  writeFileSync(join(folder, 'envelope.key'), `00000001 ${'5a'.repeat(32)}\n`, { mode: 0o600 });
  return { file, envelope: await createEnvelope(join(folder, 'envelope.key')) };
}

const schemaOf = (file: string): number => {
  const database = new BetterSqlite3(file, { readonly: true });
  const row = database.prepare<[], { newest: number }>('SELECT max(number) AS newest FROM migration').get();
  database.close();
  return row?.newest ?? 0;
};

/** Everything in the database, with its schema: two of these are equal when nothing at all was changed. */
const dump = (file: string): unknown => {
  const database = new BetterSqlite3(file, { readonly: true });
  const things = database.prepare<[], { type: string; name: string; sql: string }>(
    'SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type, name',
  );
  const all = things.all().map((thing) => ({
    ...thing,
    rows: thing.type === 'table' ? database.prepare(`SELECT * FROM "${thing.name}" ORDER BY 1`).all() : [],
  }));
  database.close();
  return all;
};

it('a record of schema 1 is brought up to date, and everything in it reads back', () =>
  inFolder(async (folder) => {
    const { file, envelope } = await schemaOne(folder);
    expect(schemaOf(file)).toBe(1);
    const store = openStore({ file, envelope });
    await store.read(async (tx) => {
      expect((await tx.organizations.list()).map(({ name }) => name)).toEqual(['Hotel Aurora', 'Apartment house']);
      expect(await tx.properties.get(HOTEL, id('prop', 1))).toMatchObject({
        timeZone: 'Europe/Berlin',
        geofence: { latitude: 52.5, longitude: 13.4, radiusM: 80 },
      });
      expect(await tx.floors.list(HOTEL, {}, page)).toHaveLength(1);
      expect(await tx.doors.list(HOTEL, {}, page)).toMatchObject([
        { name: '101', lockId: id('lock', 1) },
        { name: '102', lockId: null },
      ]);
      expect((await tx.locks.factoryKey(id('lock', 1)))?.reveal()).toEqual(new Uint8Array(16).fill(0xfa));
      expect(await tx.locks.serial(id('lock', 2))).toEqual({
        publicKey: new Uint8Array(65).fill(4),
        printedCodeHash: new Uint8Array(32).fill(7),
      });
      const binding = await tx.locks.binding(id('lock', 1));
      expect(binding).toMatchObject({ keyVersion: 3, resetCount: 1 });
      expect(binding?.active?.reveal()).toEqual(new Uint8Array(16).fill(0xac));
      expect(binding?.pending?.reveal()).toEqual(new Uint8Array(16).fill(0xbe));
      expect(await tx.locks.report(id('lock', 1))).toMatchObject({ clockOffsetS: 0.4, attributes: { bolt: 'locked' } });
      expect(await tx.makers.key(HOTEL, 'cardea')).toEqual(new Uint8Array(65).fill(4));
      expect(await tx.gateways.list(HOTEL, {}, page)).toHaveLength(2);
      expect(await tx.gateways.verifier(id('gw', 1))).toMatchObject({ iterations: 4096 });
      expect(await tx.persons.get(HOTEL, id('per', 1))).toMatchObject({ email: 'operator@localhost', role: 'owner' });
      expect(await tx.persons.passwordHash(id('per', 1))).toMatch(/^\$argon2id\$/);
      expect((await tx.tokens.list(HOTEL, id('per', 1))).map(({ kind }) => kind)).toEqual(['session', 'api']);
      expect((await tx.attempts.list(HOTEL, {}, page)).map(({ state }) => state)).toEqual([
        'succeeded',
        'expired',
        'sent',
        'pending',
      ]);
      expect((await tx.attempts.get(HOTEL, id('att', 1)))?.receipt).toMatchObject({ lockSequence: 5, frame: '0102' });
      expect(await tx.events.list(HOTEL, {}, page)).toHaveLength(7);
      expect(await tx.events.newestSequence(id('lock', 1))).toBe(5);
    });
    await store.close();
    expect(schemaOf(file)).toBe(SCHEMA);
    const database = new BetterSqlite3(file);
    expect(database.pragma('foreign_key_check')).toEqual([]);
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
    database.close();
  }));

it('the first step is what it was when it was released', () =>
  inFolder(async (folder) => {
    const { file } = await schemaOne(folder);
    const made = join(folder, 'made.db');
    const database = new BetterSqlite3(made);
    migrate(
      {
        types: { octets: 'blob' },
        execute: (text, values) => void database.prepare(text).run(...values),
        query: (text, values) => database.prepare<unknown[], never>(text).all(...values),
        transaction: (work) => database.transaction(work)(),
      },
      1,
      [openADoor],
    );
    database.close();
    const shapes = (path: string): unknown => {
      const opened = new BetterSqlite3(path, { readonly: true });
      const all = opened.prepare('SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name').all();
      opened.close();
      return all;
    };
    expect(shapes(made)).toEqual(shapes(file));
  }));

it('all steps are one transaction: a migration that fails at any statement leaves the old schema whole', () =>
  inFolder(async (folder) => {
    const { file } = await schemaOne(folder);
    const before = dump(file);
    const database = new BetterSqlite3(file);
    database.pragma('foreign_keys = OFF');
    let left = 0;
    const engine = {
      types: { octets: 'blob' } as const,
      execute(text: string, values: readonly unknown[]) {
        if (left-- === 0) throw new Error('power cut');
        database.prepare(text).run(...values);
      },
      query: (text: string, values: readonly unknown[]) => database.prepare<unknown[], never>(text).all(...values),
      transaction: (work: () => void) => database.transaction(work)(),
    };
    let statements = 0;
    for (let cut = 0; ; cut++) {
      left = cut;
      try {
        migrate(engine, 1);
        statements = cut;
        break;
      } catch (error) {
        expect(error).toMatchObject({ message: 'power cut' });
        expect(dump(file)).toEqual(before);
      }
    }
    expect(statements).toBeGreaterThan(2 * (SCHEMA - 1));
    database.close();
    expect(schemaOf(file)).toBe(SCHEMA);
  }));

it(
  'attack 27: a process killed at each statement of its migration leaves the old schema or the new one',
  () =>
    inFolder(async (folder) => {
      const seen = new Set<number>();
      for (let cut = 1; cut < 400; cut += 11) {
        const { file } = await schemaOne(mkdtempSync(join(folder, 'one-')));
        const child = spawn(process.execPath, [join(import.meta.dirname, 'migrate-child.ts'), file, String(cut)], {
          stdio: ['ignore', 'ignore', 'inherit'],
        });
        const [code] = await once(child, 'exit');
        seen.add(schemaOf(file));
        expect([1, SCHEMA]).toContain(schemaOf(file));
        if (code === 0) break;
      }
      expect([...seen].sort()).toEqual([1, SCHEMA]);
    }),
  60_000,
);

it('a step that is added later runs alone', () =>
  inFolder(async (folder) => {
    const { file } = await schemaOne(folder);
    const database = new BetterSqlite3(file);
    const made: string[] = [];
    const later: Migration = {
      number: 2,
      name: 'later',
      statements: (sql) => [sql.schema.createTable('later').addColumn('id', 'text')],
    };
    migrate(
      {
        types: { octets: 'blob' },
        execute(text, values) {
          made.push(text);
          database.prepare(text).run(...values);
        },
        query: (text, values) => database.prepare<unknown[], never>(text).all(...values),
        transaction: (work) => database.transaction(work)(),
      },
      1,
      [openADoor, later],
    );
    expect(made.filter((text) => text.startsWith('create table'))).toEqual([
      expect.stringContaining('"migration"'),
      expect.stringContaining('"later"'),
    ]);
    database.close();
  }));
