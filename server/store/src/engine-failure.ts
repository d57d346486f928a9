/**
 * What an engine's error means for the record: `no_room` the change was not made and nothing else is touched (the disk or
 * the database is full); `damaged` what was read or written cannot be trusted (an I/O error, an fsync that failed, a page
 * that is not what it should be).
 */
export type EngineFailure = 'no_room' | 'damaged';

const DAMAGED = ['SQLITE_IOERR', 'SQLITE_CORRUPT', 'SQLITE_NOTADB', 'SQLITE_CANTOPEN', 'SQLITE_READONLY'];

/** The failure of the engine behind an error; undefined for a mistake of whoever asked. */
export function engineFailureOf(error: unknown): EngineFailure | undefined {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code.startsWith('SQLITE_FULL')) return 'no_room';
  return DAMAGED.some((prefix) => code.startsWith(prefix)) ? 'damaged' : undefined;
}
