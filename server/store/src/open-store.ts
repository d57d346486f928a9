import type { Clock } from '@cardea/kit-runtime';
import type { Store, Transaction } from '@cardea/server-core';
import BetterSqlite3 from 'better-sqlite3';
import { type Row, sqliteConnection } from './connection.ts';
import type { Envelope } from './envelope.ts';
import { StoreError } from './errors.ts';
import { createGroupCommit, type Engine } from './group-commit.ts';
import { migrate } from './migrate.ts';
import { estateTables } from './tables/estate.ts';
import { gatewayTables } from './tables/gateways.ts';
import { lockTables } from './tables/locks.ts';
import { personTables } from './tables/persons.ts';
import { recordTables } from './tables/record.ts';

/** How long a lock by another process is waited for at the opening. */
const BUSY_TIMEOUT_MS = 2000;

/** What a store is opened with. */
export interface StoreOptions {
  /** Path of the database, or `:memory:`. */
  readonly file: string;
  /** Seals the secrets in it. */
  readonly envelope: Envelope;
  /** The time that a migration is recorded with; the system's when it is left out. */
  readonly clock?: Pick<Clock, 'now'>;
  /** Calls back after this turn of the event loop: `setImmediate` when it is left out; tests may use `queueMicrotask`. */
  readonly turn?: (run: () => void) => void;
}

/**
 * Opens the record in SQLite: WAL, synchronous FULL (each commit is on the disk before it is reported), foreign keys,
 * held by this process alone. Brings the schema up to date.
 * @throws StoreError `in_use`, `newer_database`, `cannot_open`
 */
export function openStore(options: StoreOptions): Store {
  const database = openDatabase(options.file, options.clock?.now() ?? Date.now());
  const engine = sqliteEngine(database);
  const commit = createGroupCommit(engine, options.turn ?? ((run) => void setImmediate(run)));
  const connection = sqliteConnection(database, () => commit.inUnit);
  const transaction: Transaction = {
    ...estateTables(connection),
    ...gatewayTables(connection),
    ...personTables(connection),
    ...lockTables(connection, options.envelope),
    ...recordTables(connection),
  };
  return {
    unit: (work) => commit.unit(() => work(transaction)),
    read: (work) => commit.read(() => work(transaction)),
    get commits() {
      return commit.commits;
    },
    async close() {
      await commit.close();
      database.close();
    },
  };
}

function openDatabase(file: string, nowMs: number): BetterSqlite3.Database {
  let database: BetterSqlite3.Database | undefined;
  try {
    const opened = new BetterSqlite3(file, { timeout: BUSY_TIMEOUT_MS });
    database = opened;
    // One process holds the record: a second server on the same folder is told so instead of mixing its states in.
    opened.pragma('locking_mode = EXCLUSIVE');
    opened.pragma('journal_mode = WAL');
    opened.pragma('synchronous = FULL');
    opened.pragma('foreign_keys = ON');
    opened.pragma('trusted_schema = OFF');
    migrate(
      {
        types: { octets: 'blob' },
        execute: (sql, values) => void opened.prepare(sql).run(...values),
        query: (sql, values) => opened.prepare<unknown[], Row>(sql).all(...values),
        transaction: (work) => opened.transaction(work)(),
      },
      Math.floor(nowMs),
    );
    return opened;
  } catch (cause) {
    database?.close();
    if (cause instanceof StoreError) throw cause;
    const code = cause instanceof BetterSqlite3.SqliteError ? cause.code : '';
    if (code.startsWith('SQLITE_BUSY')) {
      throw new StoreError('in_use', `${file}: another process has it open; end that one first`, { cause });
    }
    const why = cause instanceof Error ? cause.message : 'unknown';
    throw new StoreError('cannot_open', `${file}: cannot be opened as a database (${why})`, { cause });
  }
}

function sqliteEngine(database: BetterSqlite3.Database): Engine {
  const command = (text: string): (() => void) => {
    const statement = database.prepare(text);
    return () => void statement.run();
  };
  const undo = command('ROLLBACK TO unit');
  const release = command('RELEASE unit');
  return {
    begin: command('BEGIN IMMEDIATE'),
    commit: command('COMMIT'),
    rollback: command('ROLLBACK'),
    savepoint: command('SAVEPOINT unit'),
    release,
    rollbackToSavepoint() {
      undo();
      release();
    },
    get inTransaction() {
      return database.inTransaction;
    },
  };
}
