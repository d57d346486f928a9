import { type FileHandle, open } from 'node:fs/promises';
import { writeFileDurably } from '@cardea/kit-node';
import { VirtualLockError } from '../errors.ts';
import { ERASED, enlarged, type Flash, type FlashSize, LOCK_FLASH } from './flash.ts';

/** A flash of two banks of 32 kB, as it was before locks kept access rights. */
const FORMER_SIZE_OCTETS = 65_536;

interface Write {
  readonly address: number;
  readonly octets: Uint8Array;
}

/** A flash in a file. */
export interface FileFlash extends Flash {
  close(): Promise<void>;
}

/**
 * Opens a flash that lives in a file of exactly its size (mode 0600), made erased when it is not there. A file of the size
 * that a lock's flash had before is enlarged: whole or not at all. Writes go to the
 * file in the order in which they were made; `flush` ends with the file synced, one sync for all that wait.
 * @throws VirtualLockError `flash_corrupt` (another size), `flash_unreadable`
 */
export async function openFileFlash(
  path: string,
  { sectorOctets, sectors }: FlashSize = LOCK_FLASH,
): Promise<FileFlash> {
  const size = sectorOctets * sectors;
  const { file, cells } = await openFile(path, size);
  let waiting: (Write | 'barrier')[] = [];
  let flushing: Promise<void> | undefined;
  let failure: unknown;

  const write = (address: number, octets: Uint8Array): void => {
    cells.set(octets, address);
    waiting.push({ address, octets });
  };
  const flushOnce = async (): Promise<void> => {
    // A failed write or sync is not tried again: what the medium then holds is not known.
    if (failure !== undefined) throw failure;
    const writes = waiting;
    waiting = [];
    try {
      for (const write of writes) {
        if (write === 'barrier') await file.datasync();
        else await file.write(write.octets, 0, write.octets.length, write.address);
      }
      if (writes.length > 0) await file.datasync();
    } catch (error) {
      failure = error;
      throw error;
    }
  };
  const flush = (): Promise<void> => {
    const after = (flushing ?? Promise.resolve()).then(flushOnce);
    flushing = after;
    return after;
  };

  return {
    sectorOctets,
    sectors,
    read: (address, sizeOctets) => cells.slice(address, address + sizeOctets),
    write: (address, octets) =>
      write(
        address,
        octets.map((octet, at) => octet & (cells[address + at] ?? ERASED)),
      ),
    erase: (sector) => write(sector * sectorOctets, new Uint8Array(sectorOctets).fill(ERASED)),
    barrier: () => waiting.push('barrier'),
    flush,
    async close() {
      await flush();
      await file.close();
    },
  };
}

async function openFile(path: string, size: number): Promise<{ file: FileHandle; cells: Uint8Array }> {
  try {
    const file = await open(path, 'r+').catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      return open(path, 'wx+', 0o600);
    });
    const found = new Uint8Array(await file.readFile());
    if (found.length === size) return { file, cells: found };
    if (found.length === 0) {
      const cells = new Uint8Array(size).fill(ERASED);
      await file.write(cells, 0, size, 0);
      await file.sync();
      return { file, cells };
    }
    await file.close();
    if (found.length === FORMER_SIZE_OCTETS) {
      await writeFileDurably(path, enlarged(found, size));
      return openFile(path, size);
    }
    throw new VirtualLockError('flash_corrupt', `${path}: has ${found.length} octets instead of ${size}`);
  } catch (error) {
    if (error instanceof VirtualLockError) throw error;
    throw new VirtualLockError(
      'flash_unreadable',
      `${path}: ${error instanceof Error ? error.message : 'cannot be read'}`,
    );
  }
}
