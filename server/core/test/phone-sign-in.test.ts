import { generateP256, signP256 } from '@cardea/kit-node';
import { Secret } from '@cardea/kit-runtime';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Actor, enrolmentSigned, type Phone, signInSigned } from '../src/index.ts';
import { PASSWORD, page } from './kit.ts';
import { HOME, NEXT, openPeople, type PeopleWorld } from './people-kit.ts';

const ORIGIN = 'https://hotel.example:8443';
const OPERATOR = 'op@hotel.test';
const OWN = new Secret('a phrase of the owner');

type Pair = ReturnType<typeof generateP256>;

let world: PeopleWorld;
let owner: Actor;
let pair: Pair;

async function enrolled(actor: Actor, { publicKey, privateKey }: Pair = pair, more: object = {}): Promise<Phone> {
  const { challenge } = await world.core.phones.challenge(actor);
  const signature = signP256(privateKey, enrolmentSigned(challenge, publicKey));
  return world.core.phones.enrol(actor, { kind: 'phone', name: 'phone', publicKey, challenge, signature, ...more });
}

/** What a phone sends; each part can be another's. */
async function signed({ publicKey, privateKey }: Pair = pair, origin = ORIGIN) {
  const { challenge } = await world.core.phoneSignIn.challenge();
  return { publicKey, challenge, signature: signP256(privateKey, signInSigned(challenge, publicKey, origin)) };
}

const begin = async (input = signed()) => world.core.phoneSignIn.signIn(await input, HOME);
const inside = async (): Promise<Actor> => world.core.access.authenticate((await begin()).token, HOME);
const code = (of: Promise<unknown>) =>
  of.then(
    () => 'in',
    (error: { code?: string }) => error.code,
  );

async function open(origins?: readonly string[]): Promise<void> {
  world = await openPeople(['email', 'sms'], origins);
  await world.core.access.changePassword(await world.signIn(OPERATOR), PASSWORD, OWN);
  owner = await world.signIn(OPERATOR, OWN);
}

beforeEach(async () => {
  await open([ORIGIN]);
  pair = generateP256();
});

describe('a phone signs in by its own key', () => {
  it('begins a session of its person that holds access:use alone, whatever the role', async () => {
    const phone = await enrolled(owner);
    expect(phone.signsIn).toBe(true);
    const actor = await inside();
    expect(actor).toMatchObject({ personId: owner.personId, scopes: ['access:use'], session: 'phone' });
    expect(await code(world.core.persons.list(actor, page))).toBe('not_permitted');
  });

  it('says in the list of sessions which phone it was, and takes the place of its former session', async () => {
    await enrolled(owner);
    await begin();
    await begin();
    const byPhone = (await world.core.sessions.list(owner)).filter(({ use }) => use?.factor === 'phone');
    expect(byPhone.map(({ use }) => use?.device)).toEqual(['phone']);
  });

  it('uses a challenge once, also of two that come at once', async () => {
    await enrolled(owner);
    const once = await signed();
    const both = await Promise.all([1, 2].map(() => code(world.core.phoneSignIn.signIn(once, HOME))));
    expect(both.sort()).toEqual(['gone', 'in']);
    expect(await code(world.core.phoneSignIn.signIn(once, HOME))).toBe('gone');
  });

  it('takes no challenge that is over or that it did not make', async () => {
    await enrolled(owner);
    const late = await signed();
    await world.clock.advance(60_000);
    expect(await code(world.core.phoneSignIn.signIn(late, HOME))).toBe('gone');
    const challenge = new Uint8Array(54).fill(7);
    const signature = signP256(pair.privateKey, signInSigned(challenge, pair.publicKey, ORIGIN));
    expect(await code(world.core.phoneSignIn.signIn({ ...pair, challenge, signature }, HOME))).toBe('gone');
  });

  it('refuses in the same words a wrong signature, another origin, a key that nobody has and one of a card', async () => {
    await enrolled(owner);
    const card = generateP256();
    await enrolled(owner, card, { kind: 'card' });
    const mixed = { ...(await signed(generateP256())), publicKey: pair.publicKey };
    const tries = [mixed, signed(pair, 'https://evil.example'), signed(generateP256()), signed(card)];
    const said = await Promise.all(
      tries.map(async (input) =>
        begin(Promise.resolve(input)).catch((error: Error) => `${error.name} ${error.message}`),
      ),
    );
    expect(new Set(said).size).toBe(1);
    expect(said[0]).toContain('sign in with the password');
  });

  it('is signed for the enrolment of a phone by another label: one is not the other', async () => {
    await enrolled(owner);
    const { challenge } = await world.core.phoneSignIn.challenge();
    const signature = signP256(pair.privateKey, enrolmentSigned(challenge, pair.publicKey));
    expect(await code(world.core.phoneSignIn.signIn({ ...pair, challenge, signature }, HOME))).toBe('bad_credentials');
  });
});

