import { chmodSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { decodeKnownLogs, encodeKnownLogs, type KnownLog } from '@cardea/wire-audit';
import { CliError } from '../errors.ts';

/** The file beside a profile in which its logs are kept: `cli.json` has `cli.audit.json`. */
export function knownLogsPath(profilePath: string): string {
  return `${profilePath.replace(/\.json$/, '')}.audit.json`;
}

/** What is known of all logs, by origin. @throws CliError `usage` when the file cannot be used */
export function readKnownLogs(path: string): ReadonlyMap<string, KnownLog> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return new Map();
    throw unusable(path, error);
  }
  try {
    return decodeKnownLogs(text);
  } catch (error) {
    throw unusable(path, error);
  }
}

/** Keeps what is known of one log, in one step, mode 0600. */
export function writeKnownLog(path: string, origin: string, log: KnownLog): void {
  const temporary = `${path}.new`;
  writeFileSync(temporary, encodeKnownLogs(new Map(readKnownLogs(path)).set(origin, log)), { mode: 0o600 });
  chmodSync(temporary, 0o600);
  renameSync(temporary, path);
}

function unusable(path: string, cause: unknown): CliError {
  return new CliError('usage', `${path}, which holds the heads of the audit log seen before, cannot be used`, {
    remedy: 'put it back from a copy; without it, what was changed before today may go unseen',
    cause,
  });
}
