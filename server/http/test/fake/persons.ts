import type { Core, Person } from '@cardea/server-core';
import type { FakeWorld } from './world.ts';

/** Somebody whose password is its own. */
export const somebody = (
  { now }: FakeWorld,
  who: Pick<Person, 'id' | 'organizationId' | 'name' | 'email' | 'role'>,
): Person => ({ ...who, mustChangePassword: false, createdAt: now() });

/** Persons, none of whom can sign in. */
export function fakePersons({ id, now, persons }: FakeWorld): Pick<Core, 'persons'> {
  return {
    persons: {
      list: async (actor, page) => persons.list(actor, page),
      get: async (actor, key) => persons.get(actor, key),
      async add({ organizationId }, { password: _, ...input }) {
        return persons.add({ id: id('per'), organizationId, mustChangePassword: true, createdAt: now(), ...input });
      },
      remove: async (actor, key, unchanged) => persons.remove(actor, key, unchanged),
    },
  };
}
