import { pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import { createUplink, tlsTransport, type Uplink } from '@cardea/gateway';
import { nodePrimitives, systemRandom } from '@cardea/kit-node';
import { type Clock, Secret, silentLog } from '@cardea/kit-runtime';
import type { FromGateway } from '@cardea/wire-route';
import { type FleetGateway, type FleetLock, GATEWAY_PASSWORD } from './plan.ts';
import { createPocketLock, type PocketLock } from './pocket-lock.ts';

/** Where the gateways sign in. */
export interface FleetServer {
  readonly domain: string;
  readonly xmppPort: number;
  /** PEM of the one authority trusted. */
  readonly ca: string;
}

/** A gateway of the fleet: the product's own uplink, with pocket locks in place of a radio. */
export interface PocketGateway {
  readonly uplink: Uplink;
  readonly locks: readonly FleetLock[];
  /** A lock of this gateway; powered when it is first asked for or spoken to. */
  lock(identifier: string): PocketLock;
  stop(): Promise<void>;
}

const stretch = promisify(pbkdf2);
/** Every gateway has the same password and salt: its slow hash is worked out once for the fleet. */
const derived = new Map<string, Promise<Secret>>();

/**
 * Signs a gateway in. `onTold` hears when the RAS has made a report of it durable, with what the report took.
 */
export function createPocketGateway(
  planned: FleetGateway,
  server: FleetServer,
  clock: Clock,
  { onOnline, onTold }: { onOnline(): void; onTold?(report: FromGateway, tookMs: number): void },
): PocketGateway {
  const locks = new Map<string, PocketLock>();
  const byIdentifier = new Map(planned.locks.map((lock) => [lock.identifier, lock]));
  let reports = 0;

  const tell = (report: FromGateway): void => {
    const beganMs = performance.now();
    uplink.send(report).then(
      () => onTold?.(report, performance.now() - beganMs),
      // A report that the RAS did not take shows as an unlock without receipt, or as an event that nobody counts.
      () => {},
    );
  };
  const lock = (identifier: string): PocketLock => {
    const known = locks.get(identifier);
    if (known !== undefined) return known;
    const of = byIdentifier.get(identifier);
    if (of === undefined) throw new Error(`${planned.id} has no lock ${identifier}`);
    const fresh = createPocketLock(of, clock, (channel, octets) =>
      tell({ kind: 'frame', id: `e-${++reports}`, lock: identifier, channel, octets }),
    );
    locks.set(identifier, fresh);
    return fresh;
  };
  const uplink = createUplink({
    connect: tlsTransport({ host: '127.0.0.1', port: server.xmppPort, serverName: server.domain, ca: server.ca }),
    jid: `${planned.id}@${server.domain}`,
    password: GATEWAY_PASSWORD,
    primitives: nodePrimitives,
    deriveKey(password, salt, iterations) {
      const name = `${iterations} ${Buffer.from(salt).toString('hex')}`;
      const key =
        derived.get(name) ??
        stretch(password.reveal(), salt, iterations, 32, 'sha256').then((octets) => new Secret(new Uint8Array(octets)));
      derived.set(name, key);
      return key;
    },
    random: systemRandom,
    clock,
    log: silentLog,
    onOnline,
    onMessage(message) {
      if (message.kind === 'frame') lock(message.lock).message(message.channel, message.octets);
    },
  });
  uplink.start();

  return {
    uplink,
    locks: planned.locks,
    lock,
    async stop() {
      for (const one of locks.values()) one.stop();
      await uplink.stop();
    },
  };
}

/** Signs the whole fleet in, a few at a time; resolves when every gateway is online. */
export async function signInFleet(
  plan: readonly FleetGateway[],
  server: FleetServer,
  clock: Clock,
  onTold?: (report: FromGateway, tookMs: number) => void,
): Promise<readonly PocketGateway[]> {
  const AT_ONCE = 32;
  const gateways: PocketGateway[] = [];
  for (let at = 0; at < plan.length; at += AT_ONCE) {
    const waiting = plan.slice(at, at + AT_ONCE).map(
      (planned) =>
        new Promise<void>((resolve) => {
          gateways.push(
            createPocketGateway(planned, server, clock, {
              onOnline: resolve,
              ...(onTold === undefined ? {} : { onTold }),
            }),
          );
        }),
    );
    await Promise.all(waiting);
  }
  return gateways;
}
