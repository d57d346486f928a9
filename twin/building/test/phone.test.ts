import { createCard, type Presented } from '@cardea/client-key';
import { nodeKeyAgreement, nodePrimitives, seededRandom } from '@cardea/kit-node';
import { Secret } from '@cardea/kit-runtime';
import { type Actor, type Grant, localActor } from '@cardea/server-core';
import { DEFAULT_TIMING } from '@cardea/twin-radio';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDemoEstate, type Estate, type PhoneDesk, phoneDesk, type VirtualPhone } from '../src/index.ts';

const DAY_MS = 86_400_000;

let estate: Estate;
let guest: Actor;
let desk: PhoneDesk;

beforeEach(async () => {
  estate = await createDemoEstate({
    seed: 5,
    keep: (_, index) => index < 2,
    // Days pass here, and nothing is about how soon a lock is found.
    timing: { ...DEFAULT_TIMING, advertisingIntervalMs: 2_000 },
  });
  await estate.enrolAll();
  const person = await estate.ras.core.persons.add(estate.ras.owner, {
    name: 'Guest',
    email: 'guest@twin.example',
    role: 'guest',
    password: new Secret('a good password of the twin'),
  });
  guest = localActor(person);
  desk = phoneDesk(() => estate.ras.core, guest);
});

afterEach(() => estate.stop());

/** Lets virtual time pass until the promise is over. */
async function done<T>(promise: Promise<T>): Promise<T> {
  let over = false;
  const end = () => {
    over = true;
  };
  promise.then(end, end);
  await estate.clock.runUntil(() => over, 600_000);
  return promise;
}

async function grant(door: string, methods: Grant['methods'] = ['mobile_key']): Promise<Grant> {
  const { core, owner } = estate.ras;
  const now = Math.floor(estate.clock.now() / 1_000) * 1_000;
  const answer = await core.grants.create(owner, {
    personId: guest.personId,
    scope: { kind: 'doors', doorIds: [estate.doorId(door)] },
    notBefore: now - 60_000,
    notAfter: now + 3 * DAY_MS,
    methods,
  });
  // The locks are told what the grant needs.
  await estate.clock.advance(60_000);
  return answer.grant;
}

async function phoneWithKeys(): Promise<VirtualPhone> {
  const phone = await estate.phone('phone');
  await desk.enrol(phone);
  await desk.fetch(phone);
  return phone;
}

async function openings(door: string) {
  const { core, owner } = estate.ras;
  const { lockId } = await core.estate.getDoor(owner, estate.doorId(door));
  const events = await core.events.list(owner, {}, { after: undefined, limit: 200 });
  return events.filter((event) => event.type === 'lock.unlocked' && event.lockId === lockId);
}

