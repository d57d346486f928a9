// A measured server in a process of its own: the product's record, core and doors, told over IPC what to be and asked
// what it has used. Run with --expose-gc.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readProfile } from '@cardea/client-cli';
import { createEnvelope, nodeKeyAgreement, nodePrimitives, systemClock, systemRandom } from '@cardea/kit-node';
import { silentLog } from '@cardea/kit-runtime';
import { type Core, createCore, type Store } from '@cardea/server-core';
import { createHttpDoor, idempotencyIn } from '@cardea/server-http';
import { loadWebApps, runServer } from '@cardea/server-main';
import { openStore } from '@cardea/server-store';
import { createXmppDoor, listenXmpp } from '@cardea/server-xmpp';
import { planFleet } from '../fleet/plan.ts';
import { createBareLookup } from './bare-lookup.ts';
import type { FromRas, RasAddress, ToRas, Usage } from './messages.ts';
import { seedFleet } from './seed.ts';
import { storeOf } from './store-kinds.ts';

const DOMAIN = 'localhost';
/** No figure here is about being refused. */
const NO_LIMIT = { capacity: 1e9, refillPerS: 1e9 };

let store: Store | undefined;
const ends: (() => Promise<void> | void)[] = [];

process.on('message', (message: ToRas) => {
  handle(message).catch((error: unknown) => {
    tell({ kind: 'failed', reason: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  });
});
process.on('disconnect', () => process.exit(0));

function tell(message: FromRas): void {
  process.send?.(message);
}

async function handle(message: ToRas): Promise<void> {
  switch (message.kind) {
    case 'start':
      tell({ kind: 'ready', ...(await start(message)) });
      return;
    case 'usage':
      if (message.gc) globalThis.gc?.();
      tell({ kind: 'usage', ...usage() });
      return;
    case 'stop':
      for (const end of ends.reverse()) await end();
      process.disconnect();
  }
}

function usage(): Usage {
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed } = process.memoryUsage();
  return { cpuUs: user + system, rssKb: rss / 1024, heapKb: heapUsed / 1024, commits: store?.commits ?? 0 };
}

/** Founds an estate in the folder as the product does, puts the fleet into its record, and serves it. */
async function start({ folder, store: kind, fleet }: Extract<ToRas, { kind: 'start' }>): Promise<RasAddress> {
  const clock = systemClock();
  const founding = await runServer({
    dataDir: folder,
    flags: { port: 0, xmppPort: 0, logLevel: 'error' },
    environment: {},
  });
  const caFile = founding.caFile ?? '';
  await founding.stop();
  const profile = readProfile(join(folder, 'cli.json'));

  const ras = join(folder, 'ras');
  const record = openStore({ file: join(ras, 'cardea.db'), envelope: await createEnvelope(join(ras, 'envelope.key')) });
  await seedFleet(record, planFleet(fleet), clock.now(), fleet);
  store = storeOf(kind, record);
  const certFile = join(ras, 'tls', 'server.pem');
  const keyFile = join(ras, 'tls', 'server.key');
  const tls = { cert: readFileSync(certFile), key: readFileSync(keyFile) };

  let core: Core | undefined;
  const uplink = (): Core['uplink'] => {
    if (core === undefined) throw new Error('a gateway came before the core was made');
    return core.uplink;
  };
  const door = createXmppDoor({
    core: {
      verifier: (id) => uplink().verifier(id),
      online: (id) => uplink().online(id),
      received: (id, message) => uplink().received(id, message),
      offline: (id, reason) => uplink().offline(id, reason),
      lost: (id, reason) => uplink().lost(id, reason),
    },
    domain: DOMAIN,
    primitives: nodePrimitives,
    random: systemRandom,
    clock,
    log: silentLog,
    connectionsMax: 10_000,
  });
  const unused = (): never => {
    throw new Error('nobody signs in by password here');
  };
  core = createCore({
    store,
    clock,
    random: systemRandom,
    primitives: nodePrimitives,
    keys: nodeKeyAgreement,
    passwords: { hash: unused, verify: unused },
    scram: { derive: unused },
    uplink: door.uplink,
    log: silentLog,
  });
  await core.start();
  const xmpp = await listenXmpp({ tls, host: '127.0.0.1', port: 0, door, log: silentLog });
  const web = loadWebApps(fileURLToPath(new URL('../../../dist', import.meta.url)));
  const http = createHttpDoor({
    core,
    clock,
    random: systemRandom,
    log: silentLog,
    idempotency: idempotencyIn(store),
    xmppAddress: () => ({ host: DOMAIN, port: xmpp.port, domain: DOMAIN }),
    tls,
    version: '0',
    web: () => web,
    limits: { perAddress: NO_LIMIT, strangers: NO_LIMIT, perToken: NO_LIMIT },
  });
  await http.listen({ host: '127.0.0.1', port: 0 });
  const bare = createServer(tls, createBareLookup(store));
  await new Promise<void>((resolve) => bare.listen(0, '127.0.0.1', resolve));

  const kept = store;
  const running = core;
  ends.push(
    () => kept.close(),
    () => running.stop(),
    () => xmpp.close(),
    () => door.close(),
    () => void bare.close(),
    () => http.close(),
  );
  const httpPort = (http.server.address() as AddressInfo).port;
  return {
    url: `https://${DOMAIN}:${httpPort}`,
    httpPort,
    xmppPort: xmpp.port,
    barePort: (bare.address() as AddressInfo).port,
    domain: DOMAIN,
    ca: readFileSync(caFile, 'utf8'),
    caFile,
    certFile,
    keyFile,
    token: profile.token,
  };
}
