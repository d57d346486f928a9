import { Secret } from '@cardea/kit-runtime';
import { type Actor, type Core, CoreError, type Person, type Scope } from '@cardea/server-core';
import { somebody } from './persons.ts';
import { WHOLE } from './table.ts';
import type { FakeWorld } from './world.ts';

/** Every scope there is. */
const ALL_SCOPES: readonly Scope[] = [
  'estate:read',
  'estate:write',
  'locks:read',
  'locks:operate',
  'locks:manage',
  'persons:read',
  'persons:write',
  'gateways:write',
  'events:read',
  'audit:read',
  'tokens:write',
  'sim:write',
  'organizations:write',
  'alerts:write',
  'grants:read',
  'grants:write',
  'stays:write',
  'access:use',
];
const ADA = { name: 'Ada', email: 'ada@hotel.example' } as const;
const PASSWORD = 'correct horse battery';

/** Bearer tokens, and one person who can sign in. */
export interface FakeAccess extends Pick<Core, 'access'> {
  /** Makes a token for somebody of `organizationId`. */
  token(organizationId: string, scopes?: readonly Scope[], mustChangePassword?: boolean): string;
  withdraw(token: string): void;
  /** Ada of `org_a`, signed in. */
  session(who: Pick<Person, 'id' | 'role'>): { token: Secret<string>; expiresAt: number; person: Person };
}

/** Access by tokens that tests make, and by Ada's password. */
export function fakeAccess(world: FakeWorld): FakeAccess {
  const { id, number, now, calls, tokens } = world;
  const actors = new Map<string, Actor>();
  const token: FakeAccess['token'] = (organizationId, scopes = ALL_SCOPES, mustChangePassword = false) => {
    const made = `tok.${number()}`;
    const who = { organizationId, personId: 'per_1', tokenId: id('tok'), role: 'owner' } as const;
    actors.set(made, { ...who, scopes, mustChangePassword });
    return made;
  };
  const session: FakeAccess['session'] = (who) => ({
    token: new Secret(token('org_a')),
    expiresAt: now() + 3_600_000,
    person: somebody(world, { ...ADA, ...who, organizationId: 'org_a' }),
  });
  return {
    token,
    withdraw: (made) => void actors.delete(made),
    session,
    access: {
      found: async () => {
        throw new Error('not part of this door');
      },
      async signIn(email, password) {
        if (email !== ADA.email || password.reveal() !== PASSWORD) {
          throw new CoreError('bad_credentials', 'e-mail or password is wrong');
        }
        return session({ id: 'per_1', role: 'owner' });
      },
      async signOut(actor) {
        for (const [made, one] of actors) if (one.tokenId === actor.tokenId) actors.delete(made);
      },
      async changePassword(_, current) {
        if (current.reveal() !== PASSWORD) throw new CoreError('bad_credentials', 'wrong password');
      },
      self: async ({ organizationId, personId, role }) => ({
        person: somebody(world, { ...ADA, id: personId, organizationId, role }),
        organization: { id: organizationId, name: 'Hotel', createdAt: now() },
      }),
      async denied() {
        calls.push('denied');
      },
      async authenticate(bearer) {
        const actor = actors.get(bearer.reveal());
        if (actor === undefined) throw new CoreError('not_signed_in', 'the token is not known, or has expired');
        return actor;
      },
      async createToken({ organizationId, personId }, { name, scopes, expiresInS }) {
        calls.push('createToken');
        const own = { id: id('tok'), organizationId, personId, kind: 'api', phoneId: null } as const;
        const when = { createdAt: now(), expiresAt: now() + expiresInS * 1000 };
        const stored = tokens.add({ ...own, name, hash: '00', scopes, ...when });
        return { token: new Secret(`shown-once-${number()}`), stored };
      },
      listTokens: async (actor) => tokens.list(actor, WHOLE),
      removeToken: async (actor, key) => tokens.remove(actor, key),
    },
  };
}
