import { toHex } from '@cardea/kit-octets';
import { Secret } from '@cardea/kit-runtime';
import type { Actor, Grant, KeyBundle, Person } from '@cardea/server-core';
import { afterEach, describe, expect, it } from 'vitest';
import { createDemoEstate, type Estate, phoneDesk, phoneKeyOf, type VirtualPhone } from '../src/index.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const everything = { after: undefined, limit: 200 } as const;

let estate: Estate;
afterEach(() => estate?.stop());

/** The hour that has begun. */
const hour = (): number => Math.floor(estate.clock.now() / HOUR_MS) * HOUR_MS;

/** Estates of the first `locks` locks of the usual maker, bound, each told where it is. */
async function openEstate(locks = 1, seed = 4): Promise<Estate> {
  let kept = 0;
  estate = await createDemoEstate({ seed, keep: ({ maker }) => maker === 'cardea' && kept++ < locks });
  await estate.enrolAll();
  await provisioned();
  return estate;
}

/** Runs until nothing is to be brought to any lock. */
async function provisioned(forMs = 10 * 60_000): Promise<void> {
  const { store } = estate.ras;
  let due: number | undefined = 0;
  await estate.clock.runUntil(() => {
    store
      .read((tx) => tx.access.nextDue())
      .then((next) => {
        due = next;
      });
    return due === undefined || due > estate.clock.now() + DAY_MS;
  }, forMs);
}

async function guest(name = 'Gast'): Promise<Person> {
  const { core, owner } = estate.ras;
  const email = `${name.toLowerCase()}@hotel.test`;
  return core.persons.add(owner, { name, email, role: 'guest', password: new Secret('correct horse battery') });
}

async function grantOf(person: Person, more: object = {}, doors: readonly string[] = ['101']): Promise<Grant> {
  const { core, owner } = estate.ras;
  const { grant } = await core.grants.create(owner, {
    personId: person.id,
    scope: { kind: 'doors', doorIds: doors.map((door) => estate.doorId(door)) },
    notBefore: hour() - HOUR_MS,
    notAfter: hour() + 7 * DAY_MS,
    ...more,
  });
  return grant;
}

const desk = () => phoneDesk(() => estate.ras.core, estate.ras.owner);

async function phoneOf(person: Person, name = 'phone'): Promise<VirtualPhone> {
  const phone = await estate.phone(`${name} of ${person.name}`);
  await desk().enrol(phone, 'phone', person.id);
  return phone;
}

const fetchKeys = (phone: VirtualPhone): Promise<KeyBundle> => desk().fetch(phone);

/** Taps and waits: what came of it. */
async function tap(phone: VirtualPhone, door = '101') {
  let opening: Awaited<ReturnType<VirtualPhone['tap']>> | undefined;
  phone.tap(door, 'unlock').then((one) => {
    opening = one;
  });
  await estate.clock.runUntil(() => opening !== undefined, 60_000);
  return opening!;
}

/** Whether the door opens to this phone now, by the lock's own word. */
async function opens(phone: VirtualPhone, door = '101'): Promise<boolean> {
  const opening = await tap(phone, door);
  await estate.clock.advance(15_000);
  return opening.kind === 'answered' && opening.receipt.result === 'done';
}

async function handIn(phone: VirtualPhone, actor: Actor = estate.ras.owner) {
  const records = phone.carried.map(({ identifier, octets }) => ({ identifier, octets }));
  return estate.ras.core.receipts.hand(actor, records);
}

const methodsOf = (grant: Grant) => estate.ras.core.methods.ofGrant(estate.ras.owner, grant.id);
const eventsOf = async (type: string) =>
  (await estate.ras.core.events.list(estate.ras.owner, { type }, everything)).filter((event) => event.type === type);

describe('a key in a phone', () => {
  it('opens the door while the server is gone, and its receipt becomes one event of the person', async () => {
    await openEstate();
    const person = await guest();
    const grant = await grantOf(person);
    const phone = await phoneOf(person);
    const bundle = await fetchKeys(phone);
    expect(bundle.keys).toMatchObject([{ doorName: '101', ready: true, order: null, level: 'lock' }]);
    expect(await methodsOf(grant)).toMatchObject([{ method: { state: 'set', method: 'mobile_key' } }]);
    estate.cutUplink(true);
    expect(await opens(phone)).toBe(true);
    expect(phone.carried).toHaveLength(1);
    const forged = phone.carried[0]!.octets.slice();
    forged[20]! ^= 1;
    const { identifier } = phone.carried[0]!;
    const hand = (octets: Uint8Array) => estate.ras.core.receipts.hand(estate.ras.owner, [{ identifier, octets }]);
    expect(await hand(forged)).toEqual(['forged']);
    expect(await hand(new Uint8Array(3))).toEqual(['forged']);
    expect(await handIn(phone)).toEqual(['recorded']);
    expect(await handIn(phone)).toEqual(['known']);
    // The gateway brings the same event when it is back: it stays one.
    estate.mendUplink();
    await estate.clock.advance(20 * 60_000);
    const opened = (await eventsOf('lock.unlocked')).filter(({ personId }) => personId === person.id);
    expect(opened).toMatchObject([{ personId: person.id, detail: { carried_by: estate.ras.owner.personId } }]);
  });
});