describe('a phone opens its door while the server is away', () => {
  it('and the event is in the record once, though phone and lock both bring it', async () => {
    await grant('101');
    const phone = await phoneWithKeys();
    estate.cutUplink(true);
    await estate.clock.advance(60_000);
    expect(await done(phone.tap('101', 'unlock'))).toMatchObject({ kind: 'answered', receipt: { result: 'done' } });
    expect(estate.lock('101').view().opens).toBe(1);
    expect(await openings('101')).toHaveLength(0);

    // By phone first: the server has it, the lock does not know that yet.
    expect(await desk.handIn(phone)).toEqual(['recorded']);
    expect(await openings('101')).toHaveLength(1);
    estate.mendUplink();
    await estate.clock.advance(600_000);
    await estate.operate('101', 'status');
    expect(await openings('101')).toHaveLength(1);
    expect(phone.carried).toEqual([]);
  });

  it('another door stays shut, and so does its own for another phone with its keys', async () => {
    await grant('101');
    const phone = await phoneWithKeys();
    expect(await done(phone.tap('102', 'unlock'))).toEqual({ kind: 'no_key' });
    const thief = await estate.phone('thief');
    await thief.replaceKeys(phone.keys);
    expect(await done(thief.tap('101', 'unlock'))).toEqual({ kind: 'refused', reason: 'refused' });
    expect(estate.lock('101').view().opens).toBe(0);
  });

  it('two phones and the gateway at one lock are served one after the other', async () => {
    await grant('101');
    const phones = [await estate.phone('one'), await estate.phone('other')];
    for (const phone of phones) {
      await desk.enrol(phone);
      await desk.fetch(phone);
    }
    const attempt = await estate.begin('101', 'unlock');
    const taps = await done(Promise.all(phones.map((phone) => phone.tap('101', 'unlock'))));
    for (const tap of taps) expect(tap).toMatchObject({ kind: 'answered', receipt: { result: 'done' } });
    expect((await estate.end(attempt)).state).toBe('succeeded');
  });

  it('a key whose lease is over opens no more, whatever the phone’s clock says', async () => {
    await grant('101');
    const phone = await phoneWithKeys();
    estate.cutUplink(true);
    await estate.clock.advance(DAY_MS + 60_000);
    expect(await done(phone.tap('101', 'unlock'))).toMatchObject({ kind: 'answered', receipt: { result: 'expired' } });
    expect(estate.lock('101').view().opens).toBe(0);
  });

  it('a revoked key ends at the latest when the server said, though the lock heard nothing', async () => {
    const given = await grant('101');
    const phone = await phoneWithKeys();
    estate.cutUplink(true);
    await estate.clock.advance(60_000);
    await estate.ras.core.grants.revoke(estate.ras.owner, given.id);
    // The lock cannot know yet: that is what T is for.
    expect(await done(phone.tap('101', 'unlock'))).toMatchObject({ kind: 'answered', receipt: { result: 'done' } });
    const [method] = await estate.ras.core.methods.ofGrant(estate.ras.owner, given.id);
    const untilMs = method?.ending.at ?? Number.NaN;
    expect(untilMs).toBeGreaterThan(estate.clock.now());
    await estate.clock.advance(untilMs - estate.clock.now() + 1_000);
    expect(await done(phone.tap('101', 'unlock'))).toMatchObject({ kind: 'answered', receipt: { result: 'expired' } });
  }, 120_000);

  it('an order travels by somebody else’s phone to a lock without a gateway', async () => {
    const mine = await grant('101');
    const phone = await phoneWithKeys();
    estate.cutUplink(true);
    await estate.clock.advance(60_000);
    await estate.ras.core.grants.revoke(estate.ras.owner, mine.id);
    await grant('101');
    const courier = await estate.phone('courier');
    await desk.enrol(courier);
    await desk.fetch(courier);
    expect(courier.keys.map((key) => key.order !== undefined)).toEqual([true]);
    expect(await done(courier.tap('101', 'unlock'))).toMatchObject({ kind: 'answered', receipt: { result: 'done' } });
    await estate.clock.advance(5_000);
    expect(await done(phone.tap('101', 'unlock'))).toMatchObject({ kind: 'answered', receipt: { result: 'revoked' } });
  });
});

describe('a card', () => {
  it('opens its door at the reader, by the same key in a chip', async () => {
    await grant('101', ['card']);
    const card = await estate.phone('card');
    await desk.enrol(card, 'card');
    await desk.fetch(card);
    expect(card.keys).toHaveLength(1);
    const seen: Presented[] = [];
    const chip = createCard({
      key: card.key,
      keys: card.keys,
      hands: {
        primitives: nodePrimitives,
        random: seededRandom('card'),
        generate: nodeKeyAgreement.generate,
        agree: nodeKeyAgreement.agree,
      },
      onPresented: (presented) => seen.push(presented),
    });
    estate.cutUplink(true);
    const held = estate.medium.holdCard(chip);
    estate.lock('101').presentCard(held.contact);
    await estate.clock.runUntil(() => seen.length > 0, 60_000);
    held.withdraw();
    expect(seen).toMatchObject([{ kind: 'answered', receipt: { result: 'done' } }]);
    expect(estate.lock('101').view().opens).toBe(1);
    // At the next door the card has nothing to say.
    const other = estate.medium.holdCard(chip);
    estate.lock('102').presentCard(other.contact);
    await estate.clock.advance(10_000);
    expect(estate.lock('102').view().opens).toBe(0);
  });
});

describe('a PIN at the keypad', () => {
  it('online: kept by the lock, opens while the server is away', async () => {
    const given = await grant('101', ['pin']);
    const { pin } = await estate.ras.core.pins.makeOnline(estate.ras.owner, given.id, undefined);
    await estate.clock.advance(120_000);
    estate.cutUplink(true);
    estate.lock('101').enterCode(pin.reveal());
    await estate.clock.advance(5_000);
    expect(estate.lock('101').view().opens).toBe(1);
    estate.lock('102').enterCode(pin.reveal());
    await estate.clock.advance(5_000);
    expect(estate.lock('102').view().opens).toBe(0);
  });

  it('offline: computed by the lock, which never heard of it', async () => {
    const given = await grant('101', ['pin']);
    estate.cutUplink(true);
    await estate.clock.advance(60_000);
    const hour = 3_600_000;
    const startAt = Math.ceil(estate.clock.now() / hour) * hour;
    const [shown] = await estate.ras.core.pins.makeOffline(estate.ras.owner, given.id, { window: '24h', startAt });
    await estate.clock.advance(startAt - estate.clock.now() + 60_000);
    estate.lock('101').enterCode(shown!.pin.reveal());
    await estate.clock.advance(5_000);
    expect(estate.lock('101').view().opens).toBe(1);
  });
});
