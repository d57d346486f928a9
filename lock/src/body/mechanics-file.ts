import { readFile } from 'node:fs/promises';
import { writeFileDurably } from '@cardea/kit-node';
import { decodeMechanics, encodeMechanics, type Mechanics } from './mechanics.ts';

/** Where the mechanics of a virtual lock stay while its process does not run. */
export interface MechanicsFile {
  /** What was kept; undefined for a new lock. */
  readonly found: Mechanics | undefined;
  /** Keeps what is now; of several in a row the last. */
  keep(mechanics: Mechanics): void;
  /** Resolves when the last is written. @throws the system's error when one could not be */
  close(): Promise<void>;
}

/**
 * Opens a mechanics file (mode 0600), which need not be there. It stands for metal: it is no part of the lock's flash, and
 * holds nothing secret. @throws VirtualLockError `mechanics_corrupt`
 */
export async function openMechanicsFile(path: string): Promise<MechanicsFile> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return undefined;
  });
  let kept = text;
  let wanted = text;
  let failure: unknown;
  let writing: Promise<void> | undefined;
  const write = async (): Promise<void> => {
    while (wanted !== undefined && wanted !== kept && failure === undefined) {
      const next = wanted;
      try {
        await writeFileDurably(path, next);
        kept = next;
      } catch (error) {
        failure = error;
      }
    }
    writing = undefined;
  };
  return {
    found: text === undefined ? undefined : decodeMechanics(text, path),
    keep(mechanics) {
      wanted = encodeMechanics(mechanics);
      writing ??= write();
    },
    async close() {
      await writing;
      if (failure !== undefined) throw failure;
    },
  };
}
