import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { chown, type FileHandle, mkdir, open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createEnvelope, EnvelopeError, syncFolder, writeFileDurably } from '@cardea/kit-node';
import type { Secret } from '@cardea/kit-runtime';
import { checkCopy, checkDatabase, databaseSchema, newestHeads, SCHEMA, StoreError } from '@cardea/server-store';
import { ServerError } from '../errors.ts';
import { isServed } from './control.ts';
import { envelopeOf } from './envelope-of.ts';
import type { BackupHeader } from './header.ts';
import type { BackupLock } from './key.ts';
import { type BackupManifest, type BackupPart, KEY_PART, RECORD_PART } from './manifest.ts';
import { type PartTaker, readBackup, readHeader } from './read-backup.ts';
import { RESTORED } from './sources.ts';
import { type BetweenSteps, finishSwap, swapIn } from './swap.ts';

/** By what a backup is opened; which of them it needs, its header says. */
export interface OpeningOptions {
  readonly file: string;
  /** Asked for when the backup was made with one. */
  readonly passphrase: () => Promise<Secret<string>>;
  /** The envelope key that was kept apart, for a backup that was made without keys. */
  readonly envelopeKeyFile: string | undefined;
}

/** A backup that was read whole. */
export interface VerifiedBackup {
  readonly header: BackupHeader;
  readonly manifest: BackupManifest;
}

/** A record this small is checked page by page as well; a larger one is at its next start. */
const CHECKED_MOST_OCTETS = 256 * 1024 * 1024;

/**
 * Reads every octet of a backup: that it opens, is whole and unchanged, and that the record in it is sound.
 * @throws ServerError `backup`
 */
export async function verifyBackup(options: OpeningOptions): Promise<VerifiedBackup> {
  const record: Uint8Array[] = [];
  let taking = false;
  const taker: PartTaker = {
    async begin(part) {
      taking = part.name === RECORD_PART && part.sizeOctets <= CHECKED_MOST_OCTETS;
    },
    async octets(octets) {
      if (taking) record.push(octets.slice());
    },
    async end() {
      if (taking) requireSoundRecord(options.file, Buffer.concat(record.splice(0)));
    },
  };
  return readBackup(options.file, await lockFor(options), taker);
}

/** What {@link restoreBackup} is to do. */
export interface RestoreOptions extends OpeningOptions {
  readonly dataDir: string;
  /** Moves a server's folder that is there aside. */
  readonly force: boolean;
  readonly nowMs?: number;
  readonly between?: BetweenSteps;
}

/** What was done. */
export interface Restored extends VerifiedBackup {
  /** Where the former folder of the server is now; undefined when there was none. */
  readonly movedAside: string | undefined;
}

/**
 * Lays a backup in the place of a server's folder. All of it is read, checked and synced beside that folder first; then
 * two renames put it in place, carried through by the next start if the power fails between them. The next start
 * withdraws what must not come back (docs/operations.md).
 * @throws ServerError `backup`, `folder`, `record`: nothing was touched
 */
export async function restoreBackup(options: RestoreOptions): Promise<Restored> {
  const { dataDir, between = () => {} } = options;
  const place = join(dataDir, 'ras');
  await finishSwap(dataDir);
  await requireUnused(place, options.force);
  const header = await readHeader(options.file);
  requireKnownSchema(options.file, header);
  const lock = await lockFor(options);

  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const staged = join(dataDir, `ras.restore-${randomBytes(8).toString('hex')}`);
  const taker = partsInto(staged);
  try {
    await mkdir(staged, { mode: 0o700 });
    const read = await readBackup(options.file, lock, taker);
    if (!read.manifest.keys) await copyKey(options, staged);
    await requireOpening(options.file, staged);
    const former = newestHeads(join(place, RECORD_PART));
    await markRestored(staged, read, former, options.nowMs ?? Date.now());
    await giveToOwner(dataDir, staged);
    await syncFolder(staged);
    await syncFolder(dataDir);
    between('staged');
    await requireUnused(place, options.force);
    const stamp = new Date(options.nowMs ?? Date.now()).toISOString().replace(/[-:]|\.\d+/g, '');
    return { ...read, movedAside: await swapIn(dataDir, staged, stamp, between) };
  } catch (error) {
    // Before the swap has begun it is ours to clear away; after that it is to be finished.
    await taker.close();
    if (!existsSync(join(dataDir, 'restore.json'))) await rm(staged, { recursive: true, force: true });
    throw error;
  }
}

