import { seededRandom, settle } from '@cardea/kit-node';
import { type Clock, createVirtualClock } from '@cardea/kit-runtime';
import type { HttpLimits } from '@cardea/server-http';
import { createTwinRas, type TwinRas } from '@cardea/twin-building';
import { openTwinDoor, type TwinDoor } from '../twin-door.ts';

/** A hotel behind its HTTP door, with the token of somebody who may do everything in it. */
export interface DoorWorld {
  readonly ras: TwinRas;
  readonly app: TwinDoor;
  readonly token: string;
  readonly propertyId: string;
  close(): Promise<void>;
}

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
  const app = openTwinDoor(ras, { clock, random, limits });
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
