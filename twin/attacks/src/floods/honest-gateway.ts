import { fetchTrusting } from '@cardea/client-cli';
import { createClient } from '@cardea/client-sdk';
import { type Connect, createUplink, type Transport, tlsTransport, type Uplink } from '@cardea/gateway';
import { nodePrimitives, systemClock, systemRandom } from '@cardea/kit-node';
import { Secret, silentLog } from '@cardea/kit-runtime';
import { stretch } from '@cardea/twin-building';
import type { VictimAddress } from './victim-messages.ts';

/** An enrolled gateway that is signed in. */
export interface HonestGateway {
  readonly uplink: Uplink;
  /** How often it has lost its connection since it signed in. */
  lost(): number;
  /** Writes octets into its stream, past its own machine: what a hostile program with its account could do. */
  write(octets: Uint8Array): void;
  stop(): Promise<void>;
}

/** Enrols a gateway by the API, signs it in, and waits until it is there. */
export async function signInGateway(victim: VictimAddress): Promise<HonestGateway> {
  const client = createClient({
    url: `https://localhost:${victim.httpPort}`,
    token: victim.token,
    fetch: fetchTrusting(victim.caFile),
  });
  const place = { name: 'Attacked', time_zone: 'Europe/Berlin', region: 'eu', geofence: null } as const;
  const property = await client.properties.add(place);
  const added = await client.gateways.add({ property_id: property.id, name: `gateway ${Date.now()}` });
  const account = await client.gateways.enrol(added.enrolment_token);
  let wire: Transport | undefined;
  let signedIn = 0;
  const transport = tlsTransport({
    host: victim.host,
    port: victim.xmppPort,
    serverName: account.xmpp.domain,
    ca: victim.ca,
  });
  const connect: Connect = (events) => {
    signedIn++;
    wire = transport(events);
    return wire;
  };
  const uplink = createUplink({
    connect,
    jid: `${account.gateway_id}@${account.xmpp.domain}`,
    password: new Secret(account.password),
    primitives: nodePrimitives,
    deriveKey: async (password, salt, iterations) => new Secret(stretch(password, salt, iterations)),
    random: systemRandom,
    clock: systemClock(),
    log: silentLog,
    onMessage: () => undefined,
  });
  uplink.start();
  while (!uplink.online) await new Promise((resolve) => setTimeout(resolve, 10));
  const first = signedIn;
  return {
    uplink,
    lost: () => signedIn - first + (uplink.online ? 0 : 1),
    write: (octets) => wire?.write(octets),
    stop: () => uplink.stop(),
  };
}
