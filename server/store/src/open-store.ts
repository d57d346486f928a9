import { chmodSync, closeSync, openSync, statSync } from 'node:fs';
import type { Clock } from '@cardea/kit-runtime';
import { CoreError, type Store, type Transaction } from '@cardea/server-core';
import BetterSqlite3 from 'better-sqlite3';
import { type Row, sqliteConnection } from './connection.ts';
import type { Envelope } from './envelope.ts';
import { StoreError } from './errors.ts';
import { createGroupCommit, type Engine } from './group-commit.ts';
import { migrate } from './migrate.ts';
import { snapshotOf } from './snapshot.ts';
import { damaged, requireSound } from './sound.ts';
import { accessTables } from './tables/access.ts';
import { alertTables } from './tables/alerts.ts';
import { auditTables } from './tables/audit.ts';
import { chainTables } from './tables/chains.ts';
import { drawingTables } from './tables/drawings.ts';
import { estateTables } from './tables/estate.ts';
import { gatewayTables } from './tables/gateways.ts';
import { grantTables } from './tables/grants.ts';
import { lockTables } from './tables/locks.ts';
import { peopleTables } from './tables/people.ts';
import { personTables } from './tables/persons.ts';
import { recordTables } from './tables/record.ts';
import { restoreTables } from './tables/restores.ts';
import { statisticsTables } from './tables/statistics.ts';
import { stayTables } from './tables/stays.ts';
import { visitorTables } from './tables/visitors.ts';

/** How long a lock by another process is waited for at the opening. */
const BUSY_TIMEOUT_MS = 2000;
/** The log is moved into the database when it has grown past this. */
const LOG_OCTETS = 4 * 1024 * 1024;
/** How soon a change that found no room may be tried again, and one that met the store's end. */
const ROOM_AFTER_S = 5;
const ANEW_AFTER_S = 2;

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
  /** Called once when nothing can be trusted to be durable any more: everything is refused since, and the process should end. */
  readonly broken?: (error: StoreError) => void;
  /** Stands between the store and its engine: by it tests make the engine fail. */
  readonly engine?: (engine: Engine) => Engine;
}

/** The record as its own process has it. */
export interface OpenStore extends Store {
  /** Copies the record as of one moment into the new file `to`, while it goes on. @throws StoreError `cannot_open` */
  snapshot(to: string): Promise<void>;
}

/**
 * Opens the record in SQLite: WAL, synchronous FULL (each commit is on the disk before it is reported), foreign keys,
 * held by this process alone. Brings the schema up to date. What a unit refuses for want of room, or because the store
 * has failed, is CoreError `unavailable`, its cause the StoreError.
 * @throws StoreError `in_use`, `newer_database`, `cannot_open`, `damaged`
 */
export function openStore(options: StoreOptions): OpenStore {
  const database = openDatabase(options.file, options.clock?.now() ?? Date.now());
  const engine = sqliteEngine(database, options.file);
  const commit = createGroupCommit(options.engine?.(engine) ?? engine, {
    turn: options.turn ?? ((run) => void setImmediate(run)),
    ...(options.broken && { broken: options.broken }),
  });
  const connection = sqliteConnection(database, () => commit.inUnit);
  const transaction: Transaction = {
    ...accessTables(connection, options.envelope),
    ...alertTables(connection),
    ...estateTables(connection),
    ...gatewayTables(connection),
    ...grantTables(connection),
    ...personTables(connection),
    ...peopleTables(connection, options.envelope),
    ...lockTables(connection, options.envelope),
    ...recordTables(connection),
    ...restoreTables(connection),
    ...statisticsTables(connection),
    ...stayTables(connection),
    ...visitorTables(connection),
    ...drawingTables(connection),
    ...chainTables(connection),
    ...auditTables(connection, options.envelope, () => commit.takenBack),
  };
  return {
    unit: (work) => commit.unit(() => work(transaction)).catch(refuse),
    read: (work) => commit.read(() => work(transaction)).catch(refuse),
    get commits() {
      return commit.commits;
    },
    purge: () =>
      commit
        // Within a read nothing is open: no unit runs, and a statement has all its rows at once.
        .read(async () => {
          database.pragma('wal_checkpoint(TRUNCATE)');
          database.exec('VACUUM');
          database.pragma('wal_checkpoint(TRUNCATE)');
        })
        .catch(refuse),
    snapshot: (to) => snapshotOf(database, to),
    async close() {
      await commit.close();
      closeAnyhow(database);
    },
  };
}

