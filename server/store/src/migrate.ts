import type { Row, Value } from './connection.ts';
import { StoreError } from './errors.ts';
import { openADoor } from './migrations/0001-open-a-door.ts';
import { strangers } from './migrations/0002-strangers.ts';
import { restores } from './migrations/0003-restores.ts';
import { eventChains } from './migrations/0004-event-chains.ts';
import { auditLog } from './migrations/0005-audit-log.ts';
import { bounds } from './migrations/0006-bounds.ts';
import { alerts } from './migrations/0007-alerts.ts';
import { legacyVerifiers } from './migrations/0008-legacy-verifiers.ts';
import { grants } from './migrations/0009-grants.ts';
import { hotelEstate } from './migrations/0010-hotel-estate.ts';
import { people } from './migrations/0011-people.ts';
import { methods } from './migrations/0012-methods.ts';
import { permits } from './migrations/0013-permits.ts';
import { stays } from './migrations/0014-stays.ts';
import { modeRequests } from './migrations/0015-mode-requests.ts';
import { methodAtLock } from './migrations/0016-method-at-lock.ts';
import { pinEnd } from './migrations/0017-pin-end.ts';
import { floorPlans } from './migrations/0018-floor-plans.ts';
import { phoneSessions } from './migrations/0019-phone-sessions.ts';
import { eventMoments } from './migrations/0020-event-moments.ts';
import { visitors } from './migrations/0021-visitors.ts';
import { notices } from './migrations/0022-notices.ts';
import { floorDrawings } from './migrations/0023-floor-drawings.ts';
import type { EngineTypes, Migration } from './migrations/migration.ts';
import { sql } from './statement.ts';

/** All steps of the schema, oldest first, numbered from 1 without gaps. */
export const migrations: readonly Migration[] = [
  openADoor,
  strangers,
  restores,
  eventChains,
  auditLog,
  bounds,
  alerts,
  legacyVerifiers,
  grants,
  hotelEstate,
  people,
  methods,
  permits,
  stays,
  modeRequests,
  methodAtLock,
  pinEnd,
  floorPlans,
  phoneSessions,
  eventMoments,
  visitors,
  notices,
  floorDrawings,
];

/** What migrating needs of an engine: inside one transaction, outside any unit. */
export interface MigrationEngine {
  readonly types: EngineTypes;
  execute(sql: string, values: readonly Value[]): void;
  query(sql: string, values: readonly Value[]): readonly Row[];
  /** Runs `work` in one transaction; what throws leaves nothing. */
  transaction(work: () => void): void;
}

/** The schema that this program writes: the number of its newest migration. */
export const SCHEMA: number = migrations.length;

/**
 * Brings the schema up to date in one transaction, each step recorded with its time: after a power cut the database has
 * the old schema or the new one, never one between.
 * @throws StoreError `newer_database` when the database knows steps that this program does not
 */
export function migrate(engine: MigrationEngine, nowMs: number, steps: readonly Migration[] = migrations): void {
  const run = (query: { compile(): { sql: string; parameters: readonly unknown[] } }): void => {
    const compiled = query.compile();
    engine.execute(compiled.sql, compiled.parameters.map(toValue));
  };
  const applied = sql.selectFrom('migration').select(['number', 'name']).orderBy('number').compile();
  engine.transaction(() => {
    run(
      sql.schema
        .createTable('migration')
        .ifNotExists()
        .addColumn('number', 'integer', (c) => c.primaryKey())
        .addColumn('name', 'text', (c) => c.notNull())
        .addColumn('applied_at', 'bigint', (c) => c.notNull()),
    );
    const known = engine.query(applied.sql, []);
    const newest = known.reduce((most, row) => Math.max(most, Number(row.number)), 0);
    if (newest > steps.length) throw newerDatabase(newest, steps.length);
    for (const step of steps) {
      if (step.number <= newest) continue;
      for (const query of step.statements(sql, engine.types)) run(query);
      run(sql.insertInto('migration').values({ number: step.number, name: step.name, applied_at: nowMs }));
    }
  });
}

/** What is said of a database that this program is too old for. */
export function newerDatabase(schema: number, known: number = SCHEMA): StoreError {
  return new StoreError(
    'newer_database',
    `the database has schema ${schema}, this program knows ${known}: start the newer program`,
  );
}

function toValue(parameter: unknown): Value {
  if (typeof parameter === 'string' || typeof parameter === 'number') return parameter;
  throw new TypeError('a migration takes text and numbers only');
}
