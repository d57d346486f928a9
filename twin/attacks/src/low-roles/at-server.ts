import { seededRandom } from '@cardea/kit-node';
import {
  type Actor,
  type AttemptOperation,
  type Core,
  OPERATION_CLASS,
  ROLES,
  type Role,
  SCOPES,
} from '@cardea/server-core';
import { type Endpoint, endpoints, openApi } from '@cardea/wire-api';
import type { Trial } from '../attack.ts';
import { signInAs } from '../sign-in-as.ts';
import { type Operation, placesOf } from '../tenants/places.ts';
import { neverWas, requestOf } from '../tenants/requests.ts';
import { type Tenant, type TwoTenants, thingsIn, twoTenants } from '../tenants/two-tenants.ts';
import { openTwinDoor, type TwinDoor } from '../twin-door.ts';

const ROLE_NAMES = Object.keys(ROLES) as readonly Role[];
const RANK = { operate: 1, manage: 2, own: 3 } as const;

/** What the operations that send something to a lock ask of it: the class of the role has to cover that too. */
const AT_THE_LOCK: Readonly<Record<string, AttemptOperation>> = {
  enrolLock: 'bind',
  unlockDoor: 'unlock',
  lockDoor: 'lock',
  askDoor: 'status',
  removeLock: 'unbind',
  setLockTime: 'set_time',
  setDoorMode: 'set_lockdown',
  setLockdown: 'set_lockdown',
  // By a grant that holds it as well: the lock is then asked by the grant's own operation.
  overrideDoor: 'status',
  confirmAttempt: 'unlock',
};

/**
 * Where the HTTP door alone looks at the scope, each with the reason; the core's pass leaves them out.
 */
const AT_THE_DOOR: Readonly<Record<string, string>> = {
  listTokens: "the core lists the asker's own",
  deleteToken: "the core withdraws the asker's own",
  applySimFault: 'faults of virtual things are no use case of the core',
  listOutbox: 'the outbox of a demo is no use case of the core',
};

/** How the RAS is asked: as it is, behind a door that believes every token, or as a whole that believes its client. */
type Server = 'true' | 'core alone' | 'believing';

/**
 * Every role x every operation of the API: 403 where the table of roles says no, for things that are there, with nothing
 * changed by it; and not 403 where it says yes, for things that are not. The second pass takes the scopes' check from the
 * HTTP door, so that the core has to refuse by itself. `weak`: nobody looks at the role.
 */
export async function everyRole(seed: number, weak: boolean): Promise<readonly Trial[]> {
  const { operations } = placesOf(openApi('0'));
  const trials: Trial[] = unclassified(operations);
  for (const server of weak ? (['believing'] as const) : (['true', 'core alone'] as const)) {
    const world = await twoTenants(seed, false);
    const door = doorOf(world, server, seed);
    try {
      for (const role of ROLE_NAMES) trials.push(...(await oneRole(world, door, operations, role, server, seed)));
    } finally {
      await door.close();
      await world.close();
    }
  }
  return trials;
}

/** Operations that answer an attempt and of which nobody has said what they ask of the lock. */
function unclassified(operations: readonly Operation[]): Trial[] {
  return operations
    .filter(
      ({ key, method }) => method !== 'GET' && endpointOf(key).answer === endpoints['GET /v1/attempts/{id}'].answer,
    )
    .filter(({ key }) => !Object.hasOwn(AT_THE_LOCK, endpointOf(key).name))
    .map(({ key }) => ({ name: `nobody has said what ${key} asks of a lock`, through: true }));
}

function doorOf(world: TwoTenants, server: Server, seed: number): TwinDoor {
  const { core, store } = world.ras;
  const believed = (actor: Actor): Actor =>
    server === 'believing' ? { ...actor, role: 'owner', scopes: SCOPES } : { ...actor, scopes: SCOPES };
  const authenticate: Core['access']['authenticate'] = async (token) => believed(await core.access.authenticate(token));
  const asked: Core = server === 'true' ? core : { ...core, access: { ...core.access, authenticate } };
  const random = seededRandom(`attack 22 ${seed} ${server}`);
  return openTwinDoor(
    { core: asked, store },
    { clock: world.clock, random, sim: { apply: async () => undefined }, outbox: { list: async () => [] } },
  );
}

