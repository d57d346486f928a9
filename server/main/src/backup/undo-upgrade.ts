import { join } from 'node:path';
import { StoreError } from '@cardea/server-store';
import { ServerError } from '../errors.ts';
import { openRecord } from '../open.ts';
import { KEY_PART } from './manifest.ts';
import { type Restored, restoreBackup } from './restore.ts';
import { finishSwap } from './swap.ts';
import { newestBefore, schemasOf } from './upgrade.ts';

/**
 * Brings the record of a stopped server up to date, as its start would. Answers the schema before and after.
 * @throws ServerError `record`, `folder`
 */
export async function upgradeRecord(dataDir: string): Promise<{ readonly from: number; readonly to: number }> {
  const folder = join(dataDir, 'ras');
  await finishSwap(dataDir);
  try {
    const { record, program } = schemasOf(folder);
    await (await openRecord(folder)).close();
    return { from: record, to: program };
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    if (error.code === 'in_use') throw new ServerError('folder', `a server runs on ${folder}`, 'stop it first');
    throw new ServerError('record', error.message, 'restore the newest backup with `cardea restore`');
  }
}

/**
 * Lays the backup that the last upgrade kept in the place of the server's folder, which is moved aside: for the program
 * of before. What happened since the upgrade is in the folder aside alone. @throws ServerError `backup`, `folder`
 */
export async function undoUpgrade(dataDir: string): Promise<Restored> {
  const folder = join(dataDir, 'ras');
  await finishSwap(dataDir);
  const before = newestBefore(folder);
  if (before === undefined) {
    throw new ServerError(
      'backup',
      `there is no backup of before an upgrade in ${folder}`,
      'restore another with `cardea restore`',
    );
  }
  return restoreBackup({
    file: before.file,
    dataDir,
    force: true,
    passphrase: async () => {
      throw new Error('a backup of before an upgrade is made without a passphrase');
    },
    envelopeKeyFile: join(folder, KEY_PART),
  });
}