describe('what a phone is given', () => {
  const reasons = async (phone: VirtualPhone) => (await fetchKeys(phone)).without.map(({ reason }) => reason);

  it('no key where only the server can decide, where the property decides all, or before its time', async () => {
    await openEstate();
    const { core, owner } = estate.ras;
    const who = await guest();
    const phone = await phoneOf(who);
    const conditions = { geofence: false, secondPerson: true, firstUse: null };
    const needs = await grantOf(who, { conditions });
    expect(await reasons(phone)).toEqual(['needs_server']);
    expect(await methodsOf(needs)).toMatchObject([{ method: { state: 'failed', reason: 'needs_server' } }]);
    await core.grants.revoke(owner, needs.id);
    const later = await grantOf(who, { notBefore: hour() + 3 * DAY_MS });
    expect(await reasons(phone)).toEqual(['not_yet']);
    await core.grants.revoke(owner, later.id);
    await grantOf(who);
    const [property] = await core.estate.listProperties(owner, everything);
    await core.estate.changeProperty(owner, property!.id, { offlineLeaseS: null });
    expect(await reasons(phone)).toEqual(['offline_off']);
  });

  it('a lease as long as the property says, never past the grant', async () => {
    await openEstate();
    const { core, owner } = estate.ras;
    const who = await guest();
    const phone = await phoneOf(who);
    await grantOf(who, { notAfter: hour() + 2 * HOUR_MS });
    expect((await fetchKeys(phone)).keys[0]!.leaseEndAt).toBe(hour() + 2 * HOUR_MS);
    const [property] = await core.estate.listProperties(owner, everything);
    await core.estate.changeProperty(owner, property!.id, { offlineLeaseS: 600 });
    await grantOf(who);
    const bundle = await fetchKeys(phone);
    expect(bundle.keys[1]!.leaseEndAt).toBe(bundle.issuedAt + 600_000);
  });

  it('a counted grant is one phone\u2019s and one method\u2019s, and the lock counts', async () => {
    await openEstate();
    const who = await guest();
    const grant = await grantOf(who, { uses: 1, methods: ['mobile_key', 'pin'] });
    const [first, second] = [await phoneOf(who, 'first'), await phoneOf(who, 'second')];
    expect((await fetchKeys(first)).keys).toMatchObject([{ uses: 1 }]);
    expect(await reasons(second)).toEqual(['other_phone']);
    expect(await methodsOf(grant)).toMatchObject([
      { method: { method: 'mobile_key', state: 'set' } },
      { method: { method: 'pin', state: 'failed', reason: 'counted_elsewhere' } },
    ]);
    estate.cutUplink(true);
    expect(await opens(first)).toBe(true);
    expect(await opens(first)).toBe(false);
  });

  it('an emergency key opens though the lock has lost its time, and has no T until the lock has heard', async () => {
    await openEstate();
    const { core, owner } = estate.ras;
    const who = await guest('Staff');
    const grant = await grantOf(who, { operations: ['unlock', 'override'], series: 3 });
    const phone = await phoneOf(who);
    const plain = { ...owner, scopes: owner.scopes.filter((scope) => scope !== 'locks:manage') };
    await expect(core.phones.keys(plain, phone.phoneId!, true)).rejects.toMatchObject({ code: 'not_permitted' });
    await fetchKeys(phone);
    const usual = phone.keys;
    const bundle = await core.phones.keys(owner, phone.phoneId!, true);
    expect(bundle.keys).toMatchObject([{ noClock: true, cannotOpenAfter: null }]);
    estate.cutUplink(true);
    // A flat battery: its clock is lost with it.
    estate.lock('101').powerOff();
    estate.lock('101').powerOn();
    await estate.clock.advance(5_000);
    expect(await opens(phone)).toBe(false);
    await phone.replaceKeys(bundle.keys.map(phoneKeyOf));
    expect(await opens(phone)).toBe(true);
    expect(usual).toHaveLength(1);
    await core.grants.revoke(owner, grant.id);
    expect(await methodsOf(grant)).toMatchObject([{ ending: { at: null, why: 'no_clock' } }]);
    estate.mendUplink();
    await estate.clock.advance(60_000);
    await provisioned();
    expect(await methodsOf(grant)).toMatchObject([{ ending: { why: 'acknowledged' } }]);
    expect(await opens(phone)).toBe(false);
  });

  it('people\u2019s commands come through while locks are being told, and every lock hears all in the end', async () => {
    await openEstate(3);
    const who = await guest();
    const doors = estate.doors;
    const grants: Grant[] = [];
    for (let n = 0; n < 5; n++) grants.push(await grantOf(who, { methods: ['pin'] }, doors));
    for (const grant of grants) await estate.ras.core.pins.makeOnline(estate.ras.owner, grant.id, undefined);
    for (const door of doors) expect(await estate.operate(door, 'unlock')).toMatchObject({ state: 'succeeded' });
    await provisioned();
    for (const grant of grants) {
      expect((await methodsOf(grant)).map(({ method }) => method.state)).toEqual(['set', 'set', 'set']);
    }
  });
});

