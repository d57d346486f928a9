import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret } from '@cardea/kit-runtime';
import type { Lock, Person } from '@cardea/server-core';
import BetterSqlite3 from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { migrate } from '../src/migrate.ts';
import { openADoor } from '../src/migrations/0001-open-a-door.ts';
import { openStore } from '../src/open-store.ts';

const envelope = {
  seal: (secret: Secret) => secret.reveal(),
  open: (sealed: Uint8Array) => new Secret(sealed),
};
const person = (organizationId: string): Person => ({
  id: `per_${organizationId}`,
  organizationId,
  name: 'N',
  email: 'same@hotel.test',
  role: 'owner',
  mustChangePassword: false,
  createdAt: 1,
});
const lock = (organizationId: string): Lock => ({
  id: `lock_${organizationId}`,
  organizationId,
  identifier: 'C0FFEE000001',
  maker: 'm',
  model: 'x',
  bluetooth: '5.0',
  state: 'bound',
  createdAt: 1,
});

/** A database as the first schema left it, with a row in each table that refers to a person or a lock. */
function firstSchema(file: string): void {
  const database = new BetterSqlite3(file);
  migrate(
    {
      types: { octets: 'blob' },
      execute: (sql, values) => void database.prepare(sql).run(...values),
      query: (sql, values) => database.prepare<unknown[], Record<string, never>>(sql).all(...values),
      transaction: (work) => database.transaction(work)(),
    },
    1,
    [openADoor],
  );
  database.pragma('foreign_keys = ON');
  database.exec(`
    INSERT INTO organization VALUES ('org_a', 'A', 1), ('org_b', 'B', 1);
    INSERT INTO person VALUES ('per_org_a', 'org_a', 1, 'N', 'same@hotel.test', 'owner', 0);
    INSERT INTO person_password VALUES ('per_org_a', 'hash');
    INSERT INTO token VALUES ('tok_1', 'org_a', 1, 'per_org_a', 'api', 't', 'h', '[]', 99);
    INSERT INTO property VALUES ('prop_1', 'org_a', 1, 'P', 'UTC', 'eu', NULL);
    INSERT INTO lock VALUES ('lock_org_a', 'org_a', 1, 'C0FFEE000001', 'm', 'x', '5.0', 'bound');
    INSERT INTO lock_secret VALUES ('lock_org_a', x'01', NULL, NULL);
    INSERT INTO lock_binding VALUES ('lock_org_a', 2, 1, x'02', NULL);
    INSERT INTO door VALUES ('door_1', 'org_a', 1, 'prop_1', NULL, '101', 'lock_org_a');
  `);
  database.close();
}

describe('organizations are strangers in the record', () => {
  it('the step keeps every row, and what refers to it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cardea-strangers-'));
    try {
      const file = join(folder, 'cardea.db');
      firstSchema(file);
      const store = openStore({ file, envelope });
      await store.read(async (tx) => {
        expect(await tx.persons.byEmail('org_a', 'same@hotel.test')).toEqual(person('org_a'));
        expect(await tx.persons.passwordHash('per_org_a')).toBe('hash');
        expect(await tx.tokens.byHash('h')).toMatchObject({ id: 'tok_1', personId: 'per_org_a' });
        expect(await tx.locks.byIdentifier('org_a', 'C0FFEE000001')).toEqual(lock('org_a'));
        expect((await tx.locks.factoryKey('lock_org_a'))?.reveal()).toEqual(Uint8Array.of(1));
        expect(await tx.locks.binding('lock_org_a')).toMatchObject({ keyVersion: 2 });
        expect(await tx.doors.get('org_a', 'door_1')).toMatchObject({ lockId: 'lock_org_a' });
      });
      // What belongs to a person still goes with the person, and a lock that hangs on a door cannot go.
      await expect(store.unit((tx) => tx.locks.remove('org_a', 'lock_org_a'))).rejects.toThrow(/FOREIGN KEY/);
      await store.unit((tx) => tx.persons.remove('org_a', 'per_org_a'));
      expect(await store.read((tx) => tx.tokens.byHash('h'))).toBeUndefined();
      expect(await store.read((tx) => tx.persons.passwordHash('per_org_a'))).toBeUndefined();
      await store.close();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('two of them may know the same sign-in name and the same lock, and neither finds the other’s', async () => {
    const store = openStore({ file: ':memory:', envelope });
    await store.unit(async (tx) => {
      for (const id of ['org_a', 'org_b']) {
        await tx.organizations.insert({ id, name: id, createdAt: 1 });
        await tx.persons.insert(person(id));
        await tx.locks.insert(lock(id));
      }
    });
    await store.read(async (tx) => {
      expect((await tx.persons.byEmail('org_b', 'same@hotel.test'))?.id).toBe('per_org_b');
      expect((await tx.locks.byIdentifier('org_b', 'C0FFEE000001'))?.id).toBe('lock_org_b');
      expect(await tx.persons.byEmail('org_c', 'same@hotel.test')).toBeUndefined();
    });
    await expect(store.unit((tx) => tx.persons.insert({ ...person('org_a'), id: 'per_2' }))).rejects.toThrow(/UNIQUE/);
    await expect(store.unit((tx) => tx.locks.insert({ ...lock('org_a'), id: 'lock_2' }))).rejects.toThrow(/UNIQUE/);
    await store.close();
  });

  it('counts of failed sign-ins are kept to the newest so many', async () => {
    const store = openStore({ file: ':memory:', envelope });
    await store.unit(async ({ persons }) => {
      for (let n = 1; n <= 50; n++) await persons.setFailures(`key ${n}`, n, n);
      await persons.removeFailures(11, 10);
    });
    const left = await store.read(async ({ persons }) => {
      const all: number[] = [];
      for (let n = 1; n <= 50; n++) if ((await persons.failures(`key ${n}`)) !== undefined) all.push(n);
      return all;
    });
    expect(left).toEqual([41, 42, 43, 44, 45, 46, 47, 48, 49, 50]);
    await store.close();
  });
});
