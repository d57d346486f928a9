import type BetterSqlite3 from 'better-sqlite3';
import { StoreError } from './errors.ts';

/** A value as a database takes and gives it. */
export type Value = string | number | null | Uint8Array;
export type Row = Readonly<Record<string, Value>>;

/** One database connection: all that the tables need of an engine. */
export interface Connection {
  /** Rows of a query. */
  all(sql: string, values: readonly Value[]): Promise<readonly Row[]>;
  /** Number of rows that a statement changed. @throws StoreError `write_outside_unit` */
  run(sql: string, values: readonly Value[]): Promise<number>;
}

/** The connection over better-sqlite3. Each statement is prepared once; `writable` says whether a unit is open. */
export function sqliteConnection(database: BetterSqlite3.Database, writable: () => boolean): Connection {
  const prepared = new Map<string, BetterSqlite3.Statement<unknown[], Row>>();
  const statement = (sql: string): BetterSqlite3.Statement<unknown[], Row> => {
    const known = prepared.get(sql);
    if (known !== undefined) return known;
    const fresh = database.prepare<unknown[], Row>(sql);
    prepared.set(sql, fresh);
    return fresh;
  };
  return {
    async all(sql, values) {
      return statement(sql).all(...values);
    },
    async run(sql, values) {
      if (!writable()) throw new StoreError('write_outside_unit', 'a read of the store must not write');
      return statement(sql).run(...values).changes;
    },
  };
}
