import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { syncFolder } from '@cardea/kit-node';
import type { Secret } from '@cardea/kit-runtime';
import { copyDatabase, databaseSchema, StoreError } from '@cardea/server-store';
import about from '../../package.json' with { type: 'json' };
import { ServerError } from '../errors.ts';
import { requestSnapshot } from './control.ts';
import { envelopeOf } from './envelope-of.ts';
import type { Argon2idCost, BackupLock } from './key.ts';
import { KEY_PART, RECORD_PART } from './manifest.ts';
import { sourcesIn } from './sources.ts';
import { type WrittenBackup, writeBackup } from './write-backup.ts';

/** What a backup is made of and by. */
export interface BackupOptions {
  readonly dataDir: string;
  /** The file to write, which must not be there yet; or a folder, in which it gets a name that says when it was made. */
  readonly target: string;
  /** Seals the backup with everything in it; without one the envelope key stays out and opens it. */
  readonly passphrase: Secret<string> | undefined;
  /** In a folder: backups older than the newest so many are removed. */
  readonly keep?: number | undefined;
  readonly cost?: Argon2idCost;
  readonly nowMs?: number;
}

/** What {@link createBackup} did. */
export interface MadeBackup extends WrittenBackup {
  readonly file: string;
  readonly madeAtMs: number;
  readonly schema: number;
  /** Whether a server was running meanwhile. */
  readonly live: boolean;
  /** Files beside the record that no backup takes. */
  readonly leftOut: readonly string[];
  /** Older backups that were removed. */
  readonly removed: readonly string[];
}

const MADE_NAME = /^cardea-\d{8}T\d{6}Z\.cardea-backup$/;

/**
 * Backs up an installation, its server running or not: the record as of one moment, configuration, certificates and, by
 * a passphrase, the envelope key.
 * @throws ServerError `backup`, `record`
 */
export async function createBackup(options: BackupOptions): Promise<MadeBackup> {
  const folder = join(options.dataDir, 'ras');
  if (!existsSync(join(folder, RECORD_PART))) {
    throw new ServerError('record', `there is no ${join(folder, RECORD_PART)}`, 'name the data folder with --data DIR');
  }
  const madeAtMs = options.nowMs ?? Date.now();
  const file = targetFile(options, madeAtMs);
  const { passphrase, cost } = options;
  const lock: BackupLock =
    passphrase === undefined
      ? { kind: 'envelope', envelope: await envelopeOf(join(folder, KEY_PART)) }
      : { kind: 'passphrase', passphrase, ...(cost === undefined ? {} : { cost }) };

  const { files, leftOut } = await sourcesIn(folder, { keys: passphrase !== undefined });
  const copy = await copyRecord(folder);
  try {
    const schema = databaseSchema(copy.path) ?? 0;
    const sources = [{ name: RECORD_PART, path: copy.path }, ...files];
    const written = await writeBackup(file, sources, { madeAtMs, program: about.version, schema }, lock);
    const removed = options.keep === undefined ? [] : await removeOlder(dirname(file), options.keep);
    return { ...written, file, madeAtMs, schema, live: copy.live, leftOut, removed };
  } catch (error) {
    throw asServerError(error, file);
  } finally {
    await copy.release();
  }
}

function targetFile({ target, keep }: BackupOptions, madeAtMs: number): string {
  const isFolder = existsSync(target) && statSync(target).isDirectory();
  if (!isFolder && keep !== undefined) {
    throw new ServerError('backup', '--keep needs a folder to keep backups in', 'name a folder that is there');
  }
  const stamp = new Date(madeAtMs).toISOString().replace(/[-:]|\.\d+/g, '');
  const file = isFolder ? join(target, `cardea-${stamp}.cardea-backup`) : target;
  if (existsSync(file)) throw new ServerError('backup', `${file} is there already`, 'name another file');
  if (!existsSync(dirname(file))) {
    throw new ServerError('backup', `there is no folder ${dirname(file)}`, 'make it first, or name another');
  }
  return file;
}

interface Copy {
  readonly path: string;
  readonly live: boolean;
  release(): Promise<void>;
}

async function copyRecord(folder: string): Promise<Copy> {
  const live = await requestSnapshot(folder);
  if (live !== undefined) {
    return { path: live.path, live: true, release: () => live.release() };
  }
  const path = join(folder, `snapshot-${randomBytes(8).toString('hex')}.tmp`);
  const release = () => rm(path, { force: true });
  try {
    await copyDatabase(join(folder, RECORD_PART), path);
    return { path, live: false, release };
  } catch (error) {
    await release();
    throw asServerError(error, folder);
  }
}

async function removeOlder(folder: string, keep: number): Promise<readonly string[]> {
  const made = readdirSync(folder)
    .filter((name) => MADE_NAME.test(name))
    .sort();
  const old = made.slice(0, Math.max(0, made.length - Math.max(1, keep)));
  for (const name of old) await rm(join(folder, name));
  if (old.length > 0) await syncFolder(folder);
  return old.map((name) => join(folder, name));
}

function asServerError(error: unknown, file: string): unknown {
  if (error instanceof StoreError) return new ServerError('record', error.message, 'nothing was written');
  if (error instanceof Error && 'code' in error && !(error instanceof ServerError)) {
    return new ServerError(
      'backup',
      `${basename(file)} cannot be written (${error.message})`,
      'nothing was left behind',
    );
  }
  return error;
}
