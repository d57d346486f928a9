import { Secret } from '@cardea/kit-runtime';
import { type Grant, localActor, type Person, type Role } from '@cardea/server-core';
import { afterEach, describe, expect, it } from 'vitest';
import { createDemoEstate, type Estate, phoneDesk, type VirtualPhone } from '../src/index.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let estate: Estate;
afterEach(() => estate?.stop());

const hour = (): number => Math.floor(estate.clock.now() / HOUR_MS) * HOUR_MS;
const core = () => estate.ras.core;

async function openEstate(locks = 1): Promise<void> {
  let kept = 0;
  estate = await createDemoEstate({ seed: 7, keep: ({ maker }) => maker === 'cardea' && kept++ < locks });
  await estate.enrolAll();
  await provisioned();
}

/** Runs until nothing is to be brought to any lock. */
async function provisioned(forMs = 10 * 60_000): Promise<void> {
  let due: number | undefined = 0;
  await estate.clock.runUntil(() => {
    estate.ras.store
      .read((tx) => tx.access.nextDue())
      .then((next) => {
        due = next;
      });
    return due === undefined || due > estate.clock.now() + DAY_MS;
  }, forMs);
}

const addPerson = (name: string, role: Role = 'guest'): Promise<Person> =>
  core().persons.add(estate.ras.owner, {
    name,
    email: `${name.toLowerCase()}@hotel.test`,
    role,
    password: new Secret('correct horse battery'),
  });

async function grantOf(person: Person, more: object = {}): Promise<Grant> {
  const { grant } = await core().grants.create(estate.ras.owner, {
    personId: person.id,
    scope: { kind: 'doors', doorIds: [estate.doorId('101')] },
    notBefore: hour() - HOUR_MS,
    notAfter: hour() + 7 * DAY_MS,
    ...more,
  });
  await provisioned();
  return grant;
}

async function phoneOf(person: Person, name = 'phone'): Promise<VirtualPhone> {
  const phone = await estate.phone(`${name} of ${person.name}`);
  await phoneDesk(core, estate.ras.owner).enrol(phone, 'phone', person.id);
  return phone;
}

const fetchKeys = (phone: VirtualPhone) => phoneDesk(core, estate.ras.owner).fetch(phone);

/** Whether the door opens to this phone now, by the lock's own word. */
async function opens(phone: VirtualPhone, door = '101'): Promise<boolean> {
  let opening: Awaited<ReturnType<VirtualPhone['tap']>> | undefined;
  phone.tap(door, 'unlock').then((one) => {
    opening = one;
  });
  await estate.clock.runUntil(() => opening !== undefined, 60_000);
  await estate.clock.advance(15_000);
  return opening?.kind === 'answered' && opening.receipt.result === 'done';
}

/** Whether the door opens to this entry now. */
async function enters(code: string, door = '101'): Promise<boolean> {
  const lock = estate.lock(door);
  const before = lock.view().opens;
  lock.enterCode(code);
  await estate.clock.advance(15_000);
  return lock.view().opens > before;
}

describe('who is removed', () => {
  it('opens nothing any more, by no key and no PIN: the locks are told', async () => {
    await openEstate();
    const { owner } = estate.ras;
    const person = await addPerson('Gone', 'cleaner');
    const grant = await grantOf(person, { methods: ['mobile_key', 'pin'], notAfter: null });
    const phone = await phoneOf(person);
    await fetchKeys(phone);
    const { pin } = await core().pins.makeOnline(owner, grant.id, undefined);
    await provisioned();
    expect(await opens(phone)).toBe(true);
    expect(await enters(pin.reveal())).toBe(true);
    await core().persons.remove(owner, person.id);
    await provisioned();
    expect(await opens(phone)).toBe(false);
    expect(await enters(pin.reveal())).toBe(false);
    expect(await core().grants.get(owner, grant.id)).toMatchObject({ state: 'revoked' });
  });
});

describe('a phone for somebody else', () => {
  it('is enrolled by nobody for whom it would open more than he could grant', async () => {
    await openEstate();
    const { owner } = estate.ras;
    const desk = localActor(await addPerson('Desk', 'front_desk'));
    const enrol = async (person: Person) =>
      phoneDesk(core, desk).enrol(await estate.phone(`of ${person.name}`), 'card', person.id);
    await expect(enrol(await addPerson('Boss', 'manager'))).rejects.toMatchObject({ code: 'not_permitted' });
    const porter = await addPerson('Porter', 'guest');
    await grantOf(porter, { operations: ['unlock', 'lock', 'override'] });
    await expect(enrol(porter)).rejects.toMatchObject({ code: 'not_permitted' });
    const guest = await addPerson('Gast');
    await grantOf(guest);
    expect(await enrol(guest)).toMatch(/^phone_/);
    const phones = await core().phones.list(owner, {}, { after: undefined, limit: 10 });
    expect(phones.map(({ personId }) => personId)).toEqual([guest.id]);
  });
});

