import { localWay, providerWay, radioWay } from '@cardea/client-key';
import { createDomainPart, type DomainPart, makeDomain } from '@cardea/gateway';
import { nodeDh, nodePrimitives, seededRandom } from '@cardea/kit-node';
import { equal } from '@cardea/kit-octets';
import { Secret, silentLog } from '@cardea/kit-runtime';
import { type Actor, localActor } from '@cardea/server-core';
import { LINK_CHARACTERISTIC } from '@cardea/wire-lock';
import { deviceKey } from '@cardea/wire-scpm';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { memoryStore } from '../../../gateway/test/memory-store.ts';
import { createDemoEstate, type Estate, phoneDesk } from '../src/index.ts';

let estate: Estate;
let part: DomainPart | undefined;
/** Channels of the pieces that locks of maker `cardea` heard and sent, since this was emptied. */
const channels = new Set<number>();

/** The product's RAS, gateway and locks, and a domain at the gateway; its node prefers `algorithm`. */
async function start(algorithm: 'cbc' | 'ccm'): Promise<void> {
  const store = memoryStore();
  const random = seededRandom('domain');
  const choice = { profile: 'hardened', group: 2, rotateEveryMs: 0, pin: new Secret('246810') } as const;
  await makeDomain(store, { primitives: nodePrimitives, random, nowMs: 0 }, { ...choice, algorithm });
  const stored = await store.read();
  const seen = new Set<string>();
  estate = await createDemoEstate({
    seed: 7,
    // A lock of Bluetooth 4.2 (MTU 23), one of 5.0, and one of the second maker.
    keep({ maker, bluetooth }) {
      const kind = `${maker} ${bluetooth}`;
      const isNew = !seen.has(kind);
      seen.add(kind);
      return isNew;
    },
    domain: (clock) => (ports) => {
      const parts = { clock, random, log: silentLog, primitives: nodePrimitives, dh: nodeDh, store };
      part = createDomainPart({ ...parts, broken: fail }, ports, stored);
      return part;
    },
  });
  estate.medium.tap({
    frame({ characteristic, value }) {
      if (characteristic === LINK_CHARACTERISTIC) channels.add((value[0] ?? 0) & 0x3f);
      return undefined;
    },
  });
}

function fail(error: unknown): never {
  throw error;
}

const cardeaDoors = () => estate.doors.filter((door) => estate.identity(door).maker === 'cardea');
const areJoined = () =>
  cardeaDoors().every(
    (door) => estate.lock(door).view().hasUserKey && part?.domain?.isJoined(estate.identity(door).identifier) === true,
  );

beforeEach(() => {
  channels.clear();
  part = undefined;
});
afterEach(() => estate.stop());

it.each(['cbc', 'ccm'] as const)(
  'the locks of an estate join their gateway’s domain by themselves, and what the RAS says travels inside: %s',
  async (algorithm) => {
    await start(algorithm);
    await estate.enrolAll();
    await estate.clock.runUntil(areJoined, 30 * 60_000);
    // What was on its way then has come.
    await estate.clock.advance(60_000);
    channels.clear();
    for (const door of estate.doors) {
      const before = estate.lock(door).view().opens;
      const opened = await estate.operate(door, 'unlock', 30);
      expect(opened, door).toMatchObject({ state: 'succeeded' });
      expect(estate.lock(door).view()).toMatchObject({ boltOut: false, opens: before + 1 });
      expect(await estate.operate(door, 'lock', 30), door).toMatchObject({ state: 'succeeded' });
    }
    expect([...channels]).toEqual([2]);
  },
);

it('a key of the domain that is renewed disturbs no door, and after a power cut a lock is spoken to inside again', async () => {
  await start('cbc');
  await estate.enrolAll();
  await estate.clock.runUntil(areJoined, 30 * 60_000);
  await estate.clock.advance(60_000);
  channels.clear();
  part?.domain?.renew([1]);
  const [door = ''] = cardeaDoors();
  expect(await estate.operate(door, 'unlock', 30)).toMatchObject({ state: 'succeeded' });
  const userKey = () => part?.domain?.state.domainKeys.find(({ keyIndex }) => keyIndex === 1);
  await estate.clock.runUntil(() => userKey()?.generation === 2 && userKey()?.next === undefined, 30 * 60_000);
  estate.lock(door).powerOff();
  await estate.clock.advance(30_000);
  estate.lock(door).powerOn();
  await estate.clock.advance(120_000);
  expect(await estate.operate(door, 'status', 30)).toMatchObject({ state: 'succeeded' });
  expect(await estate.operate(door, 'lock', 30)).toMatchObject({ state: 'succeeded' });
  expect([...channels]).toEqual([2]);
});

