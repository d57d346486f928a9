import type { Secret } from '@cardea/kit-runtime';
import type { Lock, LockReport, Transaction } from '@cardea/server-core';
import type { Connection } from '../connection.ts';
import type { Envelope } from '../envelope.ts';
import { keyedTable } from '../keyed-table.ts';
import { nounTable, one } from '../noun-table.ts';
import { slot, sql, statement } from '../statement.ts';

interface SealedSecret {
  readonly lockId: string;
  readonly factoryKey: Uint8Array | null;
  readonly serialPublicKey: Uint8Array | null;
  readonly printedCodeHash: Uint8Array | null;
}

interface SealedBinding {
  readonly lockId: string;
  readonly keyVersion: number;
  readonly resetCount: number;
  readonly active: Uint8Array | null;
  readonly pending: Uint8Array | null;
}

/** Locks with their sealed keys and last proved state, and the makers whose manifests are taken. */
export function lockTables(connection: Connection, envelope: Envelope): Pick<Transaction, 'locks' | 'makers'> {
  const locks = nounTable<Lock>(connection, 'lock', {
    id: 'text',
    organizationId: 'text',
    identifier: 'text',
    maker: 'text',
    model: 'text',
    bluetooth: 'text',
    state: 'text',
    createdAt: 'integer',
  });
  const secrets = keyedTable<SealedSecret>(connection, 'lock_secret', 'lockId', {
    lockId: 'text',
    factoryKey: 'octets',
    serialPublicKey: 'octets',
    printedCodeHash: 'octets',
  });
  const bindings = keyedTable<SealedBinding>(connection, 'lock_binding', 'lockId', {
    lockId: 'text',
    keyVersion: 'integer',
    resetCount: 'integer',
    active: 'octets',
    pending: 'octets',
  });
  const reports = keyedTable<LockReport>(connection, 'lock_report', 'lockId', {
    lockId: 'text',
    attributes: 'json',
    provedAt: 'integer',
    clockOffsetS: 'real',
    clockErrorS: 'real',
  });
  const makerKey = statement(
    sql
      .selectFrom('maker')
      .select('public_key')
      .where('organization_id', '=', slot('organization_id'))
      .where('name', '=', slot('name')),
  );
  const pinMaker = statement(
    sql.insertInto('maker').values({
      organization_id: slot('organization_id'),
      name: slot('name'),
      public_key: slot('public_key'),
      pinned_at: slot('pinned_at'),
    }),
  );
  const place = (column: string, lockId: string): string => `${column}/${lockId}`;
  const seal = (column: string, lockId: string, secret: Secret | undefined): Uint8Array | null =>
    secret === undefined ? null : envelope.seal(secret, place(column, lockId));
  const open = (column: string, lockId: string, sealed: Uint8Array | null): Secret | undefined =>
    sealed === null ? undefined : envelope.open(sealed, place(column, lockId));

  return {
    locks: {
      ...locks,
      byIdentifier: async (organizationId, identifier) => (await locks.list(organizationId, { identifier }, one))[0],
      async factoryKey(lockId) {
        const found = await secrets.get(lockId);
        return found && open('lock_secret.factory_key', lockId, found.factoryKey);
      },
      setFactoryKey: (lockId, key) => secrets.set({ lockId, factoryKey: seal('lock_secret.factory_key', lockId, key) }),
      async serial(lockId) {
        const found = await secrets.get(lockId);
        if (!found?.serialPublicKey || !found.printedCodeHash) return undefined;
        return { publicKey: found.serialPublicKey, printedCodeHash: found.printedCodeHash };
      },
      setSerial: (lockId, serial) =>
        secrets.set({ lockId, serialPublicKey: serial.publicKey, printedCodeHash: serial.printedCodeHash }),
      async binding(lockId) {
        const found = await bindings.get(lockId);
        if (found === undefined) return undefined;
        return {
          keyVersion: found.keyVersion,
          resetCount: found.resetCount,
          active: open('lock_binding.active', lockId, found.active),
          pending: open('lock_binding.pending', lockId, found.pending),
        };
      },
      setBinding: (lockId, record) =>
        bindings.set({
          lockId,
          keyVersion: record.keyVersion,
          resetCount: record.resetCount,
          active: seal('lock_binding.active', lockId, record.active),
          pending: seal('lock_binding.pending', lockId, record.pending),
        }),
      report: (lockId) => reports.get(lockId),
      setReport: (report) => reports.set(report),
      all: () => locks.anywhere({}),
    },
    makers: {
      async key(organizationId, maker) {
        const [row] = await makerKey.all(connection, { organization_id: organizationId, name: maker });
        return row?.public_key instanceof Uint8Array ? new Uint8Array(row.public_key) : undefined;
      },
      async pin(organizationId, maker, publicKey, pinnedAt) {
        await pinMaker.run(connection, {
          organization_id: organizationId,
          name: maker,
          public_key: publicKey,
          pinned_at: pinnedAt,
        });
      },
    },
  };
}
