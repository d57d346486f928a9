import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEnvelope, createLog } from '@cardea/kit-node';
import { type Log, type LogFields, Secret } from '@cardea/kit-runtime';
import { type Envelope, openStore } from '@cardea/server-store';
import type { Artefact, Canary } from './search.ts';

/** The two places where a secret is taken for something that may be written: a log and a record. */
export interface Written {
  readonly canaries: readonly Canary[];
  readonly artefacts: readonly Artefact[];
}

/** Hands secrets to a log and to a record: the product's, or the weak doubles of both. */
export async function writeSecrets(weak: boolean): Promise<Written> {
  const folder = mkdtempSync(join(tmpdir(), 'cardea-secrets-'));
  try {
    const canaries: Canary[] = [];
    const plant = (name: string, octets: Uint8Array): Uint8Array => {
      canaries.push({ name, octets });
      return octets;
    };
    const lines = join(folder, 'log');
    const bare: string[] = [];
    const log = weak ? bareLog(bare) : createLog('server', 'debug', { kind: 'file', path: lines });
    careless(log, plant);
    const logged = weak ? Buffer.from(bare.join('\n')) : readFileSync(lines);

    const file = join(folder, 'cardea.db');
    const envelope = weak ? open : await createEnvelope(join(folder, 'envelope.key'));
    await record(file, envelope, plant);
    return {
      canaries,
      artefacts: [
        { name: 'a log that is handed secrets', octets: logged },
        { name: 'a record with keys in it', octets: readFileSync(file) },
      ],
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A logger that writes what it is given. */
function bareLog(lines: string[]): Log {
  const line = (message: string, fields: LogFields = {}): void => {
    lines.push(JSON.stringify({ message, ...fields }));
  };
  return { debug: line, info: line, warn: line, error: line };
}

/** An envelope that seals nothing. */
const open: Envelope = {
  seal: (secret) => secret.reveal(),
  open: (sealed) => new Secret(sealed),
};

/** Lines as a programmer in a hurry writes them. */
function careless(log: Log, plant: (name: string, octets: Uint8Array) => Uint8Array): void {
  const text = (name: string, prefix = ''): string => {
    const secret = `${prefix}${randomBytes(18).toString('base64url')}`;
    plant(name, Buffer.from(secret));
    return secret;
  };
  const hex = (name: string): string => Buffer.from(plant(name, randomBytes(16))).toString('hex');
  log.debug('request', { method: 'POST', authorization: `Bearer ${text('bearer of a request', 'cs_')}` });
  log.debug('signing in', { email: 'a@b.example', password: text('password of a sign-in') });
  log.info(`GET /v1/me?access_token=${text('token in an address', 'ct_')} 200`);
  log.warn('a peer said', { text: `Authorization: Bearer ${text('bearer in a message of a peer')}` });
  log.warn('enrolled', { enrolment_token: text('enrolment token', 'ce_'), gateway_id: 'gw_1' });
  log.error('a key did not fit', { factoryKey: hex('factory key'), binding_key: hex('binding key') });
  const scalar = plant('private key in a message', randomBytes(32));
  const pem = `-----BEGIN PRIVATE KEY-----\n${Buffer.from(scalar).toString('base64')}\n-----END PRIVATE KEY-----`;
  log.error(`the certificate does not fit its key: ${pem}`);
}

async function record(
  file: string,
  envelope: Envelope,
  plant: (name: string, octets: Uint8Array) => Uint8Array,
): Promise<void> {
  const store = openStore({ file, envelope });
  await store.unit(async (tx) => {
    await tx.organizations.insert({ id: 'org_a', name: 'A', createdAt: 1 });
    await tx.locks.insert({
      id: 'lock_1',
      organizationId: 'org_a',
      identifier: 'C0FFEE000001',
      maker: 'cardea',
      model: 'm',
      bluetooth: '5.0',
      state: 'bound',
      createdAt: 1,
    });
    await tx.locks.setFactoryKey('lock_1', new Secret(plant('factory key on record', randomBytes(16))));
    await tx.locks.setBinding('lock_1', {
      keyVersion: 1,
      resetCount: 0,
      active: new Secret(plant('binding key on record', randomBytes(16))),
      pending: undefined,
    });
  });
  await store.close();
}