/** A backup that a restore has laid in place: told to the core at the next start, which removes the file. */
async function markRestored(
  staged: string,
  { header, manifest }: VerifiedBackup,
  former: ReadonlyMap<string, string>,
  nowMs: number,
): Promise<void> {
  const mark = {
    id: `rst_${randomBytes(16).toString('hex')}`,
    backup_id: manifest.id,
    backup_made_at: header.madeAtMs,
    laid_at: nowMs,
    former_heads: Object.fromEntries(former),
  };
  await writeFileDurably(join(staged, RESTORED), `${JSON.stringify(mark)}\n`);
}

/** Root restores for the user to whom the data folder belongs: a service that runs as that user has to read it. */
async function giveToOwner(dataDir: string, staged: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = await stat(dataDir);
  if (uid === 0) return;
  await chown(staged, uid, gid);
  for (const entry of await readdir(staged, { recursive: true })) await chown(join(staged, entry), uid, gid);
}

async function lockFor({ file, passphrase, envelopeKeyFile }: OpeningOptions): Promise<BackupLock> {
  const { key } = await readHeader(file);
  if (key.kind === 'passphrase') return { kind: 'passphrase', passphrase: await passphrase() };
  if (envelopeKeyFile === undefined) {
    throw new ServerError(
      'backup',
      `${file}: was made without keys`,
      'name the envelope.key that was kept apart with --envelope-key FILE',
    );
  }
  return { kind: 'envelope', envelope: await envelopeOf(envelopeKeyFile) };
}

function requireKnownSchema(file: string, { schema, program }: BackupHeader): void {
  if (schema <= SCHEMA) return;
  throw new ServerError(
    'backup',
    `${file}: was made by cardea ${program} with schema ${schema}, this program knows ${SCHEMA}`,
    `restore it with cardea ${program} or newer`,
  );
}

/** Refuses a folder that a server runs on, and one with anything in it unless `force`. */
async function requireUnused(place: string, force: boolean): Promise<void> {
  if (!existsSync(place)) return;
  const running = new ServerError('folder', `a server runs on ${place}`, 'stop it first');
  if (await isServed(place)) throw running;
  try {
    databaseSchema(join(place, RECORD_PART));
  } catch (error) {
    // One that is damaged is what restores are for.
    if (error instanceof StoreError && error.code === 'in_use') throw running;
  }
  if (force || readdirSync(place).length === 0) return;
  throw new ServerError(
    'folder',
    `${place} is not empty`,
    'give --force to move it aside (it is kept), or name another data folder with --data DIR',
  );
}

/** Writes the parts of a backup below `folder`, each synced (mode 0600). */
function partsInto(folder: string): PartTaker & { close(): Promise<void> } {
  let handle: FileHandle | undefined;
  return {
    async begin({ name }: BackupPart) {
      const path = join(folder, ...name.split('/'));
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      handle = await open(path, 'wx', 0o600);
    },
    async octets(octets) {
      await handle?.writeFile(octets);
    },
    async close() {
      await handle?.close();
      handle = undefined;
    },
    async end({ name }) {
      await handle?.sync();
      await handle?.close();
      handle = undefined;
      await syncFolder(dirname(join(folder, ...name.split('/'))));
    },
  };
}

async function copyKey({ envelopeKeyFile }: OpeningOptions, staged: string): Promise<void> {
  if (envelopeKeyFile === undefined) return;
  await writeFileDurably(join(staged, KEY_PART), await readFile(envelopeKeyFile), 0o600);
}

/** The record is sound, and its key file is one. */
async function requireOpening(file: string, staged: string): Promise<void> {
  try {
    checkDatabase(join(staged, RECORD_PART));
    await createEnvelope(join(staged, KEY_PART));
  } catch (error) {
    if (error instanceof StoreError) throw unsound(file, error);
    if (!(error instanceof EnvelopeError)) throw error;
    throw new ServerError('backup', `${file}: its envelope key cannot be used (${error.code})`, 'take another backup');
  }
}

function requireSoundRecord(file: string, octets: Uint8Array): void {
  try {
    checkCopy(octets);
  } catch (error) {
    throw error instanceof StoreError ? unsound(file, error) : error;
  }
}

const unsound = (file: string, error: StoreError): ServerError =>
  new ServerError('backup', `${file}: the record in it cannot be used (${error.message})`, 'take another backup');
