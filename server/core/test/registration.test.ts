import { Secret } from '@cardea/kit-runtime';
import { describe, expect, it } from 'vitest';
import { page, timePasses } from './kit.ts';
import { HOME, NEXT, openPeople, type PeopleWorld } from './people-kit.ts';

const ADDRESS = 'gwen@guest.test';
const PHONE = '+4930123456';
const WRONG = new Secret('000000');

const refused = (run: Promise<unknown>) =>
  run.then(
    () => 'taken',
    ({ code }: { code: string }) => code,
  );

async function registered(world: PeopleWorld, address = ADDRESS) {
  await world.core.registration.register({ name: 'Gwen', address }, HOME);
  const { id, code } = world.codeFor(address);
  return world.core.registration.confirm(id, code, NEXT);
}

describe('registration (seed 000, UDMS: phone or e-mail verified by a code)', () => {
  it.each([
    ['an e-mail address', ' Gwen@Guest.test ', ADDRESS],
    ['a phone number', '+49 (30) 123-456', PHONE],
  ])('by %s makes a guest, who holds nothing, and signs in by it', async (_, given, address) => {
    const world = await openPeople();
    const { verificationId } = await world.core.registration.register({ name: 'Gwen', address: given }, HOME);
    const { id, code } = world.codeFor(address);
    expect(id).toBe(verificationId);
    expect(code.reveal()).toMatch(/^\d{6}$/);
    const person = await world.core.registration.confirm(id, code, NEXT);
    expect(person).toMatchObject({ name: 'Gwen', email: address, role: 'guest', mustChangePassword: false });
    const actor = await world.signIn(given, NEXT);
    expect(actor).toMatchObject({ personId: person.id, role: 'guest' });
  });

  it('answers a known address like an unknown one, asks the same of the record, and tells its owner alone', async () => {
    const world = await openPeople();
    await registered(world);
    await world.clock.advance(60_000);
    const before = world.store.commits;
    const known = await world.core.registration.register({ name: 'Eve', address: ADDRESS }, HOME);
    const cost = world.store.commits - before;
    const strange = await world.core.registration.register({ name: 'Eve', address: 'nobody@guest.test' }, HOME);
    expect(world.store.commits - before - cost).toBe(cost);
    expect(Object.keys(known)).toEqual(Object.keys(strange));
    expect(known.expiresAt).toBe(strange.expiresAt);
    expect(world.notices.at(-2)).toMatchObject({ kind: 'known_address', address: ADDRESS, answer: null });
    // And nothing fits, whatever is tried.
    expect(await refused(world.core.registration.confirm(known.verificationId, WRONG, NEXT))).toBe('bad_code');
  });

  it('a code counts ten minutes, five tries, and once; wrong, used, expired and unknown are one refusal', async () => {
    const world = await openPeople();
    const { core, clock } = world;
    const ask = async (address: string) => {
      await core.registration.register({ name: 'Gwen', address }, HOME);
      return world.codeFor(address);
    };
    const late = await ask('late@guest.test');
    await clock.advance(600_000);
    expect(await refused(core.registration.confirm(late.id, late.code, NEXT))).toBe('bad_code');
    const tried = await ask('tried@guest.test');
    const wrong = new Secret(tried.code.reveal() === '000000' ? '000001' : '000000');
    for (let tries = 0; tries < 5; tries++) {
      expect(await refused(core.registration.confirm(tried.id, wrong, NEXT))).toBe('bad_code');
    }
    expect(await refused(core.registration.confirm(tried.id, tried.code, NEXT))).toBe('bad_code');
    const once = await ask('once@guest.test');
    const both = await Promise.all([
      refused(core.registration.confirm(once.id, once.code, NEXT)),
      refused(core.registration.confirm(once.id, once.code, NEXT)),
    ]);
    expect(both.sort()).toEqual(['bad_code', 'taken']);
    expect(await refused(core.registration.confirm('ver_0', once.code, NEXT))).toBe('bad_code');
  });

  it('a password that is refused for itself costs no try', async () => {
    const world = await openPeople();
    await world.core.registration.register({ name: 'Gwen', address: ADDRESS }, HOME);
    const { id, code } = world.codeFor(ADDRESS);
    for (let tries = 0; tries < 6; tries++) {
      expect(await refused(world.core.registration.confirm(id, code, new Secret('short')))).toBe('invalid');
    }
    expect(await refused(world.core.registration.confirm(id, code, NEXT))).toBe('taken');
  });

  it('an address is sent one code in 30 s, five an hour, ten a day, known or not', async () => {
    const world = await openPeople();
    await registered(world);
    for (const address of [ADDRESS, 'nobody@guest.test']) {
      const ask = () =>
        refused(world.core.registration.recover({ address }, `from ${address} ${world.notices.length}`));
      await world.clock.advance(48 * 3_600_000);
      expect(await ask()).toBe('taken');
      expect(await ask()).toBe('too_many');
      let sent = 1;
      for (let minutes = 0; minutes < 59; minutes++) {
        await world.clock.advance(60_000);
        if ((await ask()) === 'taken') sent++;
      }
      expect(sent).toBe(5);
      for (let hours = 0; hours < 22; hours++) {
        await world.clock.advance(3_600_000);
        if ((await ask()) === 'taken') sent++;
      }
      expect(sent).toBe(10);
    }
  });

  it('a sender asks for twenty codes an hour, whatever the addresses', async () => {
    const world = await openPeople();
    const ask = (n: number) =>
      refused(world.core.registration.register({ name: 'G', address: `g${n}@guest.test` }, HOME));
    for (let n = 0; n < 20; n++) expect(await ask(n)).toBe('taken');
    expect(await ask(20)).toBe('too_many');
    await world.clock.advance(3_600_000);
    expect(await ask(21)).toBe('taken');
  });

  it('is refused by invitation only, and where nothing sends', async () => {
    const world = await openPeople(['email']);
    const register = (address: string) => refused(world.core.registration.register({ name: 'Gwen', address }, HOME));
    expect(await register(PHONE)).toBe('unavailable');
    await world.core.factors.setPolicy(world.owner, { registration: 'invited' });
    expect(await register(ADDRESS)).toBe('not_permitted');
    expect(world.notices).toEqual([]);
    for (const address of ['', 'nobody', '030 123456', 'a b@c.test', '+0123456789']) {
      expect(await register(address)).toBe('invalid');
    }
  });

  it('no code lies in the record: only its HMAC, under a key that is sealed', async () => {
    const world = await openPeople();
    await world.core.registration.register({ name: 'Gwen', address: ADDRESS }, HOME);
    const { id, code } = world.codeFor(ADDRESS);
    const row = await world.store.read((tx) => tx.verifications.byId(id));
    expect(row?.codeHash).toHaveLength(32);
    expect(JSON.stringify(row)).not.toContain(code.reveal());
  });
});

