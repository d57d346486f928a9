import type { Alert, Transaction } from '@cardea/server-core';
import type { Connection } from '../connection.ts';
import { nounTable } from '../noun-table.ts';
import { slot, sql, statementCache } from '../statement.ts';

/** What the monitor has found. */
export function alertTables(connection: Connection): Pick<Transaction, 'alerts'> {
  const alerts = nounTable<Alert>(connection, 'alert', {
    id: 'text',
    organizationId: 'text',
    rule: 'text',
    subjectId: 'text',
    propertyId: 'text',
    doorId: 'text',
    lockId: 'text',
    gatewayId: 'text',
    personId: 'text',
    state: 'text',
    count: 'integer',
    evidence: 'json',
    firstAt: 'integer',
    lastAt: 'integer',
    acknowledgedAt: 'integer',
    acknowledgedBy: 'text',
    createdAt: 'integer',
  });
  const cached = statementCache();
  const newest = cached('newest', () =>
    sql
      .selectFrom('alert')
      .selectAll()
      .where('organization_id', '=', slot('organization_id'))
      .where('rule', '=', slot('rule'))
      .where('subject_id', '=', slot('subject_id'))
      .orderBy('id', 'desc')
      .limit(slot('limit') as number),
  );
  return {
    alerts: {
      ...alerts,
      async newest(organizationId, rule, subjectId) {
        const values = { organization_id: organizationId, rule, subject_id: subjectId, limit: 1 };
        const [row] = await newest.all(connection, values);
        return row === undefined ? undefined : alerts.codec.decode(row);
      },
    },
  };
}
