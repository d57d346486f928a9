import type { Door, Floor, Organization, Property, Transaction } from '@cardea/server-core';
import { rowCodec } from '../columns.ts';
import type { Connection } from '../connection.ts';
import { nounTable } from '../noun-table.ts';
import { slot, sql, statement } from '../statement.ts';

const noun = { id: 'text', organizationId: 'text', createdAt: 'integer' } as const;

/** Organizations, properties, floors and doors. */
export function estateTables(
  connection: Connection,
): Pick<Transaction, 'organizations' | 'properties' | 'floors' | 'doors'> {
  const organization = rowCodec<Organization>({ id: 'text', name: 'text', createdAt: 'integer' });
  const insert = statement(
    sql.insertInto('organization').values({ id: slot('id'), name: slot('name'), created_at: slot('created_at') }),
  );
  const get = statement(sql.selectFrom('organization').selectAll().where('id', '=', slot('id')));
  const list = statement(sql.selectFrom('organization').selectAll().orderBy('id'));
  return {
    organizations: {
      async insert(row) {
        await insert.run(connection, organization.encode(row));
      },
      async get(id) {
        const [row] = await get.all(connection, { id });
        return row && organization.decode(row);
      },
      async list() {
        return (await list.all(connection, {})).map(organization.decode);
      },
    },
    properties: nounTable<Property>(connection, 'property', {
      ...noun,
      name: 'text',
      timeZone: 'text',
      region: 'text',
      geofence: 'json',
      checkInTime: 'text',
      checkOutTime: 'text',
      offlineLeaseS: 'integer',
      visitors: 'text',
    }),
    floors: nounTable<Floor>(connection, 'floor', {
      ...noun,
      propertyId: 'text',
      name: 'text',
      level: 'integer',
      plan: 'json',
    }),
    doors: nounTable<Door>(connection, 'door', {
      ...noun,
      propertyId: 'text',
      floorId: 'text',
      name: 'text',
      lockId: 'text',
      kind: 'text',
      position: 'json',
    }),
  };
}