describe('a phone that is lost', () => {
  it('gets no key that was asked for in the same moment', async () => {
    await openEstate();
    const { owner, store } = estate.ras;
    const person = await addPerson('Gast');
    const grant = await grantOf(person);
    const phone = await phoneOf(person);
    const [asked] = await Promise.allSettled([
      core().phones.keys(owner, phone.phoneId!),
      core().phones.lost(owner, phone.phoneId!),
    ]);
    const leases = await store.read((tx) =>
      tx.access.leases.list(owner.organizationId, { grantId: grant.id }, { after: undefined, limit: 10 }),
    );
    expect(leases.filter(({ state }) => state === 'active')).toEqual([]);
    expect(asked.status === 'rejected' || leases.length > 0).toBe(true);
  });

  it('does not give its counted uses to the next phone: what a lock has counted it may not have told', async () => {
    await openEstate();
    const { owner } = estate.ras;
    const person = await addPerson('Handwerker');
    await grantOf(person, { uses: 1 });
    const first = await phoneOf(person, 'first');
    await fetchKeys(first);
    estate.cutUplink(true);
    expect(await opens(first)).toBe(true);
    await core().phones.lost(localActor(person), first.phoneId!);
    const second = await phoneOf(person, 'second');
    const bundle = await fetchKeys(second);
    expect(bundle.without).toMatchObject([{ reason: 'other_phone' }]);
    expect(await opens(second)).toBe(false);
    expect(owner.role).toBe('owner');
  });
});

describe('an offline PIN', () => {
  it.each([
    ['ends sooner', () => ({ notAfter: hour() + 2 * HOUR_MS })],
    ['has no PIN any more', () => ({ methods: ['mobile_key'] as const })],
    ['asks for a second person', () => ({ conditions: { geofence: false, secondPerson: true, firstUse: null } })],
    ['is of another door', () => ({ scope: { kind: 'doors', doorIds: [estate.doorId('102')] } as const })],
  ])('is over with what its grant was, when the grant %s', async (_, change) => {
    await openEstate(2);
    const { owner } = estate.ras;
    const grant = await grantOf(await addPerson('Gast'), { methods: ['pin'] });
    const [shown] = await core().pins.makeOffline(owner, grant.id, { window: '24h', startAt: hour() });
    expect(await enters(shown!.pin.reveal())).toBe(true);
    await core().grants.change(owner, grant.id, change(), []);
    await provisioned();
    expect(await enters(shown!.pin.reveal())).toBe(false);
  });

  it('is one however often it is asked for, and a grant has fifty of them a door at most', async () => {
    await openEstate();
    const { owner } = estate.ras;
    const person = await addPerson('Gast');
    const grant = await grantOf(person, { methods: ['pin'] });
    const make = (n: number) =>
      core().pins.makeOffline(localActor(person), grant.id, { window: '3h', startAt: hour() + n * HOUR_MS });
    const [first] = await make(0);
    const [again] = await make(0);
    expect(again!.given).toEqual(first!.given);
    expect(again!.pin.reveal()).toBe(first!.pin.reveal());
    for (let n = 1; n < 50; n++) await make(n);
    await expect(make(50)).rejects.toMatchObject({ code: 'too_many' });
    expect((await core().pins.list(owner, grant.id)).offline).toHaveLength(50);
  });

  it("is ended with others' by staff alone", async () => {
    await openEstate();
    const { owner } = estate.ras;
    const [one, other] = [await addPerson('Eins'), await addPerson('Zwei')];
    const grants = [await grantOf(one, { methods: ['pin'] }), await grantOf(other, { methods: ['pin'] })];
    const window = { window: '24h', startAt: hour() } as const;
    const [own] = await core().pins.makeOffline(localActor(one), grants[0]!.id, window);
    await core().pins.remove(localActor(one), grants[0]!.id);
    await provisioned();
    expect(await enters(own!.pin.reveal())).toBe(false);
    for (const grant of grants) await core().pins.makeOffline(owner, grant.id, window);
    const remove = core().pins.remove(localActor(one), grants[0]!.id);
    await expect(remove).rejects.toMatchObject({ code: 'precondition_failed' });
    await core().pins.remove(owner, grants[0]!.id);
    const { offline } = await core().pins.list(owner, grants[1]!.id);
    expect(offline).toMatchObject([{ voidedAt: expect.any(Number) }]);
  });

  it('stays while its grant still allows it', async () => {
    await openEstate();
    const { owner } = estate.ras;
    const grant = await grantOf(await addPerson('Gast'), { methods: ['pin'] });
    const [shown] = await core().pins.makeOffline(owner, grant.id, { window: '24h', startAt: hour() });
    await core().grants.change(owner, grant.id, { notAfter: hour() + 9 * DAY_MS }, []);
    await core().grants.change(owner, grant.id, { notAfter: hour() + 2 * DAY_MS }, []);
    await provisioned();
    expect(await enters(shown!.pin.reveal())).toBe(true);
  });
});

