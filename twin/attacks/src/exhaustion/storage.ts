import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '@cardea/kit-node';
import { CoreError } from '@cardea/server-core';
import type { Trial } from '../attack.ts';
import { type DoorWorld, doorWorld, UNBOUNDED } from './world.ts';

/** What one person can make the server keep: streams, answers under keys, sessions. */
export async function keptForOne(seed: number, weak: boolean): Promise<readonly Trial[]> {
  return [await streams(seed, weak), await keys(seed, weak), await sessions(seed), await invented(seed)];
}

const STREAMS = 60;

/** One person opens streams by ever new tokens. */
async function streams(seed: number, weak: boolean): Promise<Trial> {
  // Sockets, and with them the time that their guard goes by, are real.
  const world = await doorWorld(seed, weak ? UNBOUNDED : {}, systemClock());
  const most = 32;
  const open: (() => void)[] = [];
  try {
    await world.app.listen({ host: '127.0.0.1', port: 0 });
    let taken = 0;
    let token = world.token;
    for (let n = 0; n < STREAMS; n++) {
      if (n % 10 === 0) token = await freshToken(world, n);
      const { status, close } = await openStream(world, token);
      open.push(close);
      if (status === 200) taken++;
    }
    const name = `${STREAMS} event streams of one person: ${taken} open (at most ${most})`;
    return { name, through: taken > most, tried: STREAMS };
  } finally {
    for (const close of open) close();
    await world.close();
  }
}

async function freshToken({ ras }: DoorWorld, n: number): Promise<string> {
  const wanted = { name: `t${n}`, scopes: ['events:read'], expiresInS: 600 } as const;
  return (await ras.core.access.createToken(ras.owner, wanted)).token.reveal();
}

function openStream(world: DoorWorld, token: string): Promise<{ status: number; close(): void }> {
  const { port } = world.app.server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}` };
    const sent = request({ host: '127.0.0.1', port, path: '/v1/events/stream', headers, agent: false }, (response) => {
      response.on('error', () => {});
      response.resume();
      resolve({ status: response.statusCode ?? 0, close: () => sent.destroy() });
    });
    sent.on('error', reject);
    sent.end();
  });
}

/** One organization uses up keys; another one is not kept from using its own. */
async function keys(seed: number, weak: boolean): Promise<Trial> {
  const most = 50;
  const tried = 120;
  const limit = { idempotencyKeysPerOrganization: most };
  const world = await doorWorld(seed, weak ? UNBOUNDED : limit);
  try {
    const codes = new Map<number, number>();
    for (let n = 0; n < tried; n++) {
      const { statusCode } = await world.app.inject({
        method: 'POST',
        url: '/v1/doors/door_0/unlock',
        headers: { authorization: `Bearer ${world.token}`, 'idempotency-key': `flood-${n}` },
        payload: {},
      });
      codes.set(statusCode, (codes.get(statusCode) ?? 0) + 1);
    }
    const kept = await world.ras.store.read((tx) => tx.idempotency.count(world.ras.owner.organizationId));
    const shown = [...codes].map(([code, times]) => `${times} x ${code}`).join(', ');
    return {
      name: `${tried} fresh Idempotency-Keys: ${kept} answers kept (at most ${most}): ${shown}`,
      through: kept > most,
      tried,
    };
  } finally {
    await world.close();
  }
}

/** One person signs in again and again. */
async function sessions(seed: number): Promise<Trial> {
  const world = await doorWorld(seed, {});
  const most = 100;
  try {
    const { organizationId, personId } = world.ras.owner;
    for (let n = 0; n < 130; n++) {
      const { statusCode } = await world.app.inject({
        method: 'POST',
        url: '/v1/sessions',
        payload: { email: 'owner@twin.cardea.invalid', password: 'another long passphrase here' },
      });
      if (statusCode !== 201) throw new Error(`the owner cannot sign in: ${statusCode}`);
    }
    const held = await world.ras.store.read((tx) => tx.tokens.list(organizationId, personId));
    const kept = held.filter(({ kind }) => kind === 'session').length;
    return {
      name: `130 sign-ins of one person: ${kept} sessions kept (at most ${most})`,
      through: kept > most,
      tried: 130,
    };
  } finally {
    await world.close();
  }
}

/** A gateway reports locks that it invents: nothing of them is kept, and each is refused. */
async function invented(seed: number): Promise<Trial> {
  const world = await doorWorld(seed, {});
  const tried = 2000;
  try {
    const { core, owner } = world.ras;
    const { gateway, enrolmentToken } = await core.gateways.add(owner, { propertyId: world.propertyId, name: 'G' });
    await core.gateways.enrol(enrolmentToken);
    await core.uplink.online(gateway.id);
    const before = world.ras.store.commits;
    let refused = 0;
    for (let n = 0; n < tried; n++) {
      const lock = n.toString(16).toUpperCase().padStart(12, 'F');
      await core.uplink
        .received(gateway.id, { kind: 'sighting', lock, maker: 'cardea', rssiDbm: -40, unbound: null, state: null })
        .catch((error: unknown) => {
          if (error instanceof CoreError && error.code === 'not_found') refused++;
        });
    }
    const written = world.ras.store.commits - before;
    return {
      name: `${tried} sightings of invented locks: ${refused} refused, ${written} commits`,
      through: refused < tried || written > 0,
      tried,
    };
  } finally {
    await world.close();
  }
}
