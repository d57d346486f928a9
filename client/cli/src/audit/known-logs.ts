import { chmodSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { toBase64 } from '@cardea/kit-octets';
import { decodeHead, decodeNote, publicKeyOf, type TreeHead } from '@cardea/wire-audit';
import { CliError } from '../errors.ts';

/** What this profile knows of a log from before: its key, pinned at first use, and heads that were seen to hold. */
export interface KnownLog {
  readonly publicKey: Uint8Array;
  /** Signed notes, oldest first. */
  readonly heads: readonly string[];
}

/** Heads kept of one log: the newest ones, and the first. */
const HEADS_MOST = 64;

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
    const { logs } = JSON.parse(text) as { logs: Record<string, { public_key: string; heads: string[] }> };
    return new Map(
      Object.entries(logs).map(([origin, log]) => {
        for (const note of log.heads) headOf(note);
        return [origin, { publicKey: publicKeyOf(log.public_key), heads: log.heads }];
      }),
    );
  } catch (error) {
    throw unusable(path, error);
  }
}

/** Keeps what is known of one log, in one step, mode 0600. */
export function writeKnownLog(path: string, origin: string, log: KnownLog): void {
  const all = new Map(readKnownLogs(path)).set(origin, { ...log, heads: thinned(log.heads) });
  const logs = Object.fromEntries(
    [...all].map(([name, { publicKey, heads }]) => [name, { public_key: toBase64(publicKey), heads }]),
  );
  const temporary = `${path}.new`;
  writeFileSync(temporary, `${JSON.stringify({ logs }, null, 2)}\n`, { mode: 0o600 });
  chmodSync(temporary, 0o600);
  renameSync(temporary, path);
}

/** The head that a note says; it was verified when it was kept. */
export function headOf(note: string): TreeHead {
  return decodeHead(decodeNote(note).text);
}

function thinned(heads: readonly string[]): readonly string[] {
  const known = [...new Set(heads)].sort((a, b) => headOf(a).size - headOf(b).size);
  return known.length <= HEADS_MOST ? known : [...known.slice(0, 1), ...known.slice(1 - HEADS_MOST)];
}

function unusable(path: string, cause: unknown): CliError {
  return new CliError('usage', `${path}, which holds the heads of the audit log seen before, cannot be used`, {
    remedy: 'put it back from a copy; without it, what was changed before today may go unseen',
    cause,
  });
}