describe('invitation', () => {
  const INVITED = { name: 'Mo', role: 'front_desk', address: 'mo@hotel.test' } as const;

  it('makes a person who cannot sign in before the code, and then by the own password', async () => {
    const world = await openPeople();
    const { core, owner } = world;
    const { person } = await core.registration.invite(owner, INVITED);
    expect(await refused(core.access.signIn(INVITED.address, NEXT, HOME))).toBe('bad_credentials');
    const { id, code } = world.codeFor(INVITED.address);
    expect(code.reveal()).toMatch(/^[0-9a-z]{20}$/);
    await timePasses(world, 6 * 24 * 3_600_000);
    await core.registration.confirm(id, new Secret(code.reveal().toUpperCase()), NEXT);
    expect(await world.signIn(INVITED.address, NEXT)).toMatchObject({ personId: person.id, role: 'front_desk' });
    expect(await refused(core.registration.inviteAgain(owner, person.id))).toBe('conflict');
  });

  it('sent again, the former code is void', async () => {
    const world = await openPeople();
    const { person } = await world.core.registration.invite(world.owner, INVITED);
    const first = world.codeFor(INVITED.address);
    await world.clock.advance(60_000);
    await world.core.registration.inviteAgain(world.owner, person.id);
    expect(await refused(world.core.registration.confirm(first.id, first.code, NEXT))).toBe('bad_code');
    const second = world.codeFor(INVITED.address);
    expect(await refused(world.core.registration.confirm(second.id, second.code, NEXT))).toBe('taken');
  });

  it('nobody invites to a role above his own, without the scope, or to an address that is taken', async () => {
    const world = await openPeople();
    const { core, owner } = world;
    const manager = { ...owner, role: 'manager' as const };
    expect(await refused(core.registration.invite(manager, { ...INVITED, role: 'owner' }))).toBe('not_permitted');
    expect(await refused(core.registration.invite({ ...owner, scopes: [] }, INVITED))).toBe('not_permitted');
    await core.registration.invite(owner, INVITED);
    expect(await refused(core.registration.invite(owner, INVITED))).toBe('conflict');
  });
});

