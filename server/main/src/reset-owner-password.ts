import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { nodeKeyAgreement, nodePrimitives, systemClock, systemRandom } from '@cardea/kit-node';
import { silentLog } from '@cardea/kit-runtime';
import { type CorePorts, createCore, resetPassword } from '@cardea/server-core';
import { readConfig } from './config.ts';
import { ServerError } from './errors.ts';
import { type FirstOwner, firstOwner, generatePassword, signCliIn } from './first-start.ts';
import { localUrlOf, openRecord, RECORD } from './open.ts';
import { createPasswords } from './passwords.ts';
import { scramDerivation } from './scram.ts';
import { usualSource } from './tls/certificates.ts';

/** What {@link resetOwnerPassword} did. */
export interface OwnerReset extends FirstOwner {
  /** The file by which this machine's command line is signed in. */
  readonly profile: string;
  /** Whether it was missing and is written anew. */
  readonly profileWritten: boolean;
}

/**
 * The way back for an operator who has lost the password: gives the owner a generated one, shown once and to be changed
 * at the next sign-in, ends the owner's sessions and writes DATA/cli.json where it is missing. The record is opened
 * directly, so the server must not run. An address with a port that only `--port` told is put right by the next start.
 * @throws ServerError `record` when there is no record, it has no owner, or a server holds it; `config`; `certificate`
 */
export async function resetOwnerPassword(options: {
  readonly dataDir: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
}): Promise<OwnerReset> {
  const folder = join(options.dataDir, 'ras');
  // Opening would make an empty record.
  if (!existsSync(join(folder, RECORD))) {
    throw new ServerError('record', `there is no ${join(folder, RECORD)}`, 'name the data folder with --data DIR');
  }
  const config = readConfig({
    flags: {},
    environment: options.environment ?? process.env,
    file: join(folder, 'config.json'),
  });
  const store = await openRecord(folder);
  try {
    const owner = await firstOwner(store);
    if (owner === undefined) {
      throw new ServerError('record', `the record in ${folder} has no owner yet`, 'start the server: it makes one');
    }
    const ports: CorePorts = {
      store,
      clock: systemClock(),
      random: systemRandom,
      primitives: nodePrimitives,
      keys: nodeKeyAgreement,
      passwords: createPasswords(),
      scram: scramDerivation,
      // The core is not started: no gateway is spoken to.
      uplink: { send: () => false, disconnect() {} },
      log: silentLog,
    };
    const profile = join(options.dataDir, 'cli.json');
    const profileWritten = !existsSync(profile);
    if (profileWritten) {
      const { authorityFile } = await usualSource(config, join(folder, 'tls'), silentLog).read(Date.now());
      const server = { url: localUrlOf(config, config.port), caFile: authorityFile };
      await signCliIn(createCore(ports, {}), store, profile, server, { first: true, log: silentLog });
    }
    // Last, so that what fails above has not used up the one showing of the password.
    const password = generatePassword();
    await resetPassword(ports, owner, password);
    return { email: owner.email, password, profile, profileWritten };
  } finally {
    await store.close();
  }
}
