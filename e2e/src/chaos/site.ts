import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fetchTrusting, readProfile } from '@cardea/client-cli';
import { type Client, createClient } from '@cardea/client-sdk';
import { openTcpProxy, type TcpProxy } from '@cardea/twin-faults';
import { type ActorProcess, actorProcess } from './actor-process.ts';

/** Where locks hang in a run, by the identifiers of the demo's makers: Bluetooth 4.2 and 5.0, and a second maker. */
const LOCKS = ['C0DEA0000101', 'C0DEA0000104', 'C0DEA0000105', 'D2A5E0000201', 'D2A5E0000202'] as const;
/** A call waits so long before it is tried again. */
const TRY_AGAIN_MS = 100;

/** A small estate of real processes: server, gateway and building, with proxies between them. */
export interface Site {
  readonly folder: string;
  readonly actors: { readonly server: ActorProcess; readonly gateway: ActorProcess; readonly building: ActorProcess };
  readonly links: { readonly uplink: TcpProxy; readonly air: TcpProxy };
  readonly client: Client;
  /** A client by another token. */
  clientOf(token: string): Client;
  readonly propertyId: string;
  /** Identifier of the lock of each door, by the door's id. */
  readonly lockOf: ReadonlyMap<string, string>;
  /** Starts an actor again after it ended. */
  restart(name: keyof Site['actors']): Promise<void>;
  readonly truthFile: string;
  /** HOST:PORT of the gateway's local endpoint. */
  readonly local: string;
  stop(): Promise<void>;
}

/** Brings an estate up in `folder`, its locks bound to their doors. @throws Error when anything of it does not start */
export async function buildSite(folder: string, options: { readonly faulty: boolean }): Promise<Site> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const [port, xmppPort] = [await freePort(), await freePort()];
  const local = `127.0.0.1:${await freePort()}`;
  const truthFile = join(folder, 'truth.ndjson');
  const hubFile = join(folder, 'hub-of-gateway.json');
  let hubPort = 0;
  const links = { uplink: await openTcpProxy(() => xmppPort), air: await openTcpProxy(() => hubPort) };
  const actor = (name: keyof Site['actors'], args: readonly string[]): ActorProcess =>
    actorProcess({ name, args: [...args, '--data', folder], folder, faulty: options.faulty });
  const actors = {
    server: actor('server', ['server', '--port', String(port), '--xmpp-port', String(xmppPort), '--demo']),
    gateway: actor('gateway', [
      ...['gateway', 'run', '--hub', hubFile, '--local', local],
      ...['--xmpp', `localhost:${links.uplink.port}`],
    ]),
    building: actor('building', ['building', '--truth', truthFile]),
  };
  const startBuilding = async (): Promise<void> => {
    await actors.building.start();
    const hub = JSON.parse(readFileSync(join(folder, 'twin', 'hub.json'), 'utf8'));
    hubPort = hub.port;
    // The gateway finds the hub behind the proxy, as it would behind a network.
    writeFileSync(hubFile, JSON.stringify({ ...hub, port: links.air.port }), { mode: 0o600 });
  };
  const stop = async (): Promise<void> => {
    for (const one of [actors.gateway, actors.building, actors.server]) await one.stop();
    for (const link of Object.values(links)) await link.close();
  };
  try {
    await actors.server.start();
    await startBuilding();
    const profile = readProfile(join(folder, 'cli.json'));
    if (profile.caFile === undefined) throw new Error('the server has no authority of its own');
    const fetch = fetchTrusting(profile.caFile);
    const clientOf = (token: string): Client =>
      createClient({
        url: profile.url,
        token,
        fetch,
        sleep: (_ms, signal) => delay(TRY_AGAIN_MS, undefined, { signal }),
      });
    const client = clientOf(profile.token);
    const furnished = await furnish(client, folder, profile, (env) => actors.gateway.start(env));
    return {
      folder,
      actors,
      links,
      client,
      clientOf,
      ...furnished,
      async restart(name) {
        if (name === 'building') await startBuilding();
        else await actors[name].start();
      },
      truthFile,
      local,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Property, doors, gateway and locks, by the API as an operator makes them. */
async function furnish(
  client: Client,
  folder: string,
  { url, caFile }: { readonly url: string; readonly caFile: string | undefined },
  startGateway: (env: Readonly<Record<string, string>>) => Promise<unknown>,
): Promise<{ readonly propertyId: string; readonly lockOf: ReadonlyMap<string, string> }> {
  const property = await client.properties.add({ name: 'Chaos', time_zone: 'Europe/Berlin', region: 'eu' });
  const twin = join(folder, 'twin');
  for (const file of readdirSync(twin).filter((name) => name.startsWith('manifest-'))) {
    await client.locks.importManifest(JSON.parse(readFileSync(join(twin, file), 'utf8')));
  }
  const gateway = await client.gateways.add({ property_id: property.id, name: 'Gateway' });
  await startGateway({
    CARDEA_ENROLMENT_TOKEN: gateway.enrolment_token,
    CARDEA_SERVER_URL: url,
    ...(caFile === undefined ? {} : { CARDEA_CA_FILE: caFile }),
  });
  const lockOf = new Map<string, string>();
  const bind = async (identifier: string, at: number): Promise<void> => {
    const door = await client.doors.add({ property_id: property.id, floor_id: null, name: String(101 + at) });
    const over = new AbortController();
    const pressing = press(client, identifier, over.signal);
    const attempt = await client.attempts.untilOver(await client.doors.enrol(door.id, identifier));
    over.abort();
    await pressing;
    if (attempt.state !== 'succeeded')
      throw new Error(`${identifier} was not bound: ${attempt.reason ?? attempt.state}`);
    lockOf.set(door.id, identifier);
  };
  await Promise.all(LOCKS.map(bind));
  return { propertyId: property.id, lockOf };
}

/** Presses a lock's button once a second: a press that nobody waits for counts for nothing. */
async function press(client: Client, identifier: string, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    await client.sim('press', { identifier, value: 'button' }).catch(() => undefined);
    await delay(1_000, undefined, { signal: over }).catch(() => undefined);
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || address === null) throw new Error('no port is free');
  return address.port;
}