describe('revocation', () => {
  it('reaches the lock by the gateway: until then T is the end of the lease, then the time of its word', async () => {
    await openEstate();
    const grant = await grantOf(await guest());
    const phone = await phoneOf(await person(grant));
    const { keys } = await fetchKeys(phone);
    expect(await opens(phone)).toBe(true);
    await estate.ras.core.grants.revoke(estate.ras.owner, grant.id);
    const [unheard] = await methodsOf(grant);
    expect(unheard).toMatchObject({ method: { state: 'removing' }, ending: { why: 'lease' } });
    // A lease of a day, and what the lock's clock may be slow by.
    const lease = keys[0]!.leaseEndAt;
    expect(unheard!.ending.at).toBeGreaterThanOrEqual(lease);
    expect(unheard!.ending.at).toBeLessThan(lease + 5 * 60_000);
    expect(unheard!.ending.at).toBe(keys[0]!.cannotOpenAfter);
    await provisioned();
    const [heard] = await methodsOf(grant);
    expect(heard).toMatchObject({ method: { state: 'removed' }, ending: { why: 'acknowledged' } });
    expect(heard!.ending.at).toBeLessThan(estate.clock.now());
    expect(await opens(phone)).toBe(false);
    expect((await fetchKeys(phone)).keys).toEqual([]);
  });

  it('comes with the next phone where the gateway is gone, whosesoever that is', async () => {
    await openEstate();
    const [a, b] = [await guest('Anna'), await guest('Bert')];
    const lost = await grantOf(a, { series: 3 });
    await grantOf(b, { series: 3 });
    const [phoneA, phoneB] = [await phoneOf(a), await phoneOf(b)];
    await fetchKeys(phoneA);
    estate.cutUplink(true);
    await estate.clock.advance(60_000);
    await estate.ras.core.grants.revoke(estate.ras.owner, lost.id);
    const bundle = await fetchKeys(phoneB);
    expect(bundle.keys[0]!.order).not.toBeNull();
    expect(await opens(phoneA)).toBe(true);
    expect(await opens(phoneB)).toBe(true);
    expect(await opens(phoneA)).toBe(false);
    // Nobody has told the server yet; the event of the order does.
    expect(await methodsOf(lost)).toMatchObject([{ method: { state: 'removing' }, ending: { why: 'lease' } }]);
    estate.mendUplink();
    await estate.clock.advance(20 * 60_000);
    expect(await eventsOf('lock.order_taken')).not.toEqual([]);
    expect(await methodsOf(lost)).toMatchObject([{ method: { state: 'removed' }, ending: { why: 'acknowledged' } }]);
  });

  it('a key past its lease opens nothing, though its grant goes on and nobody was told', async () => {
    await openEstate();
    const phone = await phoneOf(await person(await grantOf(await guest())));
    const { keys } = await fetchKeys(phone);
    estate.cutUplink(true);
    await estate.clock.advance(keys[0]!.cannotOpenAfter! + 1000 - estate.clock.now());
    expect(await opens(phone)).toBe(false);
    estate.mendUplink();
    await estate.clock.advance(60_000);
    await fetchKeys(phone);
    expect(await opens(phone)).toBe(true);
  });

  it('a grant that its time has ended needs no order: its keys are over with it', async () => {
    await openEstate();
    const who = await guest();
    const grant = await grantOf(who, { notAfter: hour() + 2 * HOUR_MS });
    const phone = await phoneOf(who);
    await fetchKeys(phone);
    await estate.clock.advance(2 * HOUR_MS + 60_000);
    expect(await methodsOf(grant)).toMatchObject([{ method: { state: 'removing' }, ending: { why: 'lease' } }]);
    expect(await opens(phone)).toBe(false);
    await estate.clock.advance(10 * 60_000);
    expect(await methodsOf(grant)).toMatchObject([{ method: { state: 'removed' }, ending: { why: 'lease' } }]);
    expect(await eventsOf('lock.order_taken')).toEqual([]);
  });

  it('a check-in raises the series: the former key dies with the first use of the new one', async () => {
    await openEstate();
    const { core, owner } = estate.ras;
    const [property] = await core.estate.listProperties(owner, everything);
    const [former, next] = [await guest('Former'), await guest('Next')];
    const [oldPhone, newPhone] = [await phoneOf(former), await phoneOf(next)];
    const checkIn = (personId: string) =>
      core.stays.checkInNow(
        owner,
        {
          propertyId: property!.id,
          rooms: { room: '101' },
          guest: { personId },
          from: undefined,
          until: { kind: 'date', date: '2026-01-08' },
        },
        { replace: true },
      );
    await checkIn(former.id);
    await fetchKeys(oldPhone);
    await provisioned();
    expect(await opens(oldPhone)).toBe(true);
    estate.cutUplink(true);
    await estate.clock.advance(60_000);
    await checkIn(next.id);
    const bundle = await fetchKeys(newPhone);
    // Without its order: the key alone says enough.
    await newPhone.replaceKeys(bundle.keys.map((key) => ({ ...phoneKeyOf(key), order: undefined })));
    expect(await opens(oldPhone)).toBe(true);
    expect(await opens(newPhone)).toBe(true);
    expect(await opens(oldPhone)).toBe(false);
    expect((await fetchKeys(oldPhone)).keys).toEqual([]);
    estate.mendUplink();
    await estate.clock.advance(20 * 60_000);
    expect(await eventsOf('lock.generation_raised')).toHaveLength(1);
    const [grant] = await core.grants.list(owner, { personId: former.id }, everything);
    expect(await methodsOf(grant!)).toMatchObject([{ ending: { why: 'acknowledged' } }]);
  });

  it('a phone that is lost is refused, and the same person opens with another one', async () => {
    await openEstate();
    const { core, owner } = estate.ras;
    const who = await guest();
    const grant = await grantOf(who);
    const [lost, kept] = [await phoneOf(who, 'lost'), await phoneOf(who, 'kept')];
    await fetchKeys(lost);
    await fetchKeys(kept);
    const answer = await core.phones.lost(owner, lost.phoneId!);
    expect(answer).toMatchObject({
      phone: { state: 'lost' },
      doors: [{ grantId: grant.id, ending: { why: 'lease' } }],
    });
    await provisioned();
    const again = await core.phones.lost(owner, lost.phoneId!);
    expect(again.doors).toMatchObject([{ ending: { why: 'acknowledged' } }]);
    expect(await opens(lost)).toBe(false);
    expect(await opens(kept)).toBe(true);
    await expect(core.phones.keys(owner, lost.phoneId!)).rejects.toMatchObject({ code: 'precondition_failed' });
  });

  it('a grant that was narrowed takes back what its keys say too much; a wider one does not', async () => {
    await openEstate();
    const { core, owner } = estate.ras;
    const grant = await grantOf(await guest());
    const phone = await phoneOf(await person(grant));
    await fetchKeys(phone);
    await core.grants.change(owner, grant.id, { notAfter: grant.notAfter! + DAY_MS }, []);
    await provisioned();
    expect(await opens(phone)).toBe(true);
    await core.grants.change(owner, grant.id, { operations: ['unlock'] }, []);
    await provisioned();
    expect(await opens(phone)).toBe(false);
    await fetchKeys(phone);
    expect(await opens(phone)).toBe(true);
  });
});