describe('a PIN', () => {
  it('whose grant ends sooner now has the former end as its T until the lock has heard', async () => {
    await openEstate();
    const { owner } = estate.ras;
    const grant = await grantOf(await addPerson('Gast'), { methods: ['pin'] });
    const { pin } = await core().pins.makeOnline(owner, grant.id, undefined);
    await provisioned();
    const shown = async () => (await core().methods.ofGrant(owner, grant.id))[0]!.ending;
    expect((await shown()).at).toBeGreaterThanOrEqual(grant.notAfter!);
    estate.cutUplink(true);
    const sooner = hour() + 2 * HOUR_MS;
    await core().grants.change(owner, grant.id, { notAfter: sooner }, []);
    expect((await shown()).at).toBeGreaterThanOrEqual(grant.notAfter!);
    await estate.clock.advance(3 * HOUR_MS);
    // The grant is over at the server; what the lock holds still opens, and nobody says otherwise.
    expect(await enters(pin.reveal())).toBe(true);
    expect((await shown()).at).toBeGreaterThanOrEqual(grant.notAfter!);
    estate.mendUplink();
    await provisioned(30 * 60_000);
    expect(await enters(pin.reveal())).toBe(false);
    expect(await shown()).toMatchObject({ why: 'acknowledged' });
  });

  it('is none of a grant that does not unlock', async () => {
    await openEstate();
    const person = await addPerson('Gast');
    await expect(grantOf(person, { operations: ['lock'], methods: ['pin'] })).rejects.toMatchObject({
      code: 'invalid',
    });
    const grant = await grantOf(person, { methods: ['pin'] });
    const change = core().grants.change(estate.ras.owner, grant.id, { operations: ['lock'] }, []);
    await expect(change).rejects.toMatchObject({ code: 'invalid' });
  });
});

describe('a key of the whole property', () => {
  it('that was taken back while a lock was not there is taken back at it too', async () => {
    await openEstate(2);
    const { owner } = estate.ras;
    const [property] = await core().estate.listProperties(owner, { after: undefined, limit: 1 });
    const who = await addPerson('Staff', 'cleaner');
    const grant = await grantOf(who, { scope: { kind: 'property', propertyId: property!.id } });
    const phone = await phoneOf(who);
    await fetchKeys(phone);
    expect(await opens(phone)).toBe(true);
    const filter = { identifier: estate.identity('101').identifier };
    const [lock] = await core().locks.list(owner, filter, { after: undefined, limit: 1 });
    await estate.end(await core().locks.remove(owner, lock!.id));
    await estate.clock.advance(60_000);
    await core().grants.revoke(owner, grant.id);
    await provisioned();
    const again = await core().locks.enrol(owner, { doorId: estate.doorId('101'), ...filter });
    await estate.clock.runUntil(() => estate.lock('101').view().confirmationWanted, 600_000);
    estate.lock('101').pressButton();
    await estate.end(again);
    await provisioned();
    // A phone that does not care whom it talks to needs nothing of the new binding: the lock has to know.
    const { lockId } = await core().estate.getDoor(owner, estate.doorId('101'));
    const { organizationId } = owner;
    const denials = await estate.ras.store.read((tx) =>
      tx.access.denials.list(organizationId, { lockId: lockId! }, { after: undefined, limit: 10 }),
    );
    expect(denials).toMatchObject([{ series: 6, acknowledgedAt: expect.any(Number) }]);
  });
});