async function oneRole(
  world: TwoTenants,
  door: TwinDoor,
  operations: readonly Operation[],
  role: Role,
  server: Server,
  seed: number,
): Promise<readonly Trial[]> {
  const random = seededRandom(`attack 22 ${seed} ${role}`);
  const { actor, token } = await signInAs(world.ras.core, world.first.actor, random, role);
  const there: Tenant = { ...world.first, actor, token };
  const ids = Object.fromEntries(Object.entries(world.first.ids).map(([noun, id]) => [noun, neverWas(id)]));
  const nowhere: Tenant = { ...there, ids };
  const through: string[] = [];
  const refused: string[] = [];
  const before = await thingsIn(world, world.first);
  let [forbidden, permitted] = [0, 0];
  for (const operation of operations) {
    const endpoint = endpointOf(operation.key);
    if (endpoint.access !== 'token' || endpoint.scopes.length === 0) continue;
    if (may(role, endpoint)) {
      // What the core alone is asked for, it has been asked for by the true door as well; a stream does not end.
      if (server !== 'true' || operation.media === 'text/event-stream') continue;
      permitted++;
      const status = await send(world, door, operation, nowhere, role);
      if (status === 401 || status === 403) refused.push(`${operation.key} ${status}`);
    } else {
      if (server !== 'true' && (operation.media === 'text/event-stream' || AT_THE_DOOR[endpoint.name] !== undefined)) {
        continue;
      }
      forbidden++;
      const status = await send(world, door, operation, there, role);
      if (status !== 403) through.push(`${operation.key} ${status}`);
    }
  }
  const changed = permitted === 0 && (await thingsIn(world, world.first)) !== before;
  const name = `${role}, ${server === 'core alone' ? 'by the core alone' : `at a ${server} server`}`;
  return [
    {
      name: `${name}: what its table does not hold ${through.join(', ')}`.trim(),
      through: through.length > 0 || changed,
      tried: forbidden,
    },
    ...(permitted === 0
      ? []
      : [
          {
            name: `${name}: what its table holds is refused ${refused.join(', ')}`.trim(),
            through: refused.length > 0,
          },
        ]),
  ];
}

/** What the table says: one of the scopes, and the class where a lock is asked for something. */
function may(role: Role, { name, scopes }: Endpoint): boolean {
  const held = ROLES[role];
  const operation = AT_THE_LOCK[name];
  const covered = operation === undefined || RANK[held.class] >= RANK[OPERATION_CLASS[operation]];
  return covered && scopes.some((scope) => held.scopes.includes(scope));
}

async function send(
  world: TwoTenants,
  door: TwinDoor,
  operation: Operation,
  asker: Tenant,
  role: Role,
): Promise<number> {
  await world.clock.advance(1000);
  const { url, headers, payload } = requestOf(operation, asker, {});
  // One asks about oneself, and a person gives at most what it has: the body asks for no more than that.
  const { scopes } = ROLES[role];
  const body = payload && {
    ...payload,
    ...('role' in payload && { role: 'guest' }),
    ...('scopes' in payload && { scopes: scopes.slice(0, 1) }),
  };
  const response = await door.inject({
    method: operation.method as 'GET',
    url: url.replace(/(?<=[?&]person=)[^&]*/, asker.actor.personId),
    headers,
    ...(body === undefined ? {} : { payload: body }),
  });
  return response.statusCode;
}

function endpointOf(key: string): Endpoint {
  const found = (endpoints as Readonly<Record<string, Endpoint>>)[key];
  if (found === undefined) throw new Error(`${key} is in the document and not in the table`);
  return found;
}
