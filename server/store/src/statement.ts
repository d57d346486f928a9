import { type Compilable, DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import type { Connection, Row, Value } from './connection.ts';

/** Tables by name, columns by name: the specification of each noun says what is in them. */
export type Tables = Record<string, Record<string, unknown>>;

/** Kysely as a pure compiler of queries: it has no connection. Another engine brings its own compiler here. */
export const sql: Kysely<Tables> = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});

class Slot {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** The place of a value that is given when the query runs. */
export function slot(name: string): unknown {
  return new Slot(name);
}

/** A query compiled once: building and compiling costs ten times what running it does. */
export interface Statement {
  all(connection: Connection, values: Readonly<Record<string, Value>>): Promise<readonly Row[]>;
  run(connection: Connection, values: Readonly<Record<string, Value>>): Promise<number>;
}

/** Compiles a query whose values are {@link slot}s. */
export function statement(query: Compilable): Statement {
  const compiled = query.compile();
  const names = compiled.parameters.map((parameter) => {
    if (!(parameter instanceof Slot)) throw new Error(`not a slot in ${compiled.sql}`);
    return parameter.name;
  });
  const bind = (values: Readonly<Record<string, Value>>): readonly Value[] =>
    names.map((name) => {
      const value = values[name];
      if (value === undefined) throw new Error(`no value for ${name} in ${compiled.sql}`);
      return value;
    });
  return {
    all: (connection, values) => connection.all(compiled.sql, bind(values)),
    run: (connection, values) => connection.run(compiled.sql, bind(values)),
  };
}

/** Statements by their shape, compiled when first needed. */
export function statementCache(): (shape: string, build: () => Compilable) => Statement {
  const known = new Map<string, Statement>();
  return (shape, build) => {
    const found = known.get(shape);
    if (found !== undefined) return found;
    const fresh = statement(build());
    known.set(shape, fresh);
    return fresh;
  };
}
