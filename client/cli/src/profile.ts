import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { CliError } from './errors.ts';
import type { Io } from './io.ts';

/** By what this machine's CLI is signed in: a file that only this user can read. */
export interface Profile {
  /** Address of the server, `https://host:port`. */
  readonly url: string;
  readonly token: string;
  /** PEM file of the authority to trust besides none other; absent when the system knows the server's. */
  readonly caFile: string | undefined;
}

/** Where the profile is: `--profile`, `$CARDEA_PROFILE`, `./data/cli.json` if it is there, `~/.config/cardea/cli.json`. */
export function profilePath(io: Io, given: string | undefined): string {
  const named = given ?? io.env.CARDEA_PROFILE;
  if (named !== undefined && named !== '') return resolve(io.cwd, named);
  const local = join(io.cwd, 'data', 'cli.json');
  if (existsSync(local)) return local;
  return join(io.env.XDG_CONFIG_HOME ?? join(io.home, '.config'), 'cardea', 'cli.json');
}

/** The profile in `path`. @throws CliError `refused` when there is none, `usage` when it cannot be used */
export function readProfile(path: string): Profile {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      throw new CliError('refused', `not signed in: there is no ${path}`, {
        remedy: 'run `cardea login URL`, or give --profile FILE (npm start makes ./data/cli.json)',
      });
    }
    throw new CliError('usage', `${path} cannot be read`, {
      remedy: 'it must belong to you, with mode 0600',
      cause: error,
    });
  }
  if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) {
    throw new CliError('refused', `others may read ${path}, which holds a token`, {
      remedy: `run chmod 600 ${path}; if others did read it, log out and in again`,
    });
  }
  const bad = (field: string, expected: string): CliError =>
    new CliError('usage', `${path}: ${field} must be ${expected}`, { field, remedy: 'run `cardea login URL` again' });
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new CliError('usage', `${path} is not JSON`, { remedy: 'run `cardea login URL` again', cause: error });
  }
  if (typeof parsed !== 'object' || parsed === null) throw bad('the file', 'a JSON object');
  const { url, token, ca_file } = parsed as Record<string, unknown>;
  if (typeof url !== 'string' || !url.startsWith('https://') || !URL.canParse(url))
    throw bad('url', 'an https:// address');
  if (typeof token !== 'string' || token === '') throw bad('token', 'a token');
  if (ca_file !== undefined && ca_file !== null && typeof ca_file !== 'string')
    throw bad('ca_file', 'the path of a PEM file');
  return { url, token, caFile: typeof ca_file === 'string' ? resolve(dirname(path), ca_file) : undefined };
}

/** Writes the profile in one step, mode 0600. */
export function writeProfile(path: string, profile: Profile): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const content = { url: profile.url, token: profile.token, ...(profile.caFile ? { ca_file: profile.caFile } : {}) };
  const temporary = `${path}.new`;
  writeFileSync(temporary, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  // The mode above counts only when the file is made.
  chmodSync(temporary, 0o600);
  renameSync(temporary, path);
}

/** Forgets the profile. */
export function removeProfile(path: string): void {
  rmSync(path, { force: true });
}
