import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fetchTrusting, readProfile } from '@cardea/client-cli';
import { ApiProblem, type Client, createClient } from '@cardea/client-sdk';
import { createBackup, restoreBackup, runServer } from '@cardea/server-main';
import type { Trial } from '../attack.ts';

/**
 * An old backup is restored: a token that was revoked after it was made, and one that was good when it was made, stay out.
 * As the weak double the folder of the record is put back as it was.
 */
export async function oldBackup(weak: boolean): Promise<readonly Trial[]> {
  const dataDir = mkdtempSync(join(tmpdir(), 'cardea-attack-27-'));
  const file = join(dataDir, 'old.cardea-backup');
  const copy = join(dataDir, 'copy');
  const folder = join(dataDir, 'ras');
  const start = () =>
    runServer({
      dataDir,
      flags: { port: 0, xmppPort: 0 },
      environment: {},
      logTo: { kind: 'file', path: join(dataDir, 'log') },
    });
  try {
    let server = await start();
    const { url, token, caFile = '' } = readProfile(join(dataDir, 'cli.json'));
    const client = createClient({ url, token, fetch: fetchTrusting(caFile) });
    const make = (name: string) => client.tokens.create({ name, scopes: ['estate:read'], expires_in_s: 3_600 });
    const [revoked, kept] = [await make('revoked afterwards'), await make('kept')];
    if (weak) {
      await server.stop();
      cpSync(folder, copy, { recursive: true });
      server = await start();
    } else await createBackup({ dataDir, target: file, passphrase: undefined });
    await by(server.url, caFile, token).tokens.remove(revoked.token.id);
    const workedBefore = await isGood(by(server.url, caFile, kept.secret));
    await server.stop();

    if (weak) {
      rmSync(folder, { recursive: true });
      cpSync(copy, folder, { recursive: true });
    } else {
      const passphrase = () => Promise.reject(new Error('the backup was made without one'));
      const envelopeKeyFile = join(folder, 'envelope.key');
      await restoreBackup({ dataDir, file, passphrase, envelopeKeyFile, force: true });
    }
    server = await start();
    try {
      return [
        {
          name: 'a token that was revoked after the backup is good again once it is restored',
          through: await isGood(by(server.url, caFile, revoked.secret)),
        },
        {
          name: 'a token of before the backup is good without being asked for anew',
          through: await isGood(by(server.url, caFile, kept.secret)),
        },
        { name: 'no token was good before (then the trials above show nothing)', through: !workedBefore },
      ];
    } finally {
      await server.stop();
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function by(url: string, caFile: string, token: string): Client {
  return createClient({ url, token, fetch: fetchTrusting(caFile) });
}

async function isGood(client: Client): Promise<boolean> {
  try {
    await client.me();
    return true;
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 401) return false;
    throw error;
  }
}
