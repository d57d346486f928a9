import type BetterSqlite3 from 'better-sqlite3';
import { StoreError } from './errors.ts';

/** A database up to this size is checked whole at each opening: a second or two. */
const CHECKED_WHOLE_OCTETS = 512 * 1024 * 1024;
/** Tables that grow with time; of a larger database these are left out. */
const GROWING = new Set(['event', 'attempt', 'idempotent_answer']);

/**
 * Looks whether the pages of a database are what they should be, before anything is believed or written.
 * @throws StoreError `damaged`, naming the file and the first thing found
 */
export function requireSound(database: BetterSqlite3.Database, file: string): void {
  for (const pragma of checksFor(database)) {
    const [first] = database.pragma(pragma) as readonly Readonly<Record<string, unknown>>[];
    const said = first === undefined ? 'no answer' : String(Object.values(first)[0]);
    if (said !== 'ok') throw damaged(file, said);
  }
}

/** What is said of a database that is not sound. */
export function damaged(file: string, what: string, cause?: unknown): StoreError {
  return new StoreError('damaged', `${file}: is damaged (${what.split('\n', 1)[0] ?? 'unknown'})`, { cause });
}

function checksFor(database: BetterSqlite3.Database): readonly string[] {
  const size =
    Number(database.pragma('page_count', { simple: true })) * Number(database.pragma('page_size', { simple: true }));
  if (size <= CHECKED_WHOLE_OCTETS) return ['quick_check(1)'];
  const tables = database
    .prepare<[], { name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .all();
  return tables
    .filter(({ name }) => !GROWING.has(name))
    .map(({ name }) => `quick_check('${name.replace(/'/g, "''")}')`);
}
