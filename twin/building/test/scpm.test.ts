import { seededRandom } from '@cardea/kit-node';
import { Secret } from '@cardea/kit-runtime';
import { createNorFlash, type NorFlash, SCPM_FLASH } from '@cardea/lock';
import { type Actor, localActor } from '@cardea/server-core';
import { CHANNEL, MESSAGE } from '@cardea/wire-lock';
import type { FromGateway, ToGateway } from '@cardea/wire-route';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDemoEstate, type Estate, type Meddler, phoneDesk } from '../src/index.ts';
import { RadioKsn } from './radio-ksn.ts';

/** The gateway's own works, and beside them a key setting node that carries what the RAS says inside SCPM. */
class Hop implements Meddler {
  /** As long as it is undefined, the gateway does its own work. */
  ksn: RadioKsn | undefined;
  /** What the RAS sent since then. */
  readonly carried: Extract<ToGateway, { readonly kind: 'frame' }>[] = [];
  #report: (report: FromGateway) => void = () => {};
  #reports = 0;

  down(message: ToGateway, pass: (message: ToGateway) => void): void {
    if (this.ksn === undefined || message.kind !== 'frame') {
      pass(message);
      return;
    }
    this.carried.push(message);
    this.ksn.say(message);
  }

  up(report: FromGateway, pass: (report: FromGateway) => void): void {
    this.#report = pass;
    pass(report);
  }

  /** What the lock says inside SCPM goes on to the RAS. */
  carry(ksn: RadioKsn, lock: string): void {
    this.ksn = ksn;
    ksn.onInside = (message) => {
      this.#reports++;
      this.#report({ kind: 'frame', id: `hop-${this.#reports}`, lock, ...message });
    };
  }
}

let estate: Estate;
let hop: Hop;
let ksn: RadioKsn;
let scpmFlash: NorFlash;

beforeEach(async () => {
  hop = new Hop();
  scpmFlash = createNorFlash(SCPM_FLASH);
  estate = await createDemoEstate({
    seed: 24,
    keep: ({ maker }, index) => maker === 'cardea' && index === 0,
    meddler: hop,
    scpmFlash: () => scpmFlash,
  });
  await estate.enrolAll();
  const { clock, medium } = estate;
  const radio = medium.radioFor('key setting node');
  ksn = new RadioKsn({ clock, random: seededRandom('ksn'), radio, lock: estate.identity('101') });
});

afterEach(() => estate.stop());

const theLock = () => estate.lock('101');

async function join(): Promise<void> {
  ksn.on();
  ksn.join();
  await estate.clock.runUntil(() => ksn.joined && theLock().view().hasUserKey, 120_000);
  hop.carry(ksn, estate.identity('101').identifier);
}

/** A command frame of no session. */
const STRAY = { channel: CHANNEL.lock, octets: Uint8Array.of(MESSAGE.command, ...new Uint8Array(28)) };