describe('visitors', () => {
  it('one PIN opens all doors of a visit, at locks of two grants of the host, and goes with the host’s own grant', async () => {
    await openEstate(2);
    const { core, owner } = estate.ras;
    const { organizationId } = owner;
    const { id: personId } = await core.persons.add(owner, {
      name: 'Resident 1',
      email: 'resident@home.test',
      role: 'resident',
      password: new Secret('correct horse battery'),
    });
    const held = { methods: ['mobile_key', 'pin'] };
    const host = await core.persons.get(owner, personId);
    const grants = [await grantOf(host, held, ['101']), await grantOf(host, held, ['102'])];
    const role = { role: 'resident', scopes: ['access:use'], mustChangePassword: false } as const;
    const { visitor, pin } = await core.visitors.invite(
      { organizationId, personId, tokenId: 'local', ...role },
      {
        name: 'Visitor 1',
        doorIds: [estate.doorId('101'), estate.doorId('102')],
        notAfter: hour() + 5 * HOUR_MS,
        pin: true,
      },
    );
    await provisioned();
    const digits = pin!.reveal();
    expect(await enters('101', digits)).toBe(true);
    expect(await enters('102', digits)).toBe(true);
    await core.grants.revoke(owner, grants[0]!.id);
    await provisioned();
    expect(await enters('101', digits)).toBe(false);
    expect(await enters('102', digits)).toBe(true);
    const { view, methods } = await core.visitors.revoke(owner, visitor.id);
    expect(view.state).toBe('revoked');
    await provisioned();
    expect(methods).toHaveLength(4);
    expect(await enters('102', digits)).toBe(false);
  });
});