describe('recovery', () => {
  it('sets a new password, ends every session, tells the person, and keeps the second factor', async () => {
    const world = await openPeople();
    const { core } = world;
    await registered(world);
    const session = await core.access.signIn(ADDRESS, NEXT, HOME);
    await world.clock.advance(60_000);
    await core.registration.recover({ address: ADDRESS }, HOME);
    const { id, code } = world.codeFor(ADDRESS);
    const other = new Secret('a third passphrase');
    await core.registration.confirm(id, code, other);
    expect(await refused(core.access.authenticate(session.token))).toBe('not_signed_in');
    expect(await refused(core.access.signIn(ADDRESS, NEXT, HOME))).toBe('bad_credentials');
    expect(await refused(core.access.signIn(ADDRESS, other, HOME))).toBe('taken');
    expect(world.notices.at(-1)).toMatchObject({ kind: 'password_changed', address: ADDRESS, answer: null });
  });

  it('of an address that nobody has sends nothing, and nothing fits', async () => {
    const world = await openPeople();
    const { verificationId } = await world.core.registration.recover({ address: 'nobody@guest.test' }, HOME);
    expect(world.notices).toEqual([]);
    expect(await refused(world.core.registration.confirm(verificationId, WRONG, NEXT))).toBe('bad_code');
  });

  it('an organization that is not there answers like one that does not know the address', async () => {
    const world = await openPeople();
    const asked = world.core.registration.recover({ organizationId: 'org_0', address: ADDRESS }, HOME);
    expect(Object.keys(await asked)).toEqual(['verificationId', 'expiresAt']);
  });

  it('what was asked of an organization that is not there is bounded there, and takes nothing from those that are', async () => {
    const world = await openPeople();
    const { registration } = world.core;
    const elsewhere = { organizationId: 'org_0', address: ADDRESS };
    expect(await refused(registration.recover(elsewhere, HOME))).toBe('taken');
    expect(await refused(registration.recover(elsewhere, HOME))).toBe('too_many');
    expect(await refused(registration.recover({ address: ADDRESS }, HOME))).toBe('taken');
    // Nor does it leave an address behind that nobody would erase.
    const { organizationId } = world.owner;
    const page = { after: undefined, limit: 10 };
    const kept = await world.store.read((tx) => tx.verifications.list(organizationId, {}, page));
    expect(kept.map(({ address }) => address === ADDRESS)).toEqual([false, true]);
  });
});

describe('addresses of the own', () => {
  it('a proved phone number signs in as well, until it is removed', async () => {
    const world = await openPeople();
    const { core } = world;
    await registered(world);
    const actor = await world.signIn(ADDRESS, NEXT);
    await core.registration.addContact(actor, PHONE);
    expect(await refused(core.access.signIn(PHONE, NEXT, HOME))).toBe('bad_credentials');
    const { id, code } = world.codeFor(PHONE);
    await core.registration.confirm(id, code, undefined);
    expect((await world.signIn(PHONE, NEXT)).personId).toBe(actor.personId);
    const contacts = await core.registration.contacts(actor);
    expect(contacts.map(({ address }) => address)).toEqual([ADDRESS, PHONE]);
    await core.registration.removeContact(actor, contacts[1]!.id);
    expect(await refused(core.access.signIn(PHONE, NEXT, HOME))).toBe('bad_credentials');
  });

  it('one that somebody else has is answered the same; its owner is told', async () => {
    const world = await openPeople();
    await registered(world);
    await registered(world, 'eve@guest.test');
    await world.clock.advance(60_000);
    const eve = await world.signIn('eve@guest.test', NEXT);
    const { verificationId } = await world.core.registration.addContact(eve, ADDRESS);
    expect(world.notices.at(-1)).toMatchObject({ kind: 'known_address', address: ADDRESS });
    expect(await refused(world.core.registration.confirm(verificationId, WRONG, undefined))).toBe('bad_code');
    const [contact] = await world.core.registration.contacts(await world.signIn(ADDRESS, NEXT));
    expect(await refused(world.core.registration.removeContact(eve, contact!.id))).toBe('not_found');
  });

  it('what people did is on record by ids alone', async () => {
    const world = await openPeople();
    await registered(world);
    const told = JSON.stringify(await world.core.events.list(world.owner, {}, page));
    expect(told).toContain('person.registered');
    for (const datum of [ADDRESS, 'Gwen', HOME]) expect(told).not.toContain(datum);
  });
});