it('with the server gone a phone opens its door through the gateway, again and again, inside SCPM as well', async () => {
  await start('cbc');
  await estate.enrolAll();
  await estate.clock.runUntil(areJoined, 30 * 60_000);
  const { clock, ras, gateway } = estate;
  const [, door = ''] = cardeaDoors();
  const person = await ras.core.persons.add(ras.owner, {
    ...{ name: 'Guest 1', email: 'guest@twin.example', role: 'guest' },
    password: new Secret('a good password of the twin'),
  });
  const guest: Actor = localActor(person);
  const nowMs = Math.floor(clock.now() / 1_000) * 1_000;
  await ras.core.grants.create(ras.owner, {
    personId: guest.personId,
    scope: { kind: 'doors', doorIds: [estate.doorId(door)] },
    notBefore: nowMs - 60_000,
    notAfter: nowMs + 86_400_000,
    methods: ['mobile_key'],
  });
  await clock.advance(60_000);
  const open = async () => {
    const ends = [end(), end()] as const;
    gateway.local.accept(ends[0].facing(ends[1]));
    return ends[1].facing(ends[0]);
  };
  const phone = await estate.phone('phone', { way: localWay({ open, clock }) });
  const desk = phoneDesk(() => ras.core, guest);
  await desk.enrol(phone);
  await desk.fetch(phone);

  estate.cutUplink(true);
  await clock.advance(60_000);
  channels.clear();
  for (const operation of ['unlock', 'lock', 'unlock'] as const) {
    let tapped: unknown;
    phone.tap(door, operation).then((answer) => {
      tapped = answer;
    });
    await clock.runUntil(() => tapped !== undefined, 120_000);
    expect(tapped).toMatchObject({ kind: 'answered', receipt: { result: 'done' } });
    expect(estate.lock(door).view().boltOut).toBe(operation === 'lock');
    // A connection is good for one exchange: the gateway hangs up when the phone does.
    await clock.advance(500);
  }
  expect([...channels]).toEqual([2]);
});

it('a service provider speaks to its lock inside SCPM under its own key, and the grant limits it at the lock', async () => {
  await start('ccm');
  await estate.enrolAll();
  await estate.clock.runUntil(areJoined, 30 * 60_000);
  const { clock, ras } = estate;
  const [other = '', door = ''] = cardeaDoors();
  const { identifier } = estate.identity(door);
  const device = part?.domain?.addressOf(identifier) ?? fail('the lock is not in the domain');
  const secret = new Secret(seededRandom('provider').octets(16));
  part?.domain?.input({ kind: 'add-provider', keyIndex: 3, key: secret, devices: [device] });
  const slot = () => keyAt(identifier, 3);
  await clock.runUntil(() => slot() !== undefined, 10 * 60_000);
  const version = slot()?.version ?? 0;
  const key = new Secret(deviceKey(nodePrimitives, secret.reveal(), device, 3, version));

  const courier: Actor = localActor(
    await ras.core.persons.add(ras.owner, {
      ...{ name: 'Courier 1', email: 'courier@twin.example', role: 'guest' },
      password: new Secret('a good password of the twin'),
    }),
  );
  const nowMs = Math.floor(clock.now() / 1_000) * 1_000;
  await ras.core.grants.create(ras.owner, {
    personId: courier.personId,
    scope: { kind: 'doors', doorIds: [estate.doorId(door), estate.doorId(other)] },
    notBefore: nowMs - 60_000,
    notAfter: nowMs + 3_600_000,
    methods: ['mobile_key'],
  });
  await clock.advance(60_000);
  const kept = new Map<string, Uint8Array>();
  const random = seededRandom('courier');
  const way = providerWay({
    ...{ primitives: nodePrimitives, clock, random, dh: nodeDh },
    way: radioWay({ radio: estate.medium.radioFor('courier'), clock, primitives: nodePrimitives }),
    keys: [{ lock: identifier, device, keyIndex: 3, version, algorithm: 2, key }],
    store: {
      load: async (lock) => kept.get(lock),
      save: async (lock, octets) => void kept.set(lock, octets),
    },
  });
  const phone = await estate.phone('courier', { way });
  const desk = phoneDesk(() => ras.core, courier);
  await desk.enrol(phone);
  await desk.fetch(phone);
  const tap = async (at: string) => {
    let tapped: unknown;
    phone.tap(at, 'unlock').then((answer) => {
      tapped = answer;
    });
    await clock.runUntil(() => tapped !== undefined, 120_000);
    return tapped;
  };

  estate.cutUplink(true);
  await clock.advance(30_000);
  channels.clear();
  expect(await tap(door)).toMatchObject({ kind: 'answered', receipt: { result: 'done' } });
  expect(estate.lock(door).view().boltOut).toBe(false);
  expect([...channels]).toEqual([2]);
  // Where it has a grant and no key of the hop, it does not come in this way.
  expect(await tap(other)).toMatchObject({ kind: 'not_connected', code: 'unsupported' });
  // The key of the hop lets it speak; the grant says for how long it is let in.
  await clock.advance(2 * 3_600_000);
  expect(await tap(door)).toMatchObject({ kind: 'answered', receipt: { result: 'expired' } });

  // What the domain takes back speaks to nobody any more.
  estate.cutUplink(false);
  part?.domain?.input({ kind: 'remove-provider', keyIndex: 3 });
  await clock.runUntil(() => slot() === undefined, 10 * 60_000);
  expect(await tap(door)).toMatchObject({ kind: 'refused', reason: 'no_answer' });
});

/** The key of an index that a lock holds, by the key setting node's record. */
function keyAt(identifier: string, keyIndex: number) {
  const address = part?.domain?.addressOf(identifier);
  const entry = part?.domain?.state.entries.find((each) => address !== undefined && equal(each.address, address));
  return entry?.keys.find((each) => each.keyIndex === keyIndex)?.active;
}

/** One end of a pipe in this process, which takes a moment. */
function end() {
  const told = { data: (_: Uint8Array): void => {}, closed: (): void => {} };
  const later = (run: () => void) => void estate.clock.after(1, run);
  return {
    told,
    facing: (other: { readonly told: typeof told }) => ({
      send: (octets: Uint8Array) => later(() => other.told.data(octets)),
      onData: (listener: (octets: Uint8Array) => void) => void Object.assign(told, { data: listener }),
      onClose: (listener: () => void) => void Object.assign(told, { closed: listener }),
      close: () => later(() => other.told.closed()),
    }),
  };
}
