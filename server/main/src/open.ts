import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createEnvelope, EnvelopeError } from '@cardea/kit-node';
import type { Log } from '@cardea/kit-runtime';
import type { Store } from '@cardea/server-core';
import { openStore, StoreError } from '@cardea/server-store';
import type { ServerConfig } from './config.ts';
import { ServerError } from './errors.ts';
import { localIdentity, type ServerIdentity, serverNames } from './tls/authority.ts';
import { configuredIdentity } from './tls/configured.ts';

/** File name of the record in the server's folder. */
export const RECORD = 'cardea.db';

/**
 * The record in the server's `folder`, held by this process alone; `broken` is told once when it has failed and the server
 * has to end. @throws ServerError `record`
 */
export async function openRecord(folder: string, broken: (error: ServerError) => void = () => {}): Promise<Store> {
  const file = join(folder, RECORD);
  const keyFile = join(folder, 'envelope.key');
  if (existsSync(file) && !existsSync(keyFile)) {
    // A new key would open nothing of what is there, and would hide that the old one is wanted.
    throw new ServerError(
      'record',
      `${keyFile} is missing: without it the keys of the locks in ${file} do not open`,
      'put it back from its backup',
    );
  }
  try {
    return openStore({
      file,
      envelope: await createEnvelope(keyFile),
      broken: (error) => broken(new ServerError('record', error.message, 'it ends, to be started again')),
    });
  } catch (error) {
    if (error instanceof StoreError || error instanceof EnvelopeError) {
      throw new ServerError(
        'record',
        error.message,
        error.code === 'damaged'
          ? 'restore the newest backup with `cardea restore`'
          : 'see the folder named, or take another with --data DIR',
      );
    }
    throw error;
  }
}

/** What the server shows by TLS: the operator's own certificate, or one of the local authority in `folder`. */
export async function identityOf(config: ServerConfig, folder: string, log: Log): Promise<ServerIdentity> {
  const nowMs = Date.now();
  if (config.tlsCertFile !== undefined && config.tlsKeyFile !== undefined) {
    return configuredIdentity(config.tlsCertFile, config.tlsKeyFile, config.publicHost, nowMs);
  }
  const identity = await localIdentity(join(folder, 'tls'), serverNames(config.publicHost), nowMs);
  if (identity.made.includes('authority'))
    log.warn('a new local authority was made: clients have to trust it', { file: identity.authorityFile });
  return identity;
}

/** Address of the API by the server's public name. */
export function urlOf({ publicHost }: ServerConfig, port: number): string {
  return `https://${publicHost.includes(':') ? `[${publicHost}]` : publicHost}:${port}`;
}
