import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { ServerError } from '../errors.ts';
import { type BackupHeader, decodeHeader, HEADER_MOST_OCTETS } from './header.ts';
import { type BackupLock, unwrapBackupKey } from './key.ts';
import { type BackupManifest, type BackupPart, decodeManifest, MANIFEST_MOST_OCTETS } from './manifest.ts';
import { CHUNK_OCTETS, type SealedStream, sealedStream, TAG_OCTETS } from './sealed-stream.ts';

/** Takes the parts of a backup, one after the other. */
export interface PartTaker {
  /** A part begins. */
  begin(part: BackupPart): Promise<void>;
  octets(octets: Uint8Array): Promise<void>;
  /** The part is whole: its hash is the manifest's. */
  end(part: BackupPart): Promise<void>;
}

/** A backup that was read to its end, every octet of it authenticated. */
export interface ReadBackup {
  readonly header: BackupHeader;
  readonly manifest: BackupManifest;
}

/** What a backup says about itself, before it is opened: nothing of it is proved. @throws ServerError `backup` */
export async function readHeader(file: string): Promise<BackupHeader> {
  return withFile(file, async (handle) => (await headerOf(file, handle)).header);
}

/**
 * Reads a whole backup and hands its parts to `taker`. What was handed over counts only when the promise has resolved:
 * the end of a backup is as much a part of it as its beginning.
 * @throws ServerError `backup` when it is none, does not open by `lock`, or was changed anywhere
 */
export function readBackup(file: string, lock: BackupLock, taker: PartTaker): Promise<ReadBackup> {
  return withFile(file, async (handle) => {
    const { header, octets } = await headerOf(file, handle);
    const key = await unwrapBackupKey(header.key, lock);
    if (key === undefined) throw wrongLock(file, header, lock);
    const reader = createReader(file, handle, octets.length, sealedStream(key, octets));

    const length = new DataView((await reader.exactly(4)).buffer).getUint32(0);
    if (length > MANIFEST_MOST_OCTETS) throw changed(file);
    const manifest = decodeManifest(await reader.exactly(length));
    if (manifest === undefined) throw changed(file);
    for (const part of manifest.parts) {
      await taker.begin(part);
      const hash = createHash('sha256');
      for (let left = part.sizeOctets; left > 0; ) {
        const some = await reader.some(left);
        hash.update(some);
        left -= some.length;
        await taker.octets(some);
      }
      if (hash.digest('hex') !== part.sha256) throw changed(file);
      await taker.end(part);
    }
    if (!(await reader.atEnd())) throw changed(file);
    return { header, manifest };
  });
}

const changed = (file: string): ServerError =>
  new ServerError('backup', `${file}: is damaged, cut short or was changed`, 'take another backup');

function wrongLock(file: string, { key }: BackupHeader, lock: BackupLock): ServerError {
  if (key.kind === 'envelope') {
    return new ServerError(
      'backup',
      `${file}: was made without keys and does not open under this envelope key`,
      'name the envelope.key of the installation that made it with --envelope-key FILE',
    );
  }
  return lock.kind === 'passphrase'
    ? new ServerError('backup', `${file}: the passphrase is wrong, or the file is damaged`, 'try again')
    : new ServerError('backup', `${file}: opens by its passphrase`, 'give it with --passphrase-file FILE');
}

async function withFile<T>(file: string, work: (handle: FileHandle) => Promise<T>): Promise<T> {
  let handle: FileHandle;
  try {
    handle = await open(file, 'r');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ServerError('backup', `${file} cannot be read (${reason})`, 'name a backup file');
  }
  try {
    return await work(handle);
  } finally {
    await handle.close();
  }
}

async function headerOf(
  file: string,
  handle: FileHandle,
): Promise<{ readonly header: BackupHeader; readonly octets: Uint8Array }> {
  const head = new Uint8Array(HEADER_MOST_OCTETS);
  const sizeOctets = await fill(handle, head, 0);
  const found = decodeHeader(head.subarray(0, sizeOctets));
  if (found === undefined) {
    throw new ServerError('backup', `${file}: is no backup that this program knows`, 'name a backup file');
  }
  return { header: found.header, octets: head.slice(0, found.sizeOctets) };
}

/** Fills `into` from `position` on; fewer octets only at the end of the file. */
async function fill(handle: FileHandle, into: Uint8Array, position: number): Promise<number> {
  let done = 0;
  while (done < into.length) {
    const { bytesRead } = await handle.read(into, done, into.length - done, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return done;
}

interface Reader {
  /** At least one octet and at most `most`. @throws ServerError at the end */
  some(most: number): Promise<Uint8Array>;
  exactly(sizeOctets: number): Promise<Uint8Array>;
  atEnd(): Promise<boolean>;
}

/** The content after the header: sealed chunks, each opened before an octet of it is believed. */
function createReader(file: string, handle: FileHandle, start: number, stream: SealedStream): Reader {
  let at = start;
  let held: Uint8Array = new Uint8Array(0);
  let ended = false;
  const next = async (): Promise<void> => {
    if (ended) throw changed(file);
    // One octet more than a chunk tells whether it is the last.
    const sealed = new Uint8Array(CHUNK_OCTETS + TAG_OCTETS + 1);
    const sizeOctets = await fill(handle, sealed, at);
    const last = sizeOctets < sealed.length;
    const opened = stream.open(sealed.subarray(0, last ? sizeOctets : sealed.length - 1), last);
    if (opened === undefined) throw changed(file);
    at += sealed.length - 1;
    held = opened;
    ended = last;
  };
  const some = async (most: number): Promise<Uint8Array> => {
    while (held.length === 0) await next();
    const octets = held.subarray(0, most);
    held = held.subarray(octets.length);
    return octets;
  };
  return {
    some,
    async exactly(sizeOctets) {
      const all = new Uint8Array(sizeOctets);
      for (let done = 0; done < sizeOctets; ) {
        const octets = await some(sizeOctets - done);
        all.set(octets, done);
        done += octets.length;
      }
      return all;
    },
    async atEnd() {
      while (held.length === 0 && !ended) await next();
      return held.length === 0;
    },
  };
}
