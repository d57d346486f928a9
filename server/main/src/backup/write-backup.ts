import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from '@cardea/kit-node';
import { type BackupHeader, encodeHeader } from './header.ts';
import { type BackupLock, newBackupKey } from './key.ts';
import { type BackupManifest, type BackupPart, encodeManifest, KEY_PART } from './manifest.ts';
import { CHUNK_OCTETS, type SealedStream, sealedStream } from './sealed-stream.ts';

/** A file that goes into a backup; it does not change meanwhile. */
export interface SourceFile {
  /** Its name as a part. */
  readonly name: string;
  readonly path: string;
}

/** What was written. */
export interface WrittenBackup extends BackupManifest {
  readonly sizeOctets: number;
}

/**
 * Writes a backup of `sources` to `file` (mode 0600), which appears whole and durable, or not at all.
 * @throws Error of node:fs
 */
export async function writeBackup(
  file: string,
  sources: readonly SourceFile[],
  about: Omit<BackupHeader, 'key'>,
  lock: BackupLock,
): Promise<WrittenBackup> {
  const parts: BackupPart[] = [];
  for (const source of sources) parts.push(await describe(source));
  const manifest: BackupManifest = {
    id: `bak_${randomBytes(16).toString('hex')}`,
    keys: parts.some(({ name }) => name === KEY_PART),
    parts,
  };
  const { key, wrapped } = await newBackupKey(lock);
  const header = encodeHeader({ ...about, key: wrapped });

  const temporary = `${file}.${process.pid}.tmp`;
  await rm(temporary, { force: true });
  try {
    const handle = await open(temporary, 'wx', 0o600);
    let sizeOctets = 0;
    try {
      await handle.chmod(0o600);
      await handle.writeFile(header);
      const sealer = createSealer(handle, sealedStream(key, header));
      await sealer.write(lengthOf(encodeManifest(manifest)));
      for (const [at, source] of sources.entries()) await copyInto(sealer, source, parts[at]);
      sizeOctets = header.length + (await sealer.end());
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
    await syncFolder(dirname(file));
    return { ...manifest, sizeOctets };
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** The manifest behind its length (4 octets, big-endian). */
function lengthOf(octets: Uint8Array): Uint8Array {
  const framed = new Uint8Array(4 + octets.length);
  new DataView(framed.buffer).setUint32(0, octets.length);
  framed.set(octets, 4);
  return framed;
}

async function describe({ name, path }: SourceFile): Promise<BackupPart> {
  const hash = createHash('sha256');
  let sizeOctets = 0;
  for await (const octets of createReadStream(path)) {
    hash.update(octets);
    sizeOctets += octets.length;
  }
  return { name, sizeOctets, sha256: hash.digest('hex') };
}

async function copyInto(sealer: Sealer, { path, name }: SourceFile, part: BackupPart | undefined): Promise<void> {
  const hash = createHash('sha256');
  for await (const octets of createReadStream(path)) {
    hash.update(octets);
    await sealer.write(octets);
  }
  if (hash.digest('hex') !== part?.sha256) throw new Error(`${name} was changed while it was backed up: try again`);
}

interface Sealer {
  write(octets: Uint8Array): Promise<void>;
  /** Seals what is left as the last chunk. Resolves with all octets that were sealed. */
  end(): Promise<number>;
}

function createSealer(handle: FileHandle, stream: SealedStream): Sealer {
  const held = new Uint8Array(CHUNK_OCTETS);
  let used = 0;
  let total = 0;
  const flush = async (last: boolean): Promise<void> => {
    const sealed = stream.seal(held.subarray(0, used), last);
    used = 0;
    total += sealed.length;
    await handle.writeFile(sealed);
  };
  return {
    async write(octets) {
      for (let at = 0; at < octets.length; ) {
        // A full chunk is written when the next octet comes: until then it may be the last one.
        if (used === CHUNK_OCTETS) await flush(false);
        const some = octets.subarray(at, at + CHUNK_OCTETS - used);
        held.set(some, used);
        used += some.length;
        at += some.length;
      }
    },
    async end() {
      await flush(true);
      return total;
    },
  };
}
