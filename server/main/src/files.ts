import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { ServerError } from './errors.ts';

/** Makes `folder` (mode 0700) if it is not there. @throws ServerError `folder` when it cannot be made or written to */
export function ensureFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (!statSync(folder).isDirectory()) throw new Error('it is not a folder');
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ServerError(
      'folder',
      `the data folder ${folder} cannot be used (${reason})`,
      'choose another with --data DIR, or give this user the right to write there',
    );
  }
}
