import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createEnvelope, EnvelopeError, type EnvelopeErrorCode } from '@cardea/kit-node';
import { type OpenStore, openStore, StoreError, type StoreErrorCode } from '@cardea/server-store';
import { backUpBeforeUpgrade, noteFormat, remedyForNewer } from './backup/upgrade.ts';
import type { ServerConfig } from './config.ts';
import { ServerError } from './errors.ts';

/** File name of the record in the server's folder. */
export const RECORD = 'cardea.db';

/**
 * The record in the server's `folder`, held by this process alone; `broken` is told once when it has failed and the server
 * has to end. A record of an older schema is brought up to date, after a backup of it was kept in the folder, and `upgraded`
 * is told. @throws ServerError `record`
 */
export async function openRecord(
  folder: string,
  broken: (error: ServerError) => void = () => {},
  upgraded: (fromSchema: number) => void = () => {},
): Promise<OpenStore> {
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
    const upgradedFrom = await backUpBeforeUpgrade(folder);
    const store = openStore({
      file,
      envelope: await createEnvelope(keyFile),
      broken: (error) =>
        broken(
          new ServerError(
            'record',
            `${file}: ${error.message}`,
            'the server ends; look after the disk, and if this comes again restore the newest backup with `cardea restore`',
          ),
        ),
    });
    await noteFormat(folder);
    if (upgradedFrom !== undefined) upgraded(upgradedFrom);
    return store;
  } catch (error) {
    if (error instanceof StoreError || error instanceof EnvelopeError) {
      throw new ServerError('record', error.message, remedyFor(error.code, folder));
    }
    throw error;
  }
}

function remedyFor(code: StoreErrorCode | EnvelopeErrorCode, folder: string): string {
  if (code === 'damaged') return 'restore the newest backup with `cardea restore`';
  if (code === 'newer_database') return remedyForNewer(folder);
  return 'see the folder named, or take another with --data DIR';
}

/** Address of the API by the server's public name. */
export function urlOf({ publicHost, publicUrl }: ServerConfig, port: number): string {
  return publicUrl ?? `https://${bracketed(publicHost)}:${port}`;
}

const EVERY_ADDRESS = ['0.0.0.0', '::'];

/**
 * Address for the command line of this machine. With a public URL it goes to this machine's own address all the same: that
 * works without the name's DNS, and under the local authority's certificate.
 */
export function localUrlOf(config: ServerConfig, port: number): string {
  if (config.publicUrl === undefined || config.tlsCertFile !== undefined) return urlOf(config, port);
  const { host } = config;
  return `https://${EVERY_ADDRESS.includes(host) || host === '127.0.0.1' ? 'localhost' : bracketed(host)}:${port}`;
}

const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host);
