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

/** The code that every step and verification of the fake takes. */
export const CODE = '123456';

/** What the fake needs of the rest of it. */
export interface FakePeopleParts {
  readonly id: (prefix: string) => string;
  readonly now: () => number;
  /** @throws CoreError `not_found` */
  readonly person: (actor: Actor, key: string) => Person;
  readonly erased: (actor: Actor, key: string) => void;
  /** A bearer token of somebody of the organization. */
  readonly token: (organizationId: string) => string;
}

/** People of the fake core: every code is 123456, every step that begins with `cp_` is open. */
export function fakePeople({
  id,
  now,
  token,
  person: known,
  erased,
}: FakePeopleParts): Pick<Core, 'registration' | 'factors' | 'secondStep' | 'phoneSignIn' | 'sessions' | 'privacy'> {
  const contacts = new Map<string, Contact>();
  const passkeys = new Map<string, Passkey>();
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
  const own = <T extends { readonly organizationId: string }>(actor: Actor, rows: Map<string, T>, key: string): T => {
    const row = rows.get(key);
    if (row?.organizationId !== actor.organizationId) throw new CoreError('not_found', 'there is no such thing');
    return row;
  };
  const person = (organizationId: string, name: string, email: string): Person => ({
    id: id('per'),
    organizationId,
    name,
    email,
    role: 'guest',
    mustChangePassword: false,
    createdAt: now(),
  });
  const policyOf = ({ organizationId }: Actor): SignInPolicy =>
    policies.get(organizationId) ?? { organizationId, secondFactor: 'optional', registration: 'open' };
  return {
    registration: {
      register: async () => asked(),
      recover: async () => asked(),
      async confirm(_, code) {
        if (code.reveal() !== CODE) throw new CoreError('bad_code', 'the code is wrong', { field: 'code' });
        return person('org_a', 'Gwen', 'gwen@guest.example');
      },
      invite: async ({ organizationId }, { name, address }) => ({
        person: person(organizationId, name, address),
        sent: asked(),
      }),
      async inviteAgain(actor, key) {
        known(actor, key);
        return asked();
      },
      contacts: async ({ organizationId }) =>
        [...contacts.values()].filter((one) => one.organizationId === organizationId),
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
        contacts.set(row.id, row);
        return asked();
      },
      async removeContact(actor, key) {
        contacts.delete(own(actor, contacts, key).id);
      },
    },
    factors: {
      view: async ({ organizationId }) => ({
        totp: true,
        passkeys: [...passkeys.values()].filter((one) => one.organizationId === organizationId),
        recoveryCodesLeft: 10,
        required: false,
      }),
      beginTotp: async () => ({ uri: new Secret('otpauth://totp/a'), secret: new Secret('ABCDEFGH') }),
      async confirmTotp(_, code) {
        if (code.reveal() !== CODE) throw new CoreError('bad_code', 'the code is wrong', { field: 'code' });
        return codes();
      },
      removeTotp: async () => {},
      beginPasskey: async () => ({ stepId: id('step'), options: { challenge: 'c' } }),
      async addPasskey({ organizationId, personId }, { name }) {
        const passkey: Passkey = {
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
        };
        passkeys.set(passkey.id, passkey);
        return { passkey, recoveryCodes: codes() };
      },
      async removePasskey(actor, key) {
        passkeys.delete(own(actor, passkeys, key).id);
      },
      renewRecoveryCodes: async () => codes(),
      async reset(actor, key) {
        known(actor, key);
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
            : known(actor, key);
        return { exportedAt: now(), person: who, data: { phones: [phone], offlinePins: [] } };
      },
      async eraseOwn() {},
      async erase(actor, key, unchanged) {
        unchanged?.(known(actor, key));
        erased(actor, key);
      },
    },
    secondStep: {
      async answer(step, answer) {
        const right = step.reveal().startsWith('cp_') && (answer.kind === 'passkey' || answer.code.reveal() === CODE);
        if (!right) throw new CoreError('bad_code', 'the code is wrong', { field: 'code' });
        const ada = person('org_a', 'Ada', 'ada@hotel.example');
        return { token: new Secret(token('org_a')), expiresAt: now() + 3_600_000, person: ada };
      },
      beginPasskeySignIn: async () => ({ step: new Secret(`cp_${id('step')}`), options: { challenge: 'c' } }),
    },
    phoneSignIn: {
      challenge: async () => ({ challenge: new Uint8Array(54).fill(1), expiresAt: now() + 60_000 }),
      async signIn({ signature }) {
        if (signature[0] !== 1) throw new CoreError('bad_credentials', 'this phone cannot sign in by its key');
        const ada = person('org_a', 'Ada', 'ada@hotel.example');
        return { token: new Secret(token('org_a')), expiresAt: now() + 3_600_000, person: ada };
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