describe('PINs', () => {
  it('an online PIN opens every door of its grant, is kept nowhere, and is gone when the grant is revoked', async () => {
    await openEstate(2);
    const { core, owner } = estate.ras;
    const grant = await grantOf(await guest(), { methods: ['pin'] }, ['101', '102']);
    const made = await core.pins.makeOnline(owner, grant.id, undefined);
    const pin = made.pin.reveal();
    expect(pin).toMatch(/^[0-9]{6}$/);
    await provisioned();
    expect(await methodsOf(grant)).toMatchObject([{ method: { state: 'set' } }, { method: { state: 'set' } }]);
    expect(await enters('101', pin)).toBe(true);
    expect(await enters('102', pin)).toBe(true);
    expect(await enters('101', pin === '111111' ? '222222' : '111111')).toBe(false);
    await estate.clock.advance(20 * 60_000);
    const opened = await eventsOf('lock.unlocked');
    expect(opened.map(({ personId }) => personId)).toEqual([grant.personId, grant.personId]);
    await core.grants.revoke(owner, grant.id);
    await provisioned();
    expect(await enters('101', pin)).toBe(false);
    expect(await methodsOf(grant)).toMatchObject([
      { method: { state: 'removed', slot: null } },
      { ending: { why: 'acknowledged' } },
    ]);
  });

  it('a PIN that is made again takes the place of the former one, which opens nothing any more', async () => {
    await openEstate();
    const { core, owner } = estate.ras;
    const grant = await grantOf(await guest(), { methods: ['pin'] }, ['101']);
    const pins: string[] = [];
    for (let n = 0; n < 3; n++) {
      pins.push((await core.pins.makeOnline(owner, grant.id, undefined)).pin.reveal());
      await provisioned();
      expect(await methodsOf(grant)).toMatchObject([{ method: { state: 'set', reason: null } }]);
    }
    expect(await enters('101', pins[0]!)).toBe(false);
    expect(await enters('101', pins[1]!)).toBe(false);
    expect(await enters('101', pins[2]!)).toBe(true);
    // Asked for again before the lock has heard of the first.
    const [, last] = await Promise.all([1, 2].map(() => core.pins.makeOnline(owner, grant.id, undefined)));
    await provisioned();
    expect(await enters('101', pins[2]!)).toBe(false);
    expect(await enters('101', last!.pin.reveal())).toBe(true);
  });

  it('a PIN that is taken is refused, and says whose it is only to those who give access', async () => {
    await openEstate();
    const { core, owner } = estate.ras;
    const [a, b] = [await guest('Anna'), await guest('Bert')];
    const [first, second] = [await grantOf(a, { methods: ['pin'] }), await grantOf(b, { methods: ['pin'] })];
    await core.pins.makeOnline(owner, first.id, new Secret('384712'));
    const refused = core.pins.makeOnline(owner, second.id, new Secret('384712'));
    await expect(refused).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('Anna') });
    const bert: Actor = { ...owner, personId: b.id, role: 'guest', scopes: ['access:use'] };
    // Ten a day, taken or free: one that is free tells that it is nobody's.
    for (let n = 0; n < 5; n++) {
      const own = core.pins.makeOnline(bert, second.id, new Secret('384712'));
      await expect(own).rejects.toMatchObject({ code: 'conflict', message: 'choose another PIN' });
      await core.pins.makeOnline(bert, second.id, new Secret(`38471${n + 3}`));
    }
    await expect(core.pins.makeOnline(bert, second.id, new Secret('384713'))).rejects.toMatchObject({
      code: 'too_many',
    });
    await expect(core.pins.makeOnline(bert, first.id, undefined)).rejects.toMatchObject({ code: 'not_found' });
    expect((await core.pins.makeOnline(bert, second.id, undefined)).pin.reveal()).not.toBe('384712');
    for (const bad of ['123456', '000000', '987654', '12345', '1234567890']) {
      await expect(core.pins.makeOnline(owner, first.id, new Secret(bad))).rejects.toMatchObject({ code: 'invalid' });
    }
  });

  it('an offline PIN opens in its window without the lock having been told, until the series is raised', async () => {
    await openEstate();
    const { core, owner } = estate.ras;
    const grant = await grantOf(await guest(), { methods: ['pin'] });
    estate.cutUplink(true);
    const [shown] = await core.pins.makeOffline(owner, grant.id, { window: '24h', startAt: hour() });
    expect(shown!.pin.reveal()).toMatch(/^[0-9]{10}$/);
    expect(await enters('101', shown!.pin.reveal())).toBe(true);
    estate.mendUplink();
    await estate.clock.advance(60_000);
    await core.grants.revoke(owner, grant.id);
    expect((await core.pins.list(owner, grant.id)).offline).toMatchObject([{ voidedAt: expect.any(Number) }]);
    const [unheard] = await methodsOf(grant);
    expect(unheard!.ending.why).toBe('lease');
    expect(unheard!.ending.at).toBeGreaterThanOrEqual(shown!.given.endAt);
    await provisioned();
    expect(await enters('101', shown!.pin.reveal())).toBe(false);
    expect(await methodsOf(grant)).toMatchObject([{ ending: { why: 'acknowledged' } }]);
  });

  it('a keypad that wrong entries have closed opens when staff say so', async () => {
    await openEstate();
    const { core, owner } = estate.ras;
    const grant = await grantOf(await guest(), { methods: ['pin'] });
    await core.pins.makeOnline(owner, grant.id, new Secret('384712'));
    await provisioned();
    for (let n = 0; n < 6; n++) await enters('101', '999990');
    expect(await enters('101', '384712')).toBe(false);
    expect(await core.pins.reopenKeypad(owner, estate.doorId('101'))).toMatchObject({ state: 'setting' });
    await provisioned();
    expect(await enters('101', '384712')).toBe(true);
  });
});

