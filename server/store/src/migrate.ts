import type { Row, Value } from './connection.ts';
import { StoreError } from './errors.ts';
import { openADoor } from './migrations/0001-open-a-door.ts';
import type { EngineTypes, Migration } from './migrations/migration.ts';
import { sql } from './statement.ts';

/** All steps of the schema, oldest first, numbered from 1 without gaps. */
export const migrations: readonly Migration[] = [openADoor];

/** What migrating needs of an engine: inside one transaction, outside any unit. */
export interface MigrationEngine {
  readonly types: EngineTypes;
  execute(sql: string, values: readonly Value[]): void;
  query(sql: string, values: readonly Value[]): readonly Row[];
  /** Runs `work` in one transaction; what throws leaves nothing. */
  transaction(work: () => void): void;
}

/**
 * Brings the schema up to date, each step in a transaction of its own, recorded with its time.
 * @throws StoreError `newer_database` when the database knows steps that this program does not
 */
export function migrate(engine: MigrationEngine, nowMs: number, steps: readonly Migration[] = migrations): void {
  const run = (query: { compile(): { sql: string; parameters: readonly unknown[] } }): void => {
    const compiled = query.compile();
    engine.execute(compiled.sql, compiled.parameters.map(toValue));
  };
  run(
    sql.schema
      .createTable('migration')
      .ifNotExists()
      .addColumn('number', 'integer', (c) => c.primaryKey())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('applied_at', 'bigint', (c) => c.notNull()),
  );
  const applied = sql.selectFrom('migration').select(['number', 'name']).orderBy('number').compile();
  const known = engine.query(applied.sql, []);
  const newest = known.reduce((most, row) => Math.max(most, Number(row.number)), 0);
  if (newest > steps.length) {
    throw new StoreError(
      'newer_database',
      `the database has schema ${newest}, this program knows ${steps.length}: start the newer program`,
    );
  }
  for (const step of steps) {
    if (step.number <= newest) continue;
    engine.transaction(() => {
      for (const query of step.statements(sql, engine.types)) run(query);
      run(sql.insertInto('migration').values({ number: step.number, name: step.name, applied_at: nowMs }));
    });
  }
}

function toValue(parameter: unknown): Value {
  if (typeof parameter === 'string' || typeof parameter === 'number') return parameter;
  throw new TypeError('a migration takes text and numbers only');
}
