import type { LockModeReport, LockModeRequest, PositionClaim, Stay, Transaction } from '@cardea/server-core';
import { rowCodec } from '../columns.ts';
import type { Connection } from '../connection.ts';
import { keyedTable } from '../keyed-table.ts';
import { nounTable } from '../noun-table.ts';
import { slot, sql, statement, statementCache } from '../statement.ts';

/** Stays with the doors that they hold, confirmed modes, and claimed positions. */
export function stayTables(connection: Connection): Pick<Transaction, 'stays' | 'modes' | 'positionClaims'> {
  return { stays: stayTable(connection), modes: modeTable(connection), positionClaims: claimTable(connection) };
}

function stayTable(connection: Connection): Transaction['stays'] {
  const stays = nounTable<Stay>(connection, 'stay', {
    id: 'text',
    organizationId: 'text',
    propertyId: 'text',
    personId: 'text',
    doorIds: 'json',
    fromAt: 'integer',
    toAt: 'integer',
    state: 'text',
    source: 'text',
    reference: 'text',
    checkedInAt: 'integer',
    checkedOutAt: 'integer',
    createdBy: 'text',
    createdAt: 'integer',
  });
  const { codec } = stays;
  const cached = statementCache();
  const limit = slot('limit') as number;
  const forget = cached('forget', () => sql.deleteFrom('stay_door').where('stay_id', '=', slot('stay_id')));
  const hold = cached('hold', () =>
    sql
      .insertInto('stay_door')
      .values({ stay_id: slot('stay_id'), organization_id: slot('organization_id'), door_id: slot('door_id') }),
  );
  const writeDoors = async ({ id, organizationId, doorIds, state }: Stay): Promise<void> => {
    await forget.run(connection, { stay_id: id });
    if (state !== 'reserved' && state !== 'checked_in') return;
    for (const doorId of doorIds) {
      await hold.run(connection, { stay_id: id, organization_id: organizationId, door_id: doorId });
    }
  };
  return {
    ...stays,
    async insert(stay) {
      await stays.insert(stay);
      await writeDoors(stay);
    },
    async update(organizationId, id, change) {
      if (!(await stays.update(organizationId, id, change))) return false;
      const stay = await stays.get(organizationId, id);
      if (stay !== undefined && (change.doorIds !== undefined || change.state !== undefined)) await writeDoors(stay);
      return true;
    },
    async byReference(organizationId, propertyId, reference) {
      const [stay] = await stays.list(organizationId, { propertyId, reference }, { after: undefined, limit: 1 });
      return stay;
    },
    async holding(organizationId, doorIds) {
      if (doorIds.length === 0) return [];
      const query = cached(`holding ${doorIds.length}`, () =>
        sql
          .selectFrom('stay_door')
          .innerJoin('stay', 'stay.id', 'stay_door.stay_id')
          .selectAll('stay')
          .distinct()
          .where('stay_door.organization_id', '=', slot('organization_id'))
          .where(
            'stay_door.door_id',
            'in',
            doorIds.map((_, at) => slot(`door ${at}`)),
          )
          .orderBy('stay.from_at'),
      );
      const doors = Object.fromEntries(doorIds.map((id, at) => [`door ${at}`, id]));
      return (await query.all(connection, { organization_id: organizationId, ...doors })).map(codec.decode);
    },
    async overdue(state, time, most) {
      const query = cached('overdue', () =>
        sql
          .selectFrom('stay')
          .selectAll()
          .where('state', '=', slot('state'))
          .where('to_at', '<=', slot('time'))
          .orderBy('to_at')
          .limit(limit),
      );
      return (await query.all(connection, { state, time, limit: most })).map(codec.decode);
    },
  };
}

function modeTable(connection: Connection): Transaction['modes'] {
  const request = { attemptId: 'text', lockId: 'text', mode: 'text', untilAt: 'integer' } as const;
  const modes = keyedTable<LockModeReport>(connection, 'lock_mode', 'lockId', { ...request, confirmedAt: 'integer' });
  const requests = keyedTable<LockModeRequest>(connection, 'mode_request', 'attemptId', request);
  const codec = rowCodec<LockModeRequest>(request);
  const settle = statement(sql.deleteFrom('mode_request').where('lock_id', '=', slot('lock_id')));
  const newest = statement(
    sql
      .selectFrom('mode_request')
      .selectAll()
      .where('lock_id', '=', slot('lock_id'))
      .orderBy('attempt_id', 'desc')
      .limit(slot('limit') as number),
  );
  return {
    get: (lockId) => modes.get(lockId),
    async confirm(report) {
      await modes.set(report);
      await settle.run(connection, { lock_id: report.lockId });
    },
    ask: (row) => requests.set(row),
    asked: (attemptId) => requests.get(attemptId),
    async newestAsked(lockId) {
      const [row] = await newest.all(connection, { lock_id: lockId, limit: 1 });
      return row && codec.decode(row);
    },
    async forget(lockId) {
      await modes.remove(lockId);
      await settle.run(connection, { lock_id: lockId });
    },
  };
}

function claimTable(connection: Connection): Transaction['positionClaims'] {
  const claims = keyedTable<PositionClaim>(connection, 'position_claim', 'attemptId', {
    attemptId: 'text',
    personId: 'text',
    latitude: 'real',
    longitude: 'real',
    accuracyM: 'integer',
    claimedAt: 'integer',
  });
  return {
    insert: (claim) => claims.set(claim),
    get: (attemptId) => claims.get(attemptId),
    removeBefore: (time) => claims.removeBelow('claimedAt', time),
  };
}
