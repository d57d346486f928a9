import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

let temporaryNames = 0;

/**
 * Replaces a file as a whole: after the promise resolves the new content survives a power cut, before it the old one is
 * untouched. Written beside it, synced, renamed, the folder synced. `mode` is set from the first octet on.
 */
export async function writeFileDurably(path: string, octets: Uint8Array | string, mode = 0o600): Promise<void> {
  const temporary = `${path}.${process.pid}-${temporaryNames++}.tmp`;
  try {
    const file = await open(temporary, 'wx', mode);
    try {
      // The process's umask may have taken bits away from the mode that open was given.
      await file.chmod(mode);
      await file.writeFile(octets);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Makes the names in a folder durable. Windows cannot open a folder and does it itself. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
