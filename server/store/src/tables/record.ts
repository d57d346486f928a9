import type { Attempt, Event, StoredAnswer, Transaction } from '@cardea/server-core';
import { sql as raw, type SqlBool } from 'kysely';
import type { Columns } from '../columns.ts';
import type { Connection } from '../connection.ts';
import { keyedTable } from '../keyed-table.ts';
import { nounTable } from '../noun-table.ts';
import { slot, sql, statement, statementCache } from '../statement.ts';

/** The columns of an event. */
export const eventColumns: Columns<Event> = {
  id: 'text',
  organizationId: 'text',
  propertyId: 'text',
  doorId: 'text',
  lockId: 'text',
  gatewayId: 'text',
  personId: 'text',
  attemptId: 'text',
  type: 'text',
  lockSequence: 'integer',
  occurredAt: 'integer',
  receivedAt: 'integer',
  detail: 'json',
};

/** What has happened: attempts, events, and answers given under an Idempotency-Key. */
export function recordTables(connection: Connection): Pick<Transaction, 'attempts' | 'events' | 'idempotency'> {
  const attempts = nounTable<Attempt>(connection, 'attempt', {
    id: 'text',
    organizationId: 'text',
    doorId: 'text',
    lockId: 'text',
    actorId: 'text',
    operation: 'text',
    state: 'text',
    reason: 'text',
    createdAt: 'integer',
    expiresAt: 'integer',
    sentAt: 'integer',
    endedAt: 'integer',
    queuePosition: 'integer',
    clockOffsetS: 'real',
    receipt: 'json',
    lateReceipt: 'json',
    grantId: 'text',
    confirmBy: 'integer',
  });
  const events = nounTable<Event>(connection, 'event', eventColumns);
  const answers = keyedTable<StoredAnswer & { key: string }>(connection, 'idempotent_answer', 'key', {
    key: 'text',
    owner: 'text',
    bodyHash: 'text',
    status: 'integer',
    headers: 'text',
    body: 'text',
    createdAt: 'integer',
  });
  const counted = statement(
    sql
      .selectFrom('idempotent_answer')
      .select((of) => of.fn.countAll().as('answers'))
      .where('owner', '=', slot('owner')),
  );
  const removeNaming = statement(
    sql.deleteFrom('idempotent_answer').where(raw<SqlBool>`instr(headers, ${slot('text')}) > 0`),
  );
  const insertEvent = statement(
    sql
      .insertInto('event')
      .values(Object.fromEntries(events.codec.names.map((name) => [name, slot(name)])))
      .onConflict((conflict) => conflict.columns(['lock_id', 'lock_sequence']).doNothing()),
  );
  const newest = statement(
    sql
      .selectFrom('event')
      .selectAll()
      .where('lock_id', '=', slot('lock_id'))
      .where('lock_sequence', 'is not', null)
      .orderBy('lock_sequence', 'desc')
      .limit(slot('limit') as number),
  );
  const after = statement(
    sql
      .selectFrom('event')
      .selectAll()
      .where('lock_id', '=', slot('lock_id'))
      .where('lock_sequence', '>', slot('sequence'))
      .orderBy('lock_sequence', 'asc')
      .limit(slot('limit') as number),
  );
  const ofTypes = statementCache();
  const mentioning = statement(
    sql
      .selectFrom('event')
      .selectAll()
      .where('organization_id', '=', slot('organization_id'))
      .where(raw<SqlBool>`instr(detail, ${slot('text')}) > 0`)
      .limit(slot('limit') as number),
  );
  return {
    attempts: {
      ...attempts,
      async open() {
        return [...(await attempts.anywhere({ state: 'pending' })), ...(await attempts.anywhere({ state: 'sent' }))];
      },
    },
    events: {
      insert: async (row) => (await insertEvent.run(connection, events.codec.encode(row))) > 0,
      list: events.list,
      async ofTypes(organizationId, filter, types, { after: id, limit, newestFirst = false }) {
        if (types.length === 0) return [];
        const wanted = events.codec.encode(filter);
        const names = Object.keys(wanted).sort();
        const direction = newestFirst ? (id === undefined ? 'newest' : 'older') : 'newer';
        const query = ofTypes(`${direction} ${types.length} ${names.join(' ')}`, () => {
          const slots = types.map((_, index) => slot(`type ${index}`));
          let all = sql.selectFrom('event').selectAll().where('organization_id', '=', slot('organization_id'));
          for (const column of names) all = all.where(column, '=', slot(column));
          all = all.where('type', 'in', slots);
          if (direction === 'newer') all = all.where('id', '>', slot('after'));
          if (direction === 'older') all = all.where('id', '<', slot('after'));
          return all.orderBy('id', newestFirst ? 'desc' : 'asc').limit(slot('limit') as number);
        });
        const rows = await query.all(connection, {
          ...wanted,
          ...Object.fromEntries(types.map((type, index) => [`type ${index}`, type])),
          organization_id: organizationId,
          ...(direction !== 'newest' && { after: id ?? '' }),
          limit,
        });
        return rows.map(events.codec.decode);
      },
      remove: events.remove,
      async mentioning(organizationId, text, limit) {
        const rows = await mentioning.all(connection, { organization_id: organizationId, text, limit });
        return rows.map(events.codec.decode);
      },
      async setDetail(organizationId, id, detail) {
        await events.update(organizationId, id, { detail });
      },
      async newestSequence(lockId) {
        const [row] = await newest.all(connection, { lock_id: lockId, limit: 1 });
        return Number(row?.lock_sequence ?? 0);
      },
      async newestOfLock(lockId, limit) {
        return (await newest.all(connection, { lock_id: lockId, limit })).map(events.codec.decode);
      },
      async ofLockAfter(lockId, sequence, limit) {
        return (await after.all(connection, { lock_id: lockId, sequence, limit })).map(events.codec.decode);
      },
    },
    idempotency: {
      async get(key) {
        const found = await answers.get(key);
        if (found === undefined) return undefined;
        const { owner, bodyHash, status, headers, body, createdAt } = found;
        return { owner, bodyHash, status, headers, body, createdAt };
      },
      set: (key, answer) => answers.set({ ...answer, key }),
      count: async (owner) => Number((await counted.all(connection, { owner }))[0]?.answers ?? 0),
      removeBefore: (time) => answers.removeBelow('createdAt', time),
      async removeNaming(text) {
        await removeNaming.run(connection, { text });
      },
    },
  };
}
