import type { CountedAttempt, CountedEvent, Event, Transaction } from '@cardea/server-core';
import { sql as raw, type SqlBool } from 'kysely';
import { rowCodec } from '../columns.ts';
import type { Connection } from '../connection.ts';
import { slot, sql, statement } from '../statement.ts';

/** When an event happened: by its lock's clock, else by its receipt; as the index `event_by_moment` has it. */
const MOMENT = raw<number>`coalesce(occurred_at, received_at)`;

/** Ranges of the record for counting. */
export function statisticsTables(connection: Connection): Pick<Transaction, 'statistics'> {
  const events = rowCodec<CountedEvent>({
    id: 'text',
    lockId: 'text',
    doorId: 'text',
    gatewayId: 'text',
    detail: 'json',
    at: 'integer',
  });
  const attempts = rowCodec<CountedAttempt>({
    id: 'text',
    doorId: 'text',
    operation: 'text',
    state: 'text',
    reason: 'text',
    createdAt: 'integer',
    endedAt: 'integer',
  });
  const changes = rowCodec<Pick<Event, 'id' | 'lockId' | 'receivedAt' | 'detail'>>({
    id: 'text',
    lockId: 'text',
    receivedAt: 'integer',
    detail: 'json',
  });
  const happened = statement(
    sql
      .selectFrom('event')
      .select(['id', 'lock_id', 'door_id', 'gateway_id', 'detail', MOMENT.as('at')])
      .where('organization_id', '=', slot('organization_id'))
      .where('property_id', '=', slot('property_id'))
      .where('type', '=', slot('type'))
      .where(raw<SqlBool>`${MOMENT} >= ${slot('at')}`)
      .where(raw<SqlBool>`${MOMENT} < ${slot('before')}`)
      .where(raw<SqlBool>`(${MOMENT} > ${slot('at')} or id > ${slot('id')})`)
      .orderBy(MOMENT)
      .orderBy('id')
      .limit(slot('limit') as number),
  );
  const attempted = statement(
    sql
      .selectFrom('attempt')
      .select([...attempts.names])
      .where('organization_id', '=', slot('organization_id'))
      .where('id', '>', slot('after'))
      .where('id', '<', slot('before'))
      .orderBy('id')
      .limit(slot('limit') as number),
  );
  const stateChanges = statement(
    sql
      .selectFrom('event')
      .select([...changes.names])
      .where('organization_id', '=', slot('organization_id'))
      .where('door_id', '=', slot('door_id'))
      .where('type', '=', slot('type'))
      .where('id', '>', slot('after'))
      .where('id', '<', slot('before'))
      .orderBy('id')
      .limit(slot('limit') as number),
  );
  return {
    statistics: {
      async happened({ organizationId, propertyId, type }, { after, before }, limit) {
        const values = { organization_id: organizationId, property_id: propertyId, type, before, limit };
        return (await happened.all(connection, { ...values, at: after.at, id: after.id })).map(events.decode);
      },
      async attempted(organizationId, { after, before }, limit) {
        const values = { organization_id: organizationId, after, before, limit };
        return (await attempted.all(connection, values)).map(attempts.decode);
      },
      async stateChanges({ organizationId, doorId }, { after, before }, limit) {
        const values = { organization_id: organizationId, door_id: doorId, type: 'door.state_changed' };
        return (await stateChanges.all(connection, { ...values, after, before, limit })).map(changes.decode);
      },
    },
  };
}
