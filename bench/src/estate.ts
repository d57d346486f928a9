import { pbkdf2 } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { fetchTrusting, readProfile } from '@cardea/client-cli';
import { type Client, createClient } from '@cardea/client-sdk';
import { createGateway, createUplink, openFileJournal, tlsTransport } from '@cardea/gateway';
import { createEnvelope, nodeKeyAgreement, nodePrimitives, systemClock, systemRandom } from '@cardea/kit-node';
import { type Clock, Secret, silentLog } from '@cardea/kit-runtime';
import { createNorFlash, runVirtualLock, type VirtualLock } from '@cardea/lock';
import { runServer } from '@cardea/server-main';
import { buildDemo, parcelOf } from '@cardea/twin-building';
import { cardeaDriver } from '@cardea/wire-lock';
import { maker2Driver } from '@cardea/wire-maker2';
import { createInstantAir } from './instant-radio.ts';

/** A server, a gateway and locks of both makers in this process, on real sockets and files but without radio time. */
export interface BenchEstate {
  readonly client: Client;
  /** Ids of the doors, each with a bound lock. */
  readonly doorIds: readonly string[];
  /** Durable commits of the server's record so far. */
  commits(): number;
  /** The temporary folder that holds everything. */
  readonly folder: string;
  /** What the server shows on its ports, and the authority that signed it: PEM texts. */
  readonly tls: { readonly cert: string; readonly key: string; readonly ca: string };
  stop(): Promise<void>;
}

const stretch = promisify(pbkdf2);

/**
 * The product as it runs, but for what is mechanics or air: the radio delivers at once ({@link createInstantAir}), bolts
 * travel in no time, and locks keep their flash in memory. One lock of each maker stands at a door of its own.
 */
export async function startBenchEstate(): Promise<BenchEstate> {
  const folder = mkdtempSync(join(tmpdir(), 'cardea-bench-'));
  const clock = systemClock();
  const server = await runServer({
    dataDir: folder,
    flags: { port: 0, xmppPort: 0, logLevel: 'error' },
    environment: {},
  });
  const air = createInstantAir();
  const locks = new Map<string, VirtualLock>();
  const profile = readProfile(join(folder, 'cli.json'));
  const caFile = server.caFile ?? '';
  const client = createClient({ url: profile.url, token: profile.token, fetch: fetchTrusting(caFile) });

  const demo = await buildDemo({ random: systemRandom, issuedAtMs: clock.now() });
  for (const maker of demo.makers) await client.locks.importManifest(parcelOf(maker));
  const property = await client.properties.add({
    name: 'Bench',
    time_zone: 'Europe/Berlin',
    region: 'eu',
    geofence: null,
  });
  const added = await client.gateways.add({ property_id: property.id, name: 'gateway' });
  const account = await client.gateways.enrol(added.enrolment_token);
  const gateway = createGateway({
    clock,
    random: systemRandom,
    log: silentLog,
    radio: air.radio,
    storage: await openFileJournal(join(folder, 'journal'), await createEnvelope(join(folder, 'gateway.key'))),
    drivers: [cardeaDriver(nodePrimitives), maker2Driver(nodePrimitives)],
    uplink: (events) =>
      createUplink({
        ...events,
        connect: tlsTransport({
          host: account.xmpp.host,
          port: account.xmpp.port,
          serverName: account.xmpp.domain,
          ca: readFileSync(caFile, 'utf8'),
        }),
        jid: `${account.gateway_id}@${account.xmpp.domain}`,
        password: new Secret(account.password),
        primitives: nodePrimitives,
        deriveKey: async (password, salt, iterations) =>
          new Secret(new Uint8Array(await stretch(password.reveal(), salt, iterations, 32, 'sha256'))),
        random: systemRandom,
        clock,
        log: silentLog,
      }),
  });
  await gateway.start();
  while (!gateway.online) await delay(10);

  const doorIds: string[] = [];
  const makers = new Set(demo.locks.map(({ maker }) => maker));
  for (const identity of [...makers].flatMap((maker) => demo.locks.findLast((one) => one.maker === maker) ?? [])) {
    const lock = runVirtualLock({
      identity,
      flash: createNorFlash(),
      radio: air.radio,
      clock: promptClock(clock),
      random: systemRandom,
      primitives: nodePrimitives,
      agreement: nodeKeyAgreement,
      log: silentLog,
      travelMs: 0,
    });
    locks.set(identity.identifier, lock);
    const door = await client.doors.add({ property_id: property.id, floor_id: null, name: identity.maker });
    const started = await client.doors.enrol(door.id, identity.identifier);
    const pressing = setInterval(() => {
      if (lock.view().confirmationWanted) lock.pressButton();
    }, 10);
    const bound = await client.attempts.untilOver(started);
    clearInterval(pressing);
    if (bound.state !== 'succeeded') throw new Error(`a lock was not bound: ${bound.state} ${bound.reason}`);
    doorIds.push(door.id);
  }

  const tls = join(folder, 'ras', 'tls');
  return {
    client,
    doorIds,
    commits: () => server.commits,
    folder,
    tls: {
      cert: readFileSync(join(tls, 'server.pem'), 'utf8'),
      key: readFileSync(join(tls, 'server.key'), 'utf8'),
      ca: readFileSync(caFile, 'utf8'),
    },
    async stop() {
      await gateway.stop();
      for (const lock of locks.values()) lock.close();
      air.close();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Node's timers take at least a millisecond: what is due now is due in this turn of the event loop. */
function promptClock(clock: Clock): Clock {
  return {
    ...clock,
    after(delayMs, run) {
      if (delayMs > 0) return clock.after(delayMs, run);
      const immediate = setImmediate(run);
      return () => clearImmediate(immediate);
    },
  };
}