describe('level grants, schedules, and a lock bound anew', () => {
  it('a key of the whole property opens every door of it, and one order a door takes it back', async () => {
    await openEstate(2);
    const { core, owner } = estate.ras;
    const [property] = await core.estate.listProperties(owner, everything);
    const scope = { kind: 'property', propertyId: property!.id } as const;
    const who = await guest('Staff');
    const grant = await grantOf(who, { scope });
    const phone = await phoneOf(who);
    const bundle = await fetchKeys(phone);
    expect(bundle.keys.map(({ doorName, level }) => [doorName, level])).toEqual([
      ['101', 'property'],
      ['102', 'property'],
    ]);
    expect(toHex(bundle.keys[0]!.sealed)).toBe(toHex(bundle.keys[1]!.sealed));
    expect(toHex(bundle.keys[0]!.presentationKey.reveal())).not.toBe(toHex(bundle.keys[1]!.presentationKey.reveal()));
    expect(await opens(phone, '101')).toBe(true);
    expect(await opens(phone, '102')).toBe(true);
    await core.grants.revoke(owner, grant.id);
    await provisioned();
    expect(await opens(phone, '101')).toBe(false);
    expect(await opens(phone, '102')).toBe(false);
  });

  it('a key by a schedule is ready when the lock holds its table, and the lock keeps to it', async () => {
    await openEstate();
    const { core, owner } = estate.ras;
    const [property] = await core.estate.listProperties(owner, everything);
    const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
    const { schedule } = await core.schedules.add(owner, {
      propertyId: property!.id,
      name: 'mornings',
      weekly: [{ days, from: '06:00', to: '12:00' }],
      holidays: [],
      exceptions: [],
    });
    const who = await guest();
    const grant = await grantOf(who, { scheduleId: schedule.id });
    const phone = await phoneOf(who);
    expect((await fetchKeys(phone)).keys).toMatchObject([{ ready: false }]);
    expect(await methodsOf(grant)).toMatchObject([{ method: { state: 'setting' } }]);
    await provisioned();
    expect(await methodsOf(grant)).toMatchObject([{ method: { state: 'set' } }]);
    expect(await opens(phone)).toBe(true); // a little after 09:00 in Berlin
    await core.schedules.change(owner, schedule.id, { weekly: [{ days, from: '13:00', to: '14:00' }] });
    await provisioned();
    expect(await opens(phone)).toBe(false);
  });

  it('a lock that was reset and bound again gets everything again, and old keys say nothing to it', async () => {
    await openEstate();
    const { core, owner } = estate.ras;
    const grant = await grantOf(await guest(), { methods: ['mobile_key', 'pin'] });
    const phone = await phoneOf(await person(grant));
    await fetchKeys(phone);
    await core.pins.makeOnline(owner, grant.id, new Secret('384712'));
    await provisioned();
    const [lock] = await core.locks.list(owner, { identifier: estate.identity('101').identifier }, everything);
    await estate.end(await core.locks.remove(owner, lock!.id));
    await estate.clock.advance(60_000);
    await estate.enrolAll();
    await provisioned();
    expect(await opens(phone)).toBe(false);
    expect(await enters('101', '384712')).toBe(false);
    expect(await methodsOf(grant)).toMatchObject([{ method: { state: 'unset' } }, { method: { state: 'unset' } }]);
    await fetchKeys(phone);
    expect(await opens(phone)).toBe(true);
  });
});

