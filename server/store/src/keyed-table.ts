import { type Columns, rowCodec } from './columns.ts';
import type { Connection } from './connection.ts';
import { slot, sql, statementCache } from './statement.ts';

/** A table that holds one row a key, without a noun of its own: secrets, verifiers, counters. */
export interface KeyedTable<T> {
  get(key: string): Promise<T | undefined>;
  /** Inserts, or changes the row that is there: fields that are not given stay as they are. */
  set(row: Partial<T>): Promise<void>;
  /** Removes rows whose `field` is below `limit`. */
  removeBelow(field: keyof T & string, limit: number): Promise<void>;
  remove(key: string): Promise<boolean>;
  removeAll(): Promise<void>;
  find(field: keyof T & string, value: string): Promise<T | undefined>;
}

/** The table `name` whose key is the field `key`. */
export function keyedTable<T>(
  connection: Connection,
  name: string,
  key: keyof T & string,
  columns: Columns<T>,
): KeyedTable<T> {
  const codec = rowCodec(columns);
  const keyColumn = codec.name(key);
  const cached = statementCache();
  const find = async (field: string, value: string): Promise<T | undefined> => {
    const column = codec.name(field);
    const select = cached(`find ${column}`, () => sql.selectFrom(name).selectAll().where(column, '=', slot('value')));
    const [row] = await select.all(connection, { value });
    return row === undefined ? undefined : codec.decode(row);
  };
  return {
    find,
    get: (value) => find(key, value),
    async set(row) {
      const values = codec.encode(row);
      const names = Object.keys(values).sort();
      const upsert = cached(`set ${names.join(' ')}`, () =>
        sql
          .insertInto(name)
          .values(Object.fromEntries(names.map((column) => [column, slot(column)])))
          .onConflict((conflict) =>
            conflict
              .column(keyColumn)
              .doUpdateSet((excluded) =>
                Object.fromEntries(
                  names
                    .filter((column) => column !== keyColumn)
                    .map((column) => [column, excluded.ref(`excluded.${column}`)]),
                ),
              ),
          ),
      );
      await upsert.run(connection, values);
    },
    async removeBelow(field, limit) {
      const column = codec.name(field);
      const remove = cached(`below ${column}`, () => sql.deleteFrom(name).where(column, '<', slot('limit')));
      await remove.run(connection, { limit });
    },
    async removeAll() {
      await cached('remove all', () => sql.deleteFrom(name)).run(connection, {});
    },
    async remove(value) {
      const remove = cached('remove', () => sql.deleteFrom(name).where(keyColumn, '=', slot('value')));
      return (await remove.run(connection, { value })) > 0;
    },
  };
}
