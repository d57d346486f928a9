import { seededRandom } from '@cardea/kit-node';
import { type Actor, type Core, SCOPES } from '@cardea/server-core';
import { type Endpoint, endpoints, openApi } from '@cardea/wire-api';
import type { Trial } from '../attack.ts';
import { signInAs } from '../sign-in-as.ts';
import { placesOf } from '../tenants/places.ts';
import { requestOf } from '../tenants/requests.ts';
import { type Tenant, thingsIn, twoTenants } from '../tenants/two-tenants.ts';
import { openTwinDoor } from '../twin-door.ts';

/** What is somebody's own, by noun: nobody who holds `access:use` alone hears of another's, or changes it. */
const PRIVATE = ['person', 'grant', 'stay', 'phone', 'attempt', 'contact', 'session', 'passkey', 'token'] as const;

/**
 * Guests, residents and cleaners hold `access:use`: their own keys, grants and doors. Each asks every operation that this
 * scope reaches for what is somebody else's of the same house. `weak`: a server that looks at the scope and not at whose.
 */
export async function whatIsOthers(seed: number, weak: boolean): Promise<readonly Trial[]> {
  const { operations } = placesOf(openApi('0'));
  const reached = operations.filter(({ key, media }) => {
    const found: Endpoint | undefined = (endpoints as Readonly<Record<string, Endpoint>>)[key];
    return media !== 'text/event-stream' && found?.scopes.includes('access:use') === true;
  });
  const trials: Trial[] = [];
  for (const role of ['guest', 'resident'] as const) {
    const world = await twoTenants(seed, false);
    const { core, store } = world.ras;
    const random = seededRandom(`attack 22 ${seed} others ${role}`);
    const door = openTwinDoor(
      { core: weak ? forgetful(core) : core, store },
      { clock: world.clock, random, sim: { apply: async () => undefined } },
    );
    try {
      const { actor, token } = await signInAs(core, world.first.actor, random, role);
      const asker: Tenant = { ...world.first, actor, token };
      const before = await thingsIn(world, world.first);
      const through: string[] = [];
      for (const operation of reached) {
        await world.clock.advance(1000);
        const { url, headers, payload } = requestOf(operation, asker, {});
        const method = operation.method as 'GET';
        const answer = await door.inject({ method, url, headers, ...(payload && { payload }) });
        const told = PRIVATE.filter((noun) => answer.body.includes(world.first.ids[noun] ?? '\0'));
        if (answer.statusCode < 400 && told.length > 0)
          through.push(`${operation.key} tells of its ${told.join(', ')}`);
      }
      if ((await thingsIn(world, world.first)) !== before) through.push('something was changed');
      trials.push({
        name: `${role}: what is another's of the same house ${through.join(', ')}`.trim(),
        through: through.length > 0 || reached.length < 10,
        tried: reached.length,
      });
    } finally {
      await door.close();
      await world.close();
    }
  }
  return trials;
}

/** A server that takes everybody who may use something for somebody who may see all. */
function forgetful(core: Core): Core {
  const authenticate: Core['access']['authenticate'] = async (token) => {
    const actor: Actor = await core.access.authenticate(token);
    return { ...actor, role: 'owner', scopes: SCOPES };
  };
  return { ...core, access: { ...core.access, authenticate } };
}