describe('a property that decides every opening at the server', () => {
  it('takes back what was given: keys, level keys, PINs at the lock and offline PINs; later each may be had again', async () => {
    await openEstate(2);
    const { core, owner } = estate.ras;
    const [property] = await core.estate.listProperties(owner, everything);
    const who = await guest();
    const methods = ['mobile_key', 'pin'];
    const grant = await grantOf(who, { methods });
    const level = await grantOf(who, { scope: { kind: 'property', propertyId: property!.id } });
    const phone = await phoneOf(who);
    expect((await fetchKeys(phone)).keys).toHaveLength(3);
    const held = phone.keys;
    await core.pins.makeOnline(owner, grant.id, new Secret('384712'));
    const [offline] = await core.pins.makeOffline(owner, grant.id, { window: '3h', startAt: hour() });
    await provisioned();
    expect(await enters('101', '384712')).toBe(true);
    const tries = async (door: string, grantId: string) => {
      await phone.replaceKeys(held.filter((key) => key.grantId === grantId && key.doorName === door));
      return opens(phone, door);
    };
    expect([await tries('101', grant.id), await tries('102', level.id)]).toEqual([true, true]);

    await core.estate.changeProperty(owner, property!.id, { offlineLeaseS: null });
    expect(await methodsOf(grant)).toMatchObject([
      { method: { state: 'removing' } },
      { method: { state: 'removing' } },
    ]);
    // Planned again while the lock has not heard: that is no word of the lock.
    await core.grants.change(owner, grant.id, { notAfter: grant.notAfter! + DAY_MS }, []);
    expect(await methodsOf(grant)).toMatchObject([
      { method: { state: 'removing' } },
      { method: { state: 'removing' } },
    ]);
    await core.estate.changeProperty(owner, property!.id, { offlineLeaseS: 600 });
    expect(await methodsOf(grant)).toMatchObject([{ method: { state: 'unset' } }, { method: { state: 'removing' } }]);
    await core.estate.changeProperty(owner, property!.id, { offlineLeaseS: null });
    await provisioned();
    for (const door of ['101', '102']) expect(await tries(door, level.id)).toBe(false);
    expect(await tries('101', grant.id)).toBe(false);
    expect(await enters('101', '384712')).toBe(false);
    expect(await enters('101', offline!.pin.reveal())).toBe(false);
    expect((await core.pins.list(owner, grant.id)).offline).toMatchObject([{ voidedAt: expect.any(Number) }]);
    const later = await grantOf(who);
    expect(await methodsOf(later)).toMatchObject([{ method: { state: 'failed', reason: 'offline_off' } }]);

    await core.estate.changeProperty(owner, property!.id, { offlineLeaseS: 86_400 });
    expect(await methodsOf(later)).toMatchObject([{ method: { state: 'unset' } }]);
    await fetchKeys(phone);
    expect(await opens(phone)).toBe(true);
    await core.pins.makeOnline(owner, grant.id, new Secret('384712'));
    await provisioned();
    expect(await enters('101', '384712')).toBe(true);
  });
});