describe('a lock of a domain', () => {
  it('gets the commands of the RAS inside SCPM, and its receipts come back inside', async () => {
    await join();
    const before = theLock().view().opens;
    const attempt = await estate.operate('101', 'unlock');
    expect(attempt).toMatchObject({ state: 'succeeded' });
    expect(theLock().view()).toMatchObject({ boltOut: false, opens: before + 1 });
    expect(hop.carried.length).toBeGreaterThan(0);
    expect(ksn.inside.length).toBeGreaterThan(0);
    expect(ksn.outside).toEqual([]);
    // What is on the air shows nothing of what the RAS sealed.
    const air = ksn.written.map((frame) => Buffer.from(frame).toString('hex')).join(' ');
    for (const { octets } of hop.carried) expect(air).not.toContain(Buffer.from(octets).toString('hex'));
  });

  it('takes what is the RAS’s neither on channel 1 nor on 4 outside SCPM, and answers nothing', async () => {
    // Before, the same gateway did: this is what it is refused from then on.
    expect(await estate.operate('101', 'unlock')).toMatchObject({ state: 'succeeded' });
    expect(await estate.operate('101', 'lock')).toMatchObject({ state: 'succeeded' });
    await join();
    ksn.off();
    hop.ksn = undefined;
    const before = theLock().view();
    const attempt = await estate.operate('101', 'unlock', 10);
    expect(attempt.state).toBe('expired');
    expect(theLock().view()).toEqual(before);

    hop.carry(ksn, estate.identity('101').identifier);
    ksn.on();
    await estate.clock.runUntil(() => ksn.isConnected, 60_000);
    for (const channel of [CHANNEL.lock, CHANNEL.binding]) ksn.sayOutside({ ...STRAY, channel });
    await estate.clock.advance(10_000);
    expect(ksn.outside).toEqual([]);
    // The same inside is heard: the lock's machine refuses a frame of no session by itself.
    ksn.say(STRAY);
    await estate.clock.runUntil(() => ksn.inside.length > 0, 60_000);
  });

  it('goes on inside SCPM after its power was off, and after the key setting node’s was', async () => {
    await join();
    expect(await estate.operate('101', 'unlock')).toMatchObject({ state: 'succeeded' });
    theLock().powerOff();
    await estate.clock.advance(10_000);
    theLock().powerOn();
    expect(theLock().view().hasUserKey).toBe(true);
    // The session of RAS and lock is gone with the power: what moves nothing makes a new one.
    expect(await estate.operate('101', 'status', 60)).toMatchObject({ state: 'succeeded' });
    expect(await estate.operate('101', 'lock')).toMatchObject({ state: 'succeeded' });
    ksn.restart();
    expect(await estate.operate('101', 'unlock')).toMatchObject({ state: 'succeeded' });
    expect(ksn.outside).toEqual([]);
  });

  it('opens to a phone that presents its key at the door, directly', async () => {
    const { core, owner } = estate.ras;
    const person = await core.persons.add(owner, {
      ...{ name: 'Guest 1', email: 'guest@twin.example', role: 'guest' },
      password: new Secret('a good password of the twin'),
    });
    const guest: Actor = localActor(person);
    const nowMs = Math.floor(estate.clock.now() / 1_000) * 1_000;
    await core.grants.create(owner, {
      personId: guest.personId,
      scope: { kind: 'doors', doorIds: [estate.doorId('101')] },
      notBefore: nowMs - 60_000,
      notAfter: nowMs + 86_400_000,
      methods: ['mobile_key'],
    });
    await join();
    await estate.clock.advance(60_000);
    const phone = await estate.phone('phone');
    const desk = phoneDesk(() => core, guest);
    await desk.enrol(phone);
    await desk.fetch(phone);
    ksn.off();
    await estate.clock.advance(5_000);
    const before = theLock().view().opens;
    let tapped: unknown;
    phone.tap('101', 'unlock').then((answer) => {
      tapped = answer;
    });
    await estate.clock.runUntil(() => tapped !== undefined, 120_000);
    expect(tapped).toMatchObject({ kind: 'answered', receipt: { result: 'done' } });
    expect(theLock().view().opens).toBe(before + 1);
  });

  it('joins another domain after its reset, and not before', async () => {
    await join();
    ksn.off();
    const { clock, medium } = estate;
    const radio = medium.radioFor('another node');
    const other = new RadioKsn({ clock, random: seededRandom('other'), radio, lock: estate.identity('101') });
    theLock().pressButton();
    other.on();
    other.join();
    await clock.advance(120_000);
    expect(other.joined).toBe(false);
    expect(other.isConnected).toBe(true);

    theLock().factoryReset();
    await clock.runUntil(() => other.joined, 20 * 60_000);
    expect(theLock().view().hasUserKey).toBe(true);
    // It is a new lock to the RAS as well: binding begins anew, inside.
    other.say({ channel: CHANNEL.binding, octets: STRAY.octets });
    await clock.advance(5_000);
    expect(other.outside).toEqual([]);
  });
});
