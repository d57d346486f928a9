import type { EventRemoval, Restore, Transaction } from '@cardea/server-core';
import { rowCodec } from '../columns.ts';
import type { Connection } from '../connection.ts';
import { keyedTable } from '../keyed-table.ts';
import { sql, statement } from '../statement.ts';

const columns = { id: 'text', restoredAt: 'integer', backupMadeAt: 'integer', generationFloor: 'integer' } as const;

/** When the record came back from a backup, and what retention has removed from it. */
export function restoreTables(connection: Connection): Pick<Transaction, 'restores' | 'removals'> {
  const removals = keyedTable<EventRemoval>(connection, 'event_removal', 'organizationId', {
    organizationId: 'text',
    removed: 'integer',
    receivedBefore: 'integer',
    lastAt: 'integer',
  });
  const restores = keyedTable<Restore>(connection, 'restore', 'id', columns);
  const codec = rowCodec<Restore>(columns);
  const newest = statement(sql.selectFrom('restore').selectAll().orderBy('generation_floor', 'desc'));
  return {
    removals: { get: (organizationId) => removals.get(organizationId), set: (row) => removals.set(row) },
    restores: {
      insert: (row) => restores.set(row),
      get: (id) => restores.get(id),
      async newest() {
        const [row] = await newest.all(connection, {});
        return row === undefined ? undefined : codec.decode(row);
      },
    },
  };
}
