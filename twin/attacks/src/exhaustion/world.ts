import { seededRandom, settle } from '@cardea/kit-node';
import { type Clock, createVirtualClock, silentLog } from '@cardea/kit-runtime';
import { createHttpDoor, defaultLimits, type HttpLimits, idempotencyIn } from '@cardea/server-http';
import { createTwinRas, type TwinRas } from '@cardea/twin-building';

/** A hotel behind its HTTP door, with the token of somebody who may do everything in it. */
export interface DoorWorld {
  readonly ras: TwinRas;
  readonly app: ReturnType<typeof createHttpDoor>;
  readonly token: string;
  readonly propertyId: string;
  close(): Promise<void>;
}

const HIGH = { capacity: 1_000_000, refillPerS: 1_000_000 };

/** The double: a door without bounds of shape, streams and kept answers. */
export const UNBOUNDED: Partial<HttpLimits> = {
  json: { depth: Number.POSITIVE_INFINITY, members: Number.POSITIVE_INFINITY, items: Number.POSITIVE_INFINITY },
  streamsPerToken: Number.POSITIVE_INFINITY,
  streamsPerPerson: Number.POSITIVE_INFINITY,
  streamsPerOrganization: Number.POSITIVE_INFINITY,
  idempotencyKeysPerOrganization: Number.POSITIVE_INFINITY,
};

export async function doorWorld(
  seed: number,
  limits: Partial<HttpLimits>,
  clock: Clock = createVirtualClock(Date.UTC(2026, 0, 1), settle),
): Promise<DoorWorld> {
  const random = seededRandom(`attack 42 ${seed}`);
  const ras = await createTwinRas({ clock, random });
  const property = await ras.core.estate.addProperty(ras.owner, {
    name: 'Inn',
    timeZone: 'Europe/Berlin',
    region: 'eu',
    geofence: null,
  });
  const { scopes } = ras.owner;
  const created = await ras.core.access.createToken(ras.owner, { name: 'attacker', scopes, expiresInS: 86_400 });
  const app = createHttpDoor({
    core: ras.core,
    clock,
    random,
    log: silentLog,
    idempotency: idempotencyIn(ras.store),
    xmppAddress: () => ({ host: '127.0.0.1', port: 1, domain: 'twin.cardea.invalid' }),
    tls: 'plaintext',
    version: '0.0.0',
    // How many requests there may be is no part of this: what each of them costs is.
    limits: { ...defaultLimits, perAddress: HIGH, strangers: HIGH, perToken: HIGH, ...limits },
  });
  return {
    ras,
    app,
    token: created.token.reveal(),
    propertyId: property.id,
    async close() {
      await app.close();
      await ras.stop();
    },
  };
}