describe('lists that are full, and a record that came back', () => {
  it('the 41st key that no lock has heard of raises the series: one order says it all, and other keys are given anew', async () => {
    await openEstate();
    const { core, owner, store } = estate.ras;
    const who = await guest();
    const grants: Grant[] = [];
    for (let n = 0; n < 44; n++) grants.push(await grantOf(who, { series: 3 }));
    const phone = await phoneOf(who);
    expect((await fetchKeys(phone)).keys).toHaveLength(44);
    const stays = grants[43]!;
    const old = phone.keys.find(({ grantId }) => grantId === stays.id)!;
    estate.cutUplink(true);
    await estate.clock.advance(60_000);
    for (const grant of grants.slice(0, 40)) await core.grants.revoke(owner, grant.id);
    const [lock] = await core.locks.list(owner, { identifier: estate.identity('101').identifier }, everything);
    const atLock = () =>
      store.read(async (tx) => ({
        denials: await tx.access.denials.list(owner.organizationId, { lockId: lock!.id }, everything),
        series: await tx.access.series.get(owner.organizationId, `${lock!.id}/3`),
      }));
    expect(await atLock()).toMatchObject({ denials: { length: 40 }, series: { generation: 0 } });
    await core.grants.revoke(owner, grants[40]!.id);
    expect(await atLock()).toMatchObject({ denials: [], series: { generation: 1 } });
    estate.mendUplink();
    await estate.clock.advance(60_000);
    await provisioned();
    for (const grant of grants.slice(0, 41)) {
      expect(await methodsOf(grant)).toMatchObject([{ method: { state: 'removed' }, ending: { why: 'acknowledged' } }]);
    }
    // A grant that goes on opens again as soon as its key is fetched anew, and not before.
    await phone.replaceKeys([old]);
    expect(await opens(phone)).toBe(false);
    expect((await fetchKeys(phone)).keys).toHaveLength(3);
    expect(await opens(phone)).toBe(true);
  });

  it('a lock that knows higher orders than the record: nothing is issued, an alarm, and an order above it all', async () => {
    await openEstate();
    const { core, owner } = estate.ras;
    const { organizationId } = owner;
    const who = await guest();
    const [first, second, third] = [await grantOf(who), await grantOf(who), await grantOf(who)];
    const phone = await phoneOf(who);
    await fetchKeys(phone);
    const held = phone.keys;
    for (const grant of [first, second]) {
      await core.grants.revoke(owner, grant.id);
      await provisioned();
    }
    const [lock] = await core.locks.list(owner, { identifier: estate.identity('101').identifier }, everything);
    // As after a backup from before both: the numbers are lower than what the lock has heard.
    await estate.restartRas((store) =>
      store.unit(async (tx) => {
        await tx.access.locks.update(organizationId, lock!.id, { orderIssued: 0, orderAcknowledged: 0 });
      }),
    );
    await estate.ras.core.grants.revoke(owner, third.id);
    await provisioned();
    expect(await eventsOf('alarm.generation_higher')).toHaveLength(1);
    expect(await methodsOf(third)).toMatchObject([{ method: { state: 'removed' }, ending: { why: 'acknowledged' } }]);
    await phone.replaceKeys(held.filter(({ grantId }) => grantId === third.id));
    expect(await opens(phone)).toBe(false);
    const access = await estate.ras.store.read((tx) => tx.access.locks.get(organizationId, lock!.id));
    expect(access).toMatchObject({ haltedAt: null });
    expect(access!.orderIssued).toBe(access!.orderAcknowledged);
    const fourth = await grantOf(who);
    await fetchKeys(phone);
    expect(await opens(phone)).toBe(true);
    expect(fourth.state).toBe('active');
  });

  it('keys given after a restore open at once, and those of before it end with their first use', async () => {
    await openEstate();
    const { core, owner } = estate.ras;
    const [a, b] = [await guest('Anna'), await guest('Bert')];
    await grantOf(a);
    await grantOf(b);
    const [before, after] = [await phoneOf(a), await phoneOf(b)];
    await fetchKeys(before);
    await estate.restartRas((store) =>
      store.unit(async (tx) => {
        const now = Math.floor(estate.clock.now());
        await tx.restores.insert({ id: 'rest_1', restoredAt: now, backupMadeAt: now - 1, generationFloor: 1_000_000 });
      }),
    );
    expect(core).not.toBe(estate.ras.core);
    await fetchKeys(after);
    expect(await opens(before)).toBe(true);
    expect(await opens(after)).toBe(true);
    expect(await opens(before)).toBe(false);
    await fetchKeys(before);
    expect(await opens(before)).toBe(true);
    await estate.clock.advance(20 * 60_000);
    expect(await eventsOf('alarm.generation_higher')).toEqual([]);
    expect(owner.role).toBe('owner');
  });
});

/** Enters a PIN at a door's keypad: whether it opened. */
async function enters(door: string, pin: string): Promise<boolean> {
  const lock = estate.lock(door);
  const before = lock.view().opens;
  lock.enterCode(pin);
  await estate.clock.advance(15_000);
  return lock.view().opens > before;
}

async function person({ personId }: Grant): Promise<Person> {
  return estate.ras.core.persons.get(estate.ras.owner, personId);
}
