import { mkdir, open } from 'node:fs/promises';
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
      const file = await open(path, 'a', 0o600);
      try {
        await file.writeFile(`${encodeExportLine({ kind: 'head', note })}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
      await syncFolder(dirname(path));
      return path;
    },
  };
}
