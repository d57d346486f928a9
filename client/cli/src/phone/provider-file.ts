import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ProviderLockKey, ProviderWayParts } from '@cardea/client-key';
import { writeFileDurably } from '@cardea/kit-node';
import { fromHex, toHex } from '@cardea/kit-octets';
import { Secret } from '@cardea/kit-runtime';
import { ALGORITHM } from '@cardea/wire-scpm';
import { CliError } from '../errors.ts';

/**
 * What `cardea domain provider add` handed out: {key_index, locks: [{lock, address, version, algorithm, key}]}. Mode 0600.
 * @throws CliError `refused`, `usage`
 */
export function readProviderFile(file: string): readonly ProviderLockKey[] {
  const remedy = 'hand it out anew: cardea domain provider add NAME --locks ... --out FILE';
  if (!existsSync(file)) throw new CliError('usage', `--provider: there is no file ${file}`, { remedy });
  if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0) {
    throw new CliError('refused', `others may read ${file}, which holds keys`, { remedy: `chmod 600 ${file}` });
  }
  try {
    return keysOf(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // Not even the reason: what is in the file is secret.
    throw new CliError('usage', `--provider: ${file} holds no keys of a service provider`, { remedy });
  }
}

function keysOf(content: unknown): readonly ProviderLockKey[] {
  const { key_index: keyIndex, locks } = content as { key_index: number; locks: Record<string, unknown>[] };
  return locks.map(({ lock, address, version, algorithm, key }) => {
    const secret = fromHex(String(key));
    const device = fromHex(String(address));
    const fits = secret.length === 16 && (device.length === 6 || device.length === 2) && Number.isInteger(version);
    if (!fits || !Number.isInteger(keyIndex) || typeof lock !== 'string') throw new TypeError('not a key');
    const id = algorithm === 'ccm' ? ALGORITHM.ccm : ALGORITHM.cbc;
    return { lock, device, keyIndex, version: Number(version), algorithm: id, key: new Secret(secret) };
  });
}

/** What a provider's node keeps of its locks, in the folder of the phone: numbers that were used, nothing secret. */
export function providerStore(folder: string): ProviderWayParts['store'] {
  const fileOf = (lock: string): string => join(folder, `scpm-${lock}.hex`);
  return {
    load: async (lock) => (existsSync(fileOf(lock)) ? fromHex(readFileSync(fileOf(lock), 'utf8').trim()) : undefined),
    save: (lock, octets) => writeFileDurably(fileOf(lock), `${toHex(octets)}\n`),
  };
}
