import { Secret } from '@cardea/kit-runtime';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Actor, Role } from '../src/index.ts';
import { PASSWORD, page, START_MS } from './kit.ts';
import { NEXT, openPeople, type PeopleWorld } from './people-kit.ts';

const DAY = 86_400_000;

let world: PeopleWorld;

/** Somebody of a role, signed in by a password of his own. */
async function person(role: Role): Promise<Actor> {
  const email = `${role}@home.test`;
  await world.core.persons.add(world.owner, { name: 'Somebody', email, role, password: PASSWORD });
  await world.core.access.changePassword(await world.signIn(email), PASSWORD, NEXT);
  return world.signIn(email, NEXT);
}

const code = (of: Promise<unknown>) =>
  of.then(
    () => undefined,
    (error: { code: string }) => error.code,
  );

beforeEach(async () => {
  world = await openPeople();
});

describe('whoever lives or stays here erases himself', () => {
  it.each(['resident', 'guest'] as const)(
    'a %s, who shows the password: rights, visitors and sessions end',
    async (role) => {
      const actor = await person(role);
      const { personId } = actor;
      const scope = { kind: 'doors', doorIds: [world.door.id] } as const;
      const { grant } = await world.core.grants.create(world.owner, {
        personId,
        scope,
        notBefore: START_MS,
        notAfter: null,
      });
      expect((await world.core.privacy.export(actor, personId)).data.grants).toHaveLength(1);
      await world.core.privacy.eraseOwn(actor, NEXT);
      expect(await code(world.core.persons.get(world.owner, personId))).toBe('not_found');
      expect(await code(world.core.grants.get(world.owner, grant.id))).toBe('not_found');
      expect(await code(world.core.access.signIn(`${role}@home.test`, NEXT, 'home'))).toBe('bad_credentials');
      const facts = await world.core.events.list(world.owner, { type: 'person.erased' }, page);
      expect(facts.map(({ detail }) => detail.person_id)).toEqual([personId]);
    },
  );

  it('nobody by a session alone', async () => {
    const actor = await person('resident');
    expect(await code(world.core.privacy.eraseOwn(actor, new Secret('not the password')))).toBe('bad_credentials');
    expect(await code(world.core.persons.get(world.owner, actor.personId))).toBeUndefined();
  });

  it('staff not at all: other staff do', async () => {
    const actor = await person('cleaner');
    expect(await code(world.core.privacy.eraseOwn(actor, NEXT))).toBe('conflict');
  });

  it('nobody while his stay is open', async () => {
    const actor = await person('guest');
    await world.core.stays.reserve(world.owner, {
      propertyId: world.propertyId,
      rooms: { doorIds: [world.door.id] },
      guest: { personId: actor.personId },
      from: undefined,
      until: { kind: 'utc', ms: START_MS + DAY },
    });
    expect(await code(world.core.privacy.eraseOwn(actor, NEXT))).toBe('conflict');
    expect(await code(world.core.persons.get(world.owner, actor.personId))).toBeUndefined();
  });
});