describe('a phone signs in no more', () => {
  it('once it is reported lost: its session ends and its holder is on record', async () => {
    const phone = await enrolled(owner);
    const { token } = await begin();
    await world.core.phones.lost(owner, phone.id);
    expect(await code(world.core.access.authenticate(token))).toBe('not_signed_in');
    expect(await code(begin())).toBe('bad_credentials');
    const failed = await world.core.events.list(owner, { type: 'person.sign_in_failed' }, page);
    expect(failed.map(({ detail }) => detail.phone_id)).toEqual([phone.id]);
  });

  it.each([
    ['the password was changed elsewhere', async () => world.core.access.changePassword(owner, OWN, NEXT)],
    ['every other session was ended', async () => world.core.sessions.removeOthers(owner)],
    [
      'its session was ended',
      async () => {
        const view = (await world.core.sessions.list(owner)).find(({ use }) => use?.factor === 'phone');
        await world.core.sessions.remove(owner, view?.token.id ?? '');
      },
    ],
  ])('when %s, until it is enrolled again after a sign-in of the person', async (_, end) => {
    const phone = await enrolled(owner);
    const { token } = await begin();
    await end();
    expect(await code(world.core.access.authenticate(token))).toBe('not_signed_in');
    expect(await code(begin())).toBe('bad_credentials');
    expect(await enrolled(owner)).toMatchObject({ id: phone.id, signsIn: true });
    expect(await code(begin())).toBe('in');
  });

  it('when it has signed itself out', async () => {
    await enrolled(owner);
    await world.core.access.signOut(await inside());
    expect(await code(begin())).toBe('bad_credentials');
  });

  it('once its person is removed', async () => {
    const email = 'guest@hotel.test';
    await world.core.persons.add(owner, { name: 'Guest 1', email, role: 'guest', password: PASSWORD });
    const given = await world.signIn(email);
    await world.core.access.changePassword(given, PASSWORD, NEXT);
    const guest = await world.signIn(email, NEXT);
    await enrolled(guest);
    await world.core.persons.remove(owner, guest.personId);
    expect(await code(begin())).toBe('bad_credentials');
  });
});

describe('what the key of a phone is not enough for', () => {
  it('another phone and another address of the person', async () => {
    await enrolled(owner);
    const actor = await inside();
    expect(await code(enrolled(actor, generateP256()))).toBe('not_permitted');
    expect(await code(world.core.registration.addContact(actor, 'finder@example.org'))).toBe('not_permitted');
  });

  it('it is not enrolled by an API token, nor by staff for somebody, to sign in', async () => {
    const { token } = await world.core.access.createToken(owner, {
      name: 'ci',
      scopes: ['access:use'],
      expiresInS: 600,
    });
    const api = await world.core.access.authenticate(token);
    expect((await enrolled(api)).signsIn).toBe(false);
    expect(await code(begin())).toBe('bad_credentials');
    const guest = await world.core.persons.add(owner, {
      name: 'Guest 2',
      email: 'guest2@hotel.test',
      role: 'guest',
      password: new Secret('twelve monkeys!'),
    });
    expect((await enrolled(owner, generateP256(), { personId: guest.id })).signsIn).toBe(false);
  });

  it('it is asked for nothing where the server knows no origin of its own', async () => {
    await open();
    await enrolled(owner);
    expect(await code(begin())).toBe('bad_credentials');
  });
});
