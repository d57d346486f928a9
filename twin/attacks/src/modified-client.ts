import { nodePrimitives, seededRandom, settle } from '@cardea/kit-node';
import { createVirtualClock, type Random } from '@cardea/kit-runtime';
import type { Role } from '@cardea/server-core';
import { createTwinRas, type TwinRas } from '@cardea/twin-building';
import { type Endpoint, endpoints } from '@cardea/wire-api';
import { type Attack, type AttackResult, resultOf, type Trial } from './attack.ts';
import { signInAs } from './sign-in-as.ts';
import { openTwinDoor } from './twin-door.ts';

/** Attack 23: the app shows no button for it, so the attacker sends the request without the app. */
export const modifiedClient: Attack = {
  id: 23,
  title: 'limits enforced only in a client: a modified client sends what the true one hides',
  weakDouble: 'a server that believes the role and the limits that its client sends',
  async run({ weak, seed }) {
    return weak ? believingServer() : checkingServer(seed);
  },
};

/** As found in the field: the limit is in the app, the server does what it is told. */
function believingServer(): AttackResult {
  const unlock = (body: { role: string; window_open: boolean }): number =>
    body.role !== 'guest' || body.window_open ? 200 : 403;
  return resultOf([
    { name: 'the true client, outside its window', through: unlock({ role: 'guest', window_open: false }) === 200 },
    { name: 'the same request, altered', through: unlock({ role: 'owner', window_open: true }) === 200 },
  ]);
}

interface Client {
  send(method: string, url: string, body?: unknown): Promise<number>;
}

async function checkingServer(seed: number): Promise<AttackResult> {
  const clock = createVirtualClock(Date.UTC(2026, 0, 1), settle);
  const random = seededRandom(`attack 23 ${seed}`);
  const ras = await createTwinRas({ clock, random });
  const app = openTwinDoor(ras, {
    clock,
    random,
    sim: { apply: async () => undefined },
    outbox: { list: async () => [] },
  });
  const client = (token: string): Client => ({
    async send(method, url, body) {
      const headers: Record<string, string> = { authorization: `Bearer ${token}` };
      if (method === 'POST') headers['idempotency-key'] = Buffer.from(random.octets(16)).toString('hex');
      const payload = body === undefined ? {} : { payload: body as object };
      return (await app.inject({ method: method as 'GET', url, headers, ...payload })).statusCode;
    },
  });
  try {
    const property = await ras.core.estate.addProperty(ras.owner, {
      name: 'Inn',
      timeZone: 'Europe/Berlin',
      region: 'eu',
      geofence: null,
    });
    const door = await ras.core.estate.addDoor(ras.owner, { propertyId: property.id, floorId: null, name: '101' });
    const trials: Trial[] = [];
    for (const role of ['manager', 'front_desk', 'maintenance', 'cleaner', 'resident', 'guest'] as const) {
      trials.push(await everyOperation(ras, random, role, client, door.id));
    }
    trials.push(...(await stretchedRequests(ras, random, client, door.id)));
    return resultOf(trials);
  } finally {
    await app.close();
    await ras.stop();
  }
}

/** Everything that the API can do and this role may not: each must be refused, whatever the body says. */
async function everyOperation(
  ras: TwinRas,
  random: Random,
  role: Role,
  client: (token: string) => Client,
  doorId: string,
): Promise<Trial> {
  const { actor, token } = await signInAs(ras.core, ras.owner, random, role);
  const through: string[] = [];
  let tried = 0;
  for (const [key, endpoint] of Object.entries<Endpoint>(endpoints)) {
    if (endpoint.access !== 'token' || endpoint.scopes.length === 0) continue;
    if (endpoint.scopes.some((scope) => actor.scopes.includes(scope))) continue;
    const [method = '', path = ''] = key.split(' ');
    const url = path.replace('{id}', doorId).replace('{identifier}', 'C0FFEE000023').replace('{fault}', 'jam');
    const bodies = method === 'POST' ? [{}, { role: 'owner' }, { scopes: endpoint.scopes, class: 'own' }] : [undefined];
    for (const body of bodies) {
      tried++;
      const status = await client(token).send(method, url, body);
      if (status !== 403) through.push(`${key} ${status}`);
    }
  }
  return {
    name: `${role}: operations beyond its scopes ${through.join(', ')}`.trim(),
    through: through.length > 0,
    tried,
  };
}

async function stretchedRequests(
  ras: TwinRas,
  random: Random,
  client: (token: string) => Client,
  doorId: string,
): Promise<Trial[]> {
  const desk = client((await signInAs(ras.core, ras.owner, random, 'front_desk')).token);
  const unchanged = client((await signInAs(ras.core, ras.owner, random, 'front_desk', false)).token);
  const forged = client(Buffer.from(nodePrimitives.sha256(random.octets(16))).toString('base64url'));
  const unlock = `/v1/doors/${doorId}/unlock`;
  const refusedWith = async (expected: readonly number[], sent: Promise<number>): Promise<boolean> =>
    !expected.includes(await sent);
  return [
    {
      name: 'a time to live of an hour',
      through: await refusedWith([400, 422], desk.send('POST', unlock, { time_to_live_s: 3600 })),
    },
    {
      name: 'a time to live of nothing',
      through: await refusedWith([400, 422], desk.send('POST', unlock, { time_to_live_s: 0 })),
    },
    {
      name: 'a class of its own choice',
      through: await refusedWith([400, 422], desk.send('POST', unlock, { class: 'own' })),
    },
    {
      name: 'on behalf of another person',
      through: await refusedWith([400, 422], desk.send('POST', unlock, { person_id: ras.owner.personId })),
    },
    {
      name: 'a token with more scopes than its maker',
      through: await refusedWith(
        [403],
        desk.send('POST', '/v1/tokens', { name: 'more', scopes: ['locks:manage'], expires_in_s: 3600 }),
      ),
    },
    {
      name: 'an unlock before the first password was changed',
      through: await refusedWith([403], unchanged.send('POST', unlock, {})),
    },
    { name: 'a token that was never given', through: await refusedWith([401], forged.send('POST', unlock, {})) },
    {
      name: 'the true request does not get as far as the door (else the trials above show nothing)',
      through: await refusedWith([412], desk.send('POST', unlock, {})),
    },
  ];
}
