import { pbkdf2Sync, scrypt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createEnvelope, type Envelope, nodeKeyAgreement, nodePrimitives } from '@cardea/kit-node';
import { equal } from '@cardea/kit-octets';
import { type Clock, type Log, type Random, Secret, silentLog } from '@cardea/kit-runtime';
import {
  type Actor,
  type Core,
  type CoreOptions,
  type CorePorts,
  createCore,
  type Store,
  type Uplink,
} from '@cardea/server-core';
import { openStore } from '@cardea/server-store';
import { createXmppDoor, type XmppDoor } from '@cardea/server-xmpp';
import { scramVerifier } from '@cardea/wire-xmpp';

/** The domain of the twin's gateways. */
export const TWIN_DOMAIN = 'twin.cardea.invalid';

/** The RAS of the twin: the product's core, its SQLite store (in memory) and its XMPP door, without sockets. */
export interface TwinRas {
  /** The core of the process that runs now. */
  readonly core: Core;
  readonly store: Store;
  readonly door: XmppDoor;
  /** The owner of its one organization, signed in. */
  readonly owner: Actor;
  /**
   * Ends the RAS's process and starts another over the same record, to which `whileDown` may have done something. Gateways
   * have to sign in again.
   */
  restart(whileDown?: (store: Store) => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

export interface TwinRasOptions extends CoreOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly log?: Log;
  /** Stands in for the XMPP door: an attacker's way to the core. */
  readonly uplink?: Uplink;
  /** Stands between core and record: an attacker's view of what is asked of it, or a store with a fault. */
  readonly throughStore?: (store: Store) => Store;
  /** Stands before the passwords: who counts how many are looked at, or a check with a fault. */
  readonly throughPasswords?: (passwords: CorePorts['passwords']) => CorePorts['passwords'];
  /** Ways to people and their second factors; without them nobody registers, and a password is all. */
  readonly people?: Pick<CorePorts, 'notifier' | 'secondFactors' | 'passkeys' | 'origins'>;
}

/** Starts a RAS with one organization, its owner signed in. */
export async function createTwinRas(options: TwinRasOptions): Promise<TwinRas> {
  const { clock, random, log = silentLog } = options;
  const opened = openStore({ file: ':memory:', envelope: await passingEnvelope(), clock, turn: queueMicrotask });
  const store = options.throughStore?.(opened) ?? opened;
  let core: Core | undefined;
  const use = (): Core => {
    if (core === undefined) throw new Error('the core is not there yet');
    return core;
  };
  const door = createXmppDoor({
    core: {
      verifier: (gatewayId) => use().uplink.verifier(gatewayId),
      online: (gatewayId) => use().uplink.online(gatewayId),
      received: (gatewayId, message) => use().uplink.received(gatewayId, message),
      offline: (gatewayId, reason) => use().uplink.offline(gatewayId, reason),
      lost: (gatewayId, reason) => use().uplink.lost(gatewayId, reason),
    },
    domain: TWIN_DOMAIN,
    primitives: nodePrimitives,
    random,
    clock,
    log,
  });
  const ports: CorePorts = {
    store,
    clock,
    random,
    log,
    primitives: nodePrimitives,
    keys: nodeKeyAgreement,
    passwords: options.throughPasswords?.(cheapPasswords) ?? cheapPasswords,
    scram: {
      derive: async (password, salt, iterations) =>
        scramVerifier(nodePrimitives, stretch(password, salt, iterations), salt, iterations),
    },
    uplink: options.uplink ?? door.uplink,
    ...options.people,
  };
  let running = createCore(ports, options);
  core = running;
  const password = new Secret('a long password of the twin');
  await running.access.found({ organization: 'Twin', name: 'Owner', email: 'owner@twin.cardea.invalid', password });
  await running.start();
  const signedIn = await running.access.signIn('owner@twin.cardea.invalid', password, 'twin');
  const fresh = await running.access.authenticate(signedIn.token);
  const changed = new Secret('another long passphrase here');
  await running.access.changePassword(fresh, password, changed);
  const again = await running.access.signIn('owner@twin.cardea.invalid', changed, 'twin');
  const owner = await running.access.authenticate(again.token);
  return {
    get core() {
      return running;
    },
    store,
    door,
    owner,
    async restart(whileDown) {
      door.close();
      await running.stop();
      await whileDown?.(store);
      running = createCore(ports, options);
      core = running;
      await running.start();
    },
    async stop() {
      door.close();
      await running.stop();
      await store.close();
    },
  };
}

/** PBKDF2 for both ends of an uplink; at once, for virtual time does not wait for a thread pool. */
export function stretch(password: Secret<string>, salt: Uint8Array, iterations: number): Uint8Array {
  return new Uint8Array(pbkdf2Sync(password.reveal(), salt, iterations, 32, 'sha256'));
}

/** The product's envelope with a key that nobody keeps: the database is in memory. */
async function passingEnvelope(): Promise<Envelope> {
  const folder = mkdtempSync(join(tmpdir(), 'cardea-twin-'));
  try {
    return await createEnvelope(join(folder, 'envelope.key'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const derive = promisify(scrypt) as (
  password: string,
  salt: string,
  sizeOctets: number,
  cost: { readonly N: number },
) => Promise<Buffer>;
const LEAST = { N: 2 };

/** A salted hash of the least cost: the twin's one account guards nothing. */
const cheapPasswords: CorePorts['passwords'] = {
  hash: async (password) => `twin$${(await derive(password.reveal(), 'twin', 16, LEAST)).toString('hex')}`,
  verify: async (hash, password) => {
    const made = `twin$${(await derive(password.reveal(), 'twin', 16, LEAST)).toString('hex')}`;
    return hash !== undefined && equal(Buffer.from(hash), Buffer.from(made));
  },
};
