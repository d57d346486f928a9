import { Secret } from '@cardea/kit-runtime';
import {
  type Actor,
  type Contact,
  type Core,
  CoreError,
  type Passkey,
  type Person,
  type SessionView,
  type SignInPolicy,
} from '@cardea/server-core';
import type { FakeAccess } from './access.ts';
import { somebody } from './persons.ts';
import { createTable, WHOLE } from './table.ts';
import type { FakeWorld } from './world.ts';

/** The code that every step and verification of the fake takes. */
const CODE = '123456';

/** People of the fake core: every code is 123456, every step that begins with `cp_` is open. */
export function fakePeople(
  world: FakeWorld,
  signedIn: FakeAccess['session'],
): Pick<Core, 'registration' | 'factors' | 'secondStep' | 'phoneSignIn' | 'sessions' | 'privacy'> {
  const { id, now, persons } = world;
  const contacts = createTable<Contact>();
  const passkeys = createTable<Passkey>();
  const policies = new Map<string, SignInPolicy>();
  const session: SessionView = {
    token: {
      id: id('tok'),
      organizationId: 'org_a',
      personId: 'per_1',
      kind: 'session',
      name: 'session',
      hash: '00',
      scopes: [],
      phoneId: null,
      createdAt: now(),
      expiresAt: now() + 3_600_000,
    },
    use: undefined,
    current: false,
  };
  const open = new Map([[session.token.id, session]]);
  const asked = () => ({ verificationId: id('ver'), expiresAt: now() + 600_000 });
  const codes = () => [new Secret('abcde-fghjk')];
  const person = (organizationId: string, name: string, email: string): Person =>
    somebody(world, { id: id('per'), organizationId, name, email, role: 'guest' });
  const proved = (code: Secret<string>): void => {
    if (code.reveal() !== CODE) throw new CoreError('bad_code', 'the code is wrong', { field: 'code' });
  };
  const policyOf = ({ organizationId }: Actor): SignInPolicy =>
    policies.get(organizationId) ?? { organizationId, secondFactor: 'optional', registration: 'open' };
  return {
    registration: {
      register: async () => asked(),
      recover: async () => asked(),
      async confirm(_, code) {
        proved(code);
        return person('org_a', 'Gwen', 'gwen@guest.example');
      },
      invite: async ({ organizationId }, { name, address }) => ({
        person: person(organizationId, name, address),
        sent: asked(),
      }),
      async inviteAgain(actor, key) {
        persons.get(actor, key);
        return asked();
      },
      contacts: async (actor) => contacts.list(actor, WHOLE),
      async addContact({ organizationId, personId }, address) {
        const row = {
          id: id('con'),
          organizationId,
          personId,
          channel: 'email' as const,
          address,
          verifiedAt: now(),
          createdAt: now(),
        };
        contacts.add(row);
        return asked();
      },
      removeContact: async (actor, key) => contacts.remove(actor, key),
    },
    factors: {
      view: async (actor) => ({
        totp: true,
        passkeys: passkeys.list(actor, WHOLE),
        recoveryCodesLeft: 10,
        required: false,
      }),
      beginTotp: async () => ({ uri: new Secret('otpauth://totp/a'), secret: new Secret('ABCDEFGH') }),
      async confirmTotp(_, code) {
        proved(code);
        return codes();
      },
      removeTotp: async () => {},
      beginPasskey: async () => ({ stepId: id('step'), options: { challenge: 'c' } }),
      async addPasskey({ organizationId, personId }, { name }) {
        const passkey = passkeys.add({
          id: id('pk'),
          organizationId,
          personId,
          name,
          credentialId: 'credential',
          publicKey: new Uint8Array(77),
          counter: 0,
          transports: ['internal'],
          lastUsedAt: null,
          createdAt: now(),
        });
        return { passkey, recoveryCodes: codes() };
      },
      removePasskey: async (actor, key) => passkeys.remove(actor, key),
      renewRecoveryCodes: async () => codes(),
      async reset(actor, key) {
        persons.get(actor, key);
      },
      policy: async (actor) => policyOf(actor),
      async setPolicy(actor, change) {
        const policy = { ...policyOf(actor), ...change };
        policies.set(actor.organizationId, policy);
        return policy;
      },
    },
    privacy: {
      async export(actor, key) {
        const phone = { id: 'phone_1', publicKey: Uint8Array.of(4, 255), createdAt: now(), lostAt: null };
        const who =
          key === actor.personId
            ? { ...person(actor.organizationId, 'Ada', 'ada@hotel.example'), id: key }
            : persons.get(actor, key);
        return { exportedAt: now(), person: who, data: { phones: [phone], offlinePins: [] } };
      },
      async eraseOwn() {},
      erase: async (actor, key, unchanged) => persons.remove(actor, key, unchanged),
    },
    secondStep: {
      async answer(step, answer) {
        const right = step.reveal().startsWith('cp_') && (answer.kind === 'passkey' || answer.code.reveal() === CODE);
        if (!right) throw new CoreError('bad_code', 'the code is wrong', { field: 'code' });
        return signedIn({ id: id('per'), role: 'guest' });
      },
      beginPasskeySignIn: async () => ({ step: new Secret(`cp_${id('step')}`), options: { challenge: 'c' } }),
    },
    phoneSignIn: {
      challenge: async () => ({ challenge: new Uint8Array(54).fill(1), expiresAt: now() + 60_000 }),
      async signIn({ signature }) {
        if (signature[0] !== 1) throw new CoreError('bad_credentials', 'this phone cannot sign in by its key');
        return signedIn({ id: id('per'), role: 'guest' });
      },
    },
    sessions: {
      list: async (actor) =>
        [...open.values()].filter(({ token: { organizationId } }) => organizationId === actor.organizationId),
      async remove(actor, key) {
        if (open.get(key)?.token.organizationId !== actor.organizationId) {
          throw new CoreError('not_found', 'there is no such session');
        }
        open.delete(key);
      },
      removeOthers: async () => 0,
    },
  };
}
