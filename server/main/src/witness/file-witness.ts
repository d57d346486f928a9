import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from '@cardea/kit-node';
import type { Witness } from '@cardea/server-core';
import { encodeExportLine } from '@cardea/wire-audit';

/**
 * A witness that is a file, only ever appended to, best on a medium that this machine cannot take back: a line a head, as
 * they stand in an export. `cardea audit witness FILE` holds the log to it.
 */
export function fileWitness(path: string): Witness {
  return {
    name: 'file',
    async give({ note }) {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const file = await open(path, 'a+', 0o600);
      try {
        // A write that a power cut ended stays a line of its own: nothing is ever taken out of the file.
        const torn = await endsWithinLine(file);
        await file.appendFile(`${torn ? '\n' : ''}${encodeExportLine({ kind: 'head', note })}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
      await syncFolder(dirname(path));
      return path;
    },
  };
}

async function endsWithinLine(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat();
  if (size === 0) return false;
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] !== 0x0a;
}
