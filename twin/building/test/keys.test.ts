import type { DoorKey } from '@cardea/client-key';
import { toHex } from '@cardea/kit-octets';
import { Secret } from '@cardea/kit-runtime';
import { type Actor, enrolmentSigned, type Grant, type KeyBundle, type Person } from '@cardea/server-core';
import { afterEach, describe, expect, it } from 'vitest';
import { createDemoEstate, type Estate, type VirtualPhone } from '../src/index.ts';

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

async function phoneOf(person: Person, name = 'phone'): Promise<VirtualPhone> {
  const { core, owner } = estate.ras;
  const phone = await estate.phone(`${name} of ${person.name}`);
  const { challenge } = await core.phones.challenge(owner);
  const signature = await phone.key.sign(enrolmentSigned(challenge, phone.publicKey));
  if (signature === undefined) throw new Error('a key in memory always signs');
  const input = { kind: 'phone', name, publicKey: phone.publicKey, challenge, signature, personId: person.id } as const;
  const enrolled = await core.phones.enrol(owner, input);
  await phone.enrolled(enrolled.id);
  return phone;
}

async function fetchKeys(phone: VirtualPhone): Promise<KeyBundle> {
  const bundle = await estate.ras.core.phones.keys(estate.ras.owner, phone.phoneId!);
  await phone.replaceKeys(bundle.keys.map(keyOf));
  return bundle;
}

function keyOf(key: KeyBundle['keys'][number]): DoorKey {
  return {
    doorId: key.doorId,
    doorName: key.doorName,
    identifier: key.identifier,
    grantId: key.grantId,
    airGrantId: key.keyId,
    grant: key.sealed,
    presentationKey: key.presentationKey,
    advertisementKey: key.advertisementKey,
    operations: key.operations,
    issuedAtS: key.issuedAt / 1000,
    notBeforeS: key.notBefore / 1000,
    notAfterS: key.notAfter === null ? 0xffff_ffff : key.notAfter / 1000,
    leaseEndS: key.leaseEndAt / 1000,
    order: key.order ?? undefined,
  };
}

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
