import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { probeLoop, seededRandom, systemClock } from '@cardea/kit-node';
import type { Trial } from '../attack.ts';
import { makersParcel } from '../tenants/makers-parcel.ts';
import { type Hostile, hostileRequests } from './corpus.ts';
import { type DoorWorld, doorWorld, UNBOUNDED } from './world.ts';

/** Longest that one turn of the event loop may take of the processor. */
const MOST_MS = 50;

/**
 * Every hostile request over a real connection, and a manifest of ten thousand locks, which is honest and as large as any:
 * each is refused in its own words, none is a mistake of the server, and none holds the event loop.
 */
export async function hostileBodies(seed: number, weak: boolean): Promise<readonly Trial[]> {
  const world = await doorWorld(seed, weak ? UNBOUNDED : {}, systemClock());
  const probe = probeLoop();
  try {
    await world.app.listen({ host: '127.0.0.1', port: 0 });
    const trials: Trial[] = [];
    let worst = { name: '', busyMs: 0 };
    const send = async (hostile: Hostile): Promise<{ readonly status: number; readonly busyMs: number }> => {
      let busyMs = Number.POSITIVE_INFINITY;
      let status = 0;
      // The least of up to three: a collection of garbage, or a function compiled anew, falls into one of them.
      for (let times = 0; times < 3 && busyMs > MOST_MS; times++) {
        probe.read();
        status = await statusOf(world, hostile, `${hostile.name} ${times}`);
        busyMs = Math.min(busyMs, probe.read().busyMs);
      }
      if (busyMs > worst.busyMs) worst = { name: hostile.name, busyMs };
      return { status, busyMs };
    };
    const before = prototypes();
    for (const hostile of hostileRequests(world.propertyId)) {
      const { status, busyMs } = await send(hostile);
      const why = [
        ...(hostile.refused.includes(status) ? [] : [`answered ${status}`]),
        ...(busyMs > MOST_MS ? [`held the event loop for ${busyMs.toFixed(0)} ms`] : []),
        ...(prototypes() === before ? [] : ['a prototype was changed']),
      ];
      trials.push({ name: [hostile.name, ...why].join(': '), through: why.length > 0 });
    }
    for (const [name, hostile] of await largeButHonest(world, seed)) {
      const { status, busyMs } = await send(hostile);
      const why = [
        ...(status === 200 ? [] : [`answered ${status}`]),
        ...(busyMs > MOST_MS ? [`held the event loop for ${busyMs.toFixed(0)} ms`] : []),
      ];
      trials.push({
        name: [`${name} (${busyMs.toFixed(0)} ms at a time)`, ...why].join(': '),
        through: why.length > 0,
      });
    }
    trials.push({
      name: `the longest turn of the event loop: ${worst.busyMs.toFixed(0)} ms (${worst.name})`,
      through: worst.busyMs > MOST_MS,
    });
    return trials;
  } finally {
    probe.stop();
    await world.close();
  }
}

/** What is as large as the API allows, and right. */
async function largeButHonest(world: DoorWorld, seed: number): Promise<readonly (readonly [string, Hostile])[]> {
  const identifiers = Array.from({ length: 10_000 }, (_, n) => n.toString(16).toUpperCase().padStart(12, '0'));
  const parcel = await makersParcel(seededRandom(`attack 42 manifest ${seed}`), identifiers);
  const get = (path: string): Hostile => ({ name: path, method: 'GET', path, refused: [] });
  for (let n = 0; n < 100; n++) {
    await world.ras.core.estate.addDoor(world.ras.owner, { propertyId: world.propertyId, floorId: null, name: `${n}` });
  }
  return [
    [
      'a manifest of 10,000 locks',
      { name: 'import', method: 'POST', path: '/v1/manifests', body: Buffer.from(JSON.stringify(parcel)), refused: [] },
    ],
    ['1,000 locks', get('/v1/locks?limit=1000')],
    ['100 doors', get('/v1/doors?limit=100')],
    ['100 events', get('/v1/events?limit=100')],
    ['the description', get('/v1/openapi.json')],
    ['the audit log', get('/v1/audit/export')],
  ];
}

function statusOf(world: DoorWorld, { method, path, body, headers }: Hostile, key: string): Promise<number> {
  const { port } = world.app.server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port,
        method,
        path,
        agent: false,
        headers: {
          authorization: `Bearer ${world.token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': body.length }),
          ...(method === 'POST' ? { 'idempotency-key': key.replace(/[^A-Za-z0-9]/g, '-') } : {}),
          ...headers,
        },
      },
      (response) => {
        resolve(response.statusCode ?? 0);
        response.resume();
      },
    );
    // A server that refuses by the header may close before the body has gone: its answer is what counts.
    sent.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE' || error.code === 'ECONNRESET') resolve(0);
      else reject(error);
    });
    sent.on('close', () => resolve(0));
    sent.end(body);
  });
}

/** What every object inherits, as text. */
function prototypes(): string {
  return [Object.prototype, Array.prototype, Function.prototype]
    .map((one) => Object.getOwnPropertyNames(one).sort().join())
    .join(';');
}

/** The double: copies a parsed body member by member into another object, as many programs do. */
export function careless(): readonly Trial[] {
  const merge = (to: Record<string, unknown>, from: Record<string, unknown>): void => {
    for (const [name, value] of Object.entries(from)) {
      if (typeof value === 'object' && value !== null) {
        to[name] ??= {};
        merge(to[name] as Record<string, unknown>, value as Record<string, unknown>);
      } else to[name] = value;
    }
  };
  const before = prototypes();
  const through = hostileRequests('prop_1').flatMap(({ name, body }) => {
    if (body === undefined || !body.includes('polluted') || name.includes('escapes')) return [];
    try {
      merge({}, JSON.parse(body.toString()));
      return prototypes() === before ? [] : [name];
    } finally {
      Reflect.deleteProperty(Object.prototype, 'polluted');
    }
  });
  return [{ name: `prototypes of a program that merges bodies: ${through.join(', ')}`, through: through.length > 0 }];
}
