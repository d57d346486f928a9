import type { Transaction, Visitor } from '@cardea/server-core';
import type { Connection } from '../connection.ts';
import { nounTable } from '../noun-table.ts';

/** Visitors of residents. */
export function visitorTables(connection: Connection): Pick<Transaction, 'visitors'> {
  return {
    visitors: nounTable<Visitor>(connection, 'visitor', {
      id: 'text',
      organizationId: 'text',
      hostId: 'text',
      personId: 'text',
      propertyId: 'text',
      name: 'text',
      doorIds: 'json',
      notBefore: 'integer',
      notAfter: 'integer',
      revokedAt: 'integer',
      createdAt: 'integer',
    }),
  };
}
