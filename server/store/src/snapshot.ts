import { existsSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import BetterSqlite3 from 'better-sqlite3';
import { StoreError } from './errors.ts';
import { damaged, requireSound } from './sound.ts';

/** Pages copied in one turn of the event loop: some hundred microseconds, so that a server goes on meanwhile. */
const PAGES_A_TURN = 32;
const PAGES_A_SYNC = 512;
/** Write and read version of a database file: 1, 1 without a write-ahead log, 2, 2 with one. */
const VERSIONS_AT = 18;
const NO_LOG = Uint8Array.of(1, 1);

/**
 * Copies an open database as of one moment into the new file `to` (mode 0600), while it goes on being written. The copy
 * is one file without a log beside it, and is synced when the promise resolves.
 * @throws StoreError `cannot_open` when it cannot be written
 */
export async function snapshotOf(database: BetterSqlite3.Database, to: string): Promise<void> {
  try {
    // Made by us, so that nobody else can read it from its first octet on.
    const file = await open(to, 'wx', 0o600);
    try {
      await database.backup(to, { progress: pacing(file) });
      // It has no log of its own: its header says so (file format, 1.3.3), as `journal_mode = DELETE` would have it say.
      await file.write(NO_LOG, 0, NO_LOG.length, VERSIONS_AT);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw new StoreError('cannot_open', `${to}: the copy of the record cannot be written (${wordsOf(cause)})`, {
      cause,
    });
  }
}

/**
 * How many pages the next turn copies. What was copied is brought to the disk on the way, off the event loop: the engine
 * syncs the whole file in its last step, and would stand still for as long as all of it takes.
 */
function pacing(file: FileHandle): () => number {
  let sinceSync = 0;
  let syncing = false;
  return () => {
    if (syncing) return 0;
    sinceSync += PAGES_A_TURN;
    if (sinceSync >= PAGES_A_SYNC) {
      sinceSync = 0;
      syncing = true;
      // A sync that fails shows at the last one.
      const over = (): void => {
        syncing = false;
      };
      file.datasync().then(over, over);
    }
    return PAGES_A_TURN;
  };
}

/** {@link snapshotOf} of a database that nobody has open. @throws StoreError `in_use`, `cannot_open`, `damaged` */
export async function copyDatabase(file: string, to: string): Promise<void> {
  const database = openAlone(file);
  try {
    requireSound(database, file);
    await snapshotOf(database, to);
  } finally {
    database.close();
  }
}

/**
 * The schema of a database that nobody has open, 0 for one without any; undefined when there is no such file.
 * @throws StoreError `in_use`, `cannot_open`, `damaged`
 */
export function databaseSchema(file: string): number | undefined {
  if (!existsSync(file)) return undefined;
  const database = openAlone(file);
  try {
    return schemaOf(database);
  } catch (cause) {
    throw openFailure(file, cause);
  } finally {
    database.close();
  }
}

/**
 * Checks the octets of a copied database, in memory: its pages, what refers to what, and its schema, which is answered.
 * @throws StoreError `damaged`
 */
export function checkCopy(octets: Uint8Array): number {
  let database: BetterSqlite3.Database | undefined;
  try {
    database = new BetterSqlite3(Buffer.from(octets.buffer, octets.byteOffset, octets.length));
    return checked(database, 'the copy');
  } catch (cause) {
    throw openFailure('the copy', cause);
  } finally {
    database?.close();
  }
}

/** {@link checkCopy} of one in a file that nobody has open. @throws StoreError `damaged`, `in_use`, `cannot_open` */
export function checkDatabase(file: string): number {
  const database = openAlone(file);
  try {
    return checked(database, file);
  } catch (cause) {
    throw openFailure(file, cause);
  } finally {
    database.close();
  }
}

/**
 * The newest signed head of each organization's audit log in a database that nobody has open: what is still known of a
 * record that is about to be replaced. One that is damaged, or from before there was a log, tells none.
 */
export function newestHeads(file: string): ReadonlyMap<string, string> {
  let database: BetterSqlite3.Database | undefined;
  try {
    database = new BetterSqlite3(file, { fileMustExist: true, readonly: true });
    const rows = database
      .prepare<[], { organization_id: string; note: string }>(
        'SELECT organization_id, note FROM audit_head GROUP BY organization_id HAVING size = max(size)',
      )
      .all();
    return new Map(rows.map((row) => [row.organization_id, row.note]));
  } catch {
    return new Map();
  } finally {
    database?.close();
  }
}

function checked(database: BetterSqlite3.Database, name: string): number {
  requireSound(database, name);
  const dangling = database.pragma('foreign_key_check') as readonly unknown[];
  if (dangling.length > 0) throw damaged(name, `${dangling.length} rows refer to nothing`);
  return schemaOf(database);
}

function schemaOf(database: BetterSqlite3.Database): number {
  const has = database.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'migration'").get();
  if (has === undefined) return 0;
  const row = database.prepare<[], { newest: number | null }>('SELECT max(number) AS newest FROM migration').get();
  return row?.newest ?? 0;
}

function openAlone(file: string): BetterSqlite3.Database {
  let database: BetterSqlite3.Database | undefined;
  try {
    database = new BetterSqlite3(file, { fileMustExist: true, timeout: 500 });
    database.pragma('locking_mode = EXCLUSIVE');
    // Takes the lock now, and says now whether another process has it.
    database.exec('BEGIN IMMEDIATE; ROLLBACK');
    return database;
  } catch (cause) {
    database?.close();
    throw openFailure(file, cause);
  }
}

function openFailure(file: string, cause: unknown): StoreError {
  if (cause instanceof StoreError) return cause;
  const code = cause instanceof BetterSqlite3.SqliteError ? cause.code : '';
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(code)) return damaged(file, wordsOf(cause), cause);
  if (code.startsWith('SQLITE_BUSY')) {
    return new StoreError('in_use', `${file}: another process has it open; end that one first`, { cause });
  }
  return new StoreError('cannot_open', `${file}: cannot be opened as a database (${wordsOf(cause)})`, { cause });
}

const wordsOf = (cause: unknown): string => (cause instanceof Error ? cause.message : 'unknown');
