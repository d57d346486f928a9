import type { PageRequest, Table } from '@cardea/server-core';
import { type Columns, type RowCodec, rowCodec } from './columns.ts';
import type { Connection } from './connection.ts';
import { slot, sql, statementCache } from './statement.ts';

/** The shape that every scoped noun has. */
export interface Scoped {
  readonly id: string;
  readonly organizationId: string;
}

/** A noun's table and the codec of its rows, for what the noun asks beside it. */
export interface NounTable<T extends Scoped> extends Table<T> {
  readonly codec: RowCodec<T>;
  /** Rows with these values whatever their organization: for lookups by what is unique in the world. */
  anywhere(filter: Partial<T>): Promise<readonly T[]>;
}

/** The table `name` of a noun: each query names the organization, so a foreign tenant's row is not found. */
export function nounTable<T extends Scoped>(connection: Connection, name: string, columns: Columns<T>): NounTable<T> {
  const codec = rowCodec(columns);
  const cached = statementCache();
  const slots = (names: readonly string[]): Record<string, unknown> =>
    Object.fromEntries(names.map((column) => [column, slot(column)]));
  const insert = cached('insert', () => sql.insertInto(name).values(slots(codec.names)));

  return {
    codec,
    async insert(row) {
      await insert.run(connection, codec.encode(row));
    },
    async get(organizationId, id) {
      const get = cached('get', () =>
        sql
          .selectFrom(name)
          .selectAll()
          .where('organization_id', '=', slot('organization_id'))
          .where('id', '=', slot('id')),
      );
      const [row] = await get.all(connection, { organization_id: organizationId, id });
      return row === undefined ? undefined : codec.decode(row);
    },
    async list(organizationId, filter, page) {
      const wanted = codec.encode({ ...filter });
      const names = Object.keys(wanted).sort();
      const nulls = names.map((column) => (wanted[column] === null ? '0' : '1')).join('');
      const { after, limit, newestFirst = false } = page;
      // Newest first, what comes before all others has no id to be compared with.
      const from = newestFirst ? (after === undefined ? 'newest' : 'older') : 'newer';
      const list = cached(`list ${from} ${names.join(' ')} ${nulls}`, () => {
        let query = sql.selectFrom(name).selectAll().where('organization_id', '=', slot('organization_id'));
        for (const column of names) {
          query = wanted[column] === null ? query.where(column, 'is', null) : query.where(column, '=', slot(column));
        }
        if (from === 'newer') query = query.where('id', '>', slot('after'));
        if (from === 'older') query = query.where('id', '<', slot('after'));
        return query.orderBy('id', newestFirst ? 'desc' : 'asc').limit(sqlLimit());
      });
      const rows = await list.all(connection, {
        ...wanted,
        organization_id: organizationId,
        ...(from !== 'newest' && { after: after ?? '' }),
        limit,
      });
      return rows.map(codec.decode);
    },
    async update(organizationId, id, change) {
      const values = codec.encode(change);
      const names = Object.keys(values).sort();
      if (names.length === 0) return (await this.get(organizationId, id)) !== undefined;
      const update = cached(`update ${names.join(' ')}`, () =>
        sql
          .updateTable(name)
          .set(Object.fromEntries(names.map((column) => [column, slot(`new ${column}`)])))
          .where('organization_id', '=', slot('organization_id'))
          .where('id', '=', slot('id')),
      );
      const renamed = Object.fromEntries(Object.entries(values).map(([column, value]) => [`new ${column}`, value]));
      return (await update.run(connection, { ...renamed, organization_id: organizationId, id })) > 0;
    },
    async remove(organizationId, id) {
      const remove = cached('remove', () =>
        sql.deleteFrom(name).where('organization_id', '=', slot('organization_id')).where('id', '=', slot('id')),
      );
      return (await remove.run(connection, { organization_id: organizationId, id })) > 0;
    },
    async anywhere(filter) {
      const wanted = codec.encode(filter);
      const names = Object.keys(wanted).sort();
      const find = cached(`anywhere ${names.join(' ')}`, () => {
        let query = sql.selectFrom(name).selectAll();
        for (const column of names) query = query.where(column, '=', slot(column));
        return query.orderBy('id');
      });
      return (await find.all(connection, wanted)).map(codec.decode);
    },
  };
}

/** The limit of a page as a slot: Kysely types it as a number. */
function sqlLimit(): number {
  return slot('limit') as number;
}

/** Everything in one page: for listings that are bounded by what they list. */
export const everything: PageRequest = { after: undefined, limit: 1_000_000 };

/** The first row: for what is unique in its organization. */
export const one: PageRequest = { after: undefined, limit: 1 };