/** Closes a database that may have failed: what it then says is known already. */
function closeAnyhow(database: BetterSqlite3.Database | undefined): void {
  try {
    database?.close();
  } catch (error) {
    if (!(error instanceof BetterSqlite3.SqliteError)) throw error;
  }
}

/** The store's own failures in the core's word; everything else as it is. */
function refuse(error: unknown): never {
  if (!(error instanceof StoreError)) throw error;
  const refusal = (message: string, retryAfterS: number): CoreError =>
    new CoreError('unavailable', message, { retryAfterS, cause: error });
  switch (error.code) {
    case 'no_room':
      throw refusal('The disk of the record is full: nothing can be changed until there is room.', ROOM_AFTER_S);
    case 'commit_failed':
    case 'damaged':
      throw refusal('The record has failed; the server ends and has to be started again.', ANEW_AFTER_S);
    default:
      throw error;
  }
}

function openDatabase(file: string, nowMs: number): BetterSqlite3.Database {
  let database: BetterSqlite3.Database | undefined;
  try {
    if (file !== ':memory:') makePrivate(file);
    const opened = new BetterSqlite3(file, { timeout: BUSY_TIMEOUT_MS });
    database = opened;
    // One process holds the record: a second server on the same folder is told so instead of mixing its states in.
    opened.pragma('locking_mode = EXCLUSIVE');
    opened.pragma('journal_mode = WAL');
    opened.pragma('synchronous = FULL');
    // The log is moved by `maintain`, where a failing fsync is seen: SQLite's own way hides it.
    opened.pragma('wal_autocheckpoint = 0');
    requireSound(opened, file);
    // A former process may have died of an fsync that failed: what it left in the log is not known to be on the disk. It is
    // written to the database, and synced, before anything is built on it.
    opened.pragma('wal_checkpoint(TRUNCATE)');
    opened.pragma('trusted_schema = OFF');
    // What is removed is overwritten where it stood: a page that is used again holds nothing of it.
    opened.pragma('secure_delete = ON');
    // A step that makes a table anew drops the old one: with the keys on, what refers to its rows would go with them.
    opened.pragma('foreign_keys = OFF');
    migrate(
      {
        types: { octets: 'blob' },
        execute: (sql, values) => void opened.prepare(sql).run(...values),
        query: (sql, values) => opened.prepare<unknown[], Row>(sql).all(...values),
        transaction: (work) => opened.transaction(() => referring(opened, work))(),
      },
      Math.floor(nowMs),
    );
    opened.pragma('foreign_keys = ON');
    return opened;
  } catch (cause) {
    closeAnyhow(database);
    if (cause instanceof StoreError) throw cause;
    const code = cause instanceof BetterSqlite3.SqliteError ? cause.code : '';
    if (/^SQLITE_(CORRUPT|NOTADB)/.test(code)) throw damaged(file, (cause as Error).message, cause);
    if (code.startsWith('SQLITE_BUSY')) {
      throw new StoreError('in_use', `${file}: another process has it open; end that one first`, { cause });
    }
    const why = cause instanceof Error ? cause.message : 'unknown';
    throw new StoreError('cannot_open', `${file}: cannot be opened as a database (${why})`, { cause });
  }
}

/** The database is this user's alone from its first octet on; SQLite gives the files beside it the same mode. */
function makePrivate(file: string): void {
  closeSync(openSync(file, 'a', 0o600));
  if (process.platform !== 'win32') chmodSync(file, 0o600);
}

/** Changes the schema by `work`; what then refers to a row that is not there takes all of it back. */
function referring(database: BetterSqlite3.Database, work: () => void): void {
  const before = database.pragma('schema_version', { simple: true });
  work();
  if (database.pragma('schema_version', { simple: true }) === before) return;
  const dangling = database.pragma('foreign_key_check') as readonly unknown[];
  if (dangling.length > 0) throw new Error(`${dangling.length} rows would refer to nothing after the new schema`);
}

function sqliteEngine(database: BetterSqlite3.Database, file: string): Engine {
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
    maintain() {
      const log = statSync(`${file}-wal`, { throwIfNoEntry: false });
      if (log !== undefined && log.size > LOG_OCTETS) database.pragma('wal_checkpoint(TRUNCATE)');
    },
  };
}
