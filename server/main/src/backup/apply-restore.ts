import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from '@cardea/kit-node';
import { type CorePorts, recordRestore } from '@cardea/server-core';
import { ServerError } from '../errors.ts';
import { RESTORED } from './sources.ts';

/**
 * The first thing that a server does with a record that a restore has laid in place, before any door is open: withdraws
 * what must not come back, and says in the record that it was restored. A second time, after a crash, changes nothing.
 * @throws ServerError `record`
 */
export async function applyRestore(folder: string, ports: CorePorts): Promise<void> {
  const path = join(folder, RESTORED);
  if (!existsSync(path)) return;
  const mark: unknown = JSON.parse(readFileSync(path, 'utf8'));
  const { id, backup_made_at, former_heads }: Readonly<Record<string, unknown>> =
    typeof mark === 'object' && mark !== null ? { ...mark } : {};
  if (typeof id !== 'string' || !/^rst_[0-9a-f]{32}$/.test(id) || typeof backup_made_at !== 'number') {
    throw new ServerError('record', `${path} is not what a restore writes`, 'restore the backup again');
  }
  const restore = await recordRestore(ports, {
    id,
    backupMadeAt: backup_made_at,
    formerHeads: headsOf(former_heads),
  });
  ports.log.warn('the record came back from a backup: sessions and API tokens are withdrawn', {
    backupMadeAt: new Date(restore.backupMadeAt).toISOString(),
    generationFloor: restore.generationFloor,
  });
  await rm(path);
  await syncFolder(folder);
}

function headsOf(value: unknown): ReadonlyMap<string, string> {
  const entries = typeof value === 'object' && value !== null ? Object.entries<unknown>({ ...value }) : [];
  return new Map(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}
