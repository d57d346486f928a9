import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isPartName, KEY_PART, RECORD_PART } from './manifest.ts';
import type { SourceFile } from './write-backup.ts';

/** Ends of names that are no part of an installation: what is being written, and backups themselves. */
const PASSING = ['.tmp', '.sock', '.cardea-backup', '.db', '.db-wal', '.db-shm', '.db-journal'];
/** What a restore leaves for the next start. */
export const RESTORED = 'restored.json';
const DEEPEST = 4;

/** The files of an installation beside its record: configuration, certificates, keys. */
export interface Sources {
  readonly files: readonly SourceFile[];
  /** Files whose names no backup takes. */
  readonly leftOut: readonly string[];
}

/** What of the server's `folder` goes into a backup beside the record, which is copied apart, in the order of names. */
export async function sourcesIn(folder: string, options: { readonly keys: boolean }): Promise<Sources> {
  const files: SourceFile[] = [];
  const leftOut: string[] = [];
  const look = async (below: string, depth: number): Promise<void> => {
    const entries = await readdir(join(folder, below), { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const name = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory() && depth < DEEPEST) await look(name, depth + 1);
      if (!entry.isFile() || PASSING.some((end) => name.endsWith(end)) || name === RESTORED) continue;
      if (name === KEY_PART && !options.keys) continue;
      if (name !== RECORD_PART && isPartName(name)) files.push({ name, path: join(folder, name) });
      else leftOut.push(name);
    }
  };
  await look('', 1);
  return { files, leftOut };
}
