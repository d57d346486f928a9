import { equal, toHex } from '@cardea/kit-octets';
import { describe, expect, it } from 'vitest';
import { EXCHANGE_MAX_MS } from '../src/exchange/exchange.ts';
import {
  decodePadata,
  encodePadata,
  isJoined,
  type KeyStanding,
  openKsn,
  type Padata,
  standingOf,
} from '../src/index.ts';
import { protecting } from '../src/node/keys.ts';
import { hand, isRequestOf, type Observed, type ObservedSecure, Observer, sealAs, statusOf } from './observer.ts';
import { activeKey, World } from './world.ts';

const PROFILES = ['hardened', 'standard'] as const;
type Profile = (typeof PROFILES)[number];

/** Two devices in their domain; what they are told from then on may get lost. */
function joined(profile: Profile): { readonly world: World; readonly observer: Observer } {
  const world = new World({ seed: 932, settings: { profile }, devices: 2 });
  const observer = new Observer(world);
  for (const i of [0, 1]) world.join(i);
  world.pass(30_000);
  expect([0, 1].map((i) => isJoined(world.ksn, world.device(i).address))).toEqual([true, true]);
  // Both ends know where the other stands from here on.
  for (const i of [0, 1]) expectTalk(world, observer, i);
  observer.clear();
  return { world, observer };
}

const update = (world: World, keyIndex = 1): void =>
  world.tell('ksn', { kind: 'update-key', keyIndex, key: world.freshKey() });
const nextOf = (world: World) => world.ksn.domainKeys.find(({ keyIndex }) => keyIndex === 1)?.next;
const standings = (world: World): readonly KeyStanding[] => world.devices.map((device) => standingOf(device, 1));
const isWith = (world: World, i: number, frame: Observed): boolean =>
  frame.kind === 'secure' && [frame.sa, frame.da].some((address) => equal(address, world.device(i).address));
const padataOf = ({ padata }: ObservedSecure): Padata => decodePadata(padata as Uint8Array);
const keyAt = (world: World, i: number, state: 'active' | 'pending') =>
  world.device(i).keys.find((key) => key.keyIndex === 1 && key.state === state);
const atKsn = (world: World, i: number) =>
  world.ksn.peers.find(({ address }) => equal(address, world.device(i).address))?.keys ?? [];

/** A message in each direction; under which user key it went. */
function talk(world: World, observer: Observer, i = 0): readonly (string | undefined)[] {
  const name = `device-${i}` as const;
  return (['ksn', name] as const).map((from) => {
    const to = from === 'ksn' ? world.device(i).address : world.ksn.address;
    const before = observer.frames.length;
    world.tell(from, {
      kind: 'send',
      to,
      keyIndex: 1,
      octets: Uint8Array.of(1),
      token: 1,
      expiresAtMs: world.nowMs + 10_000,
    });
    world.pass(10_500);
    const request = observer.frames.slice(before).find((frame) => isRequestOf(frame, 'lock-message'));
    const done = world.of(from, 'message-done').at(-1);
    return done?.arrived && request?.kind === 'secure' ? octetsOf(request.key) : undefined;
  });
}

const octetsOf = ({ key }: { readonly key: { reveal(): Uint8Array } }): string => toHex(key.reveal());

/** Messages arrive both ways, under the key that is active at the device. */
function expectTalk(world: World, observer: Observer, i: number): void {
  const active = keyAt(world, i, 'active');
  if (active === undefined) throw new Error('no active key');
  const used = octetsOf(active);
  expect(talk(world, observer, i)).toEqual([used, used]);
}

/** An update with the second device off: the first one waits with a pending key. */
function half(profile: Profile): { readonly world: World; readonly observer: Observer } {
  const { world, observer } = joined(profile);
  observer.loses = (frame) => isWith(world, 1, frame);
  update(world);
  world.pass(30_000);
  expect(standings(world)[0]).toBe('NEW_KEY_PENDING');
  return { world, observer };
}

describe.each(PROFILES)('9.3.2 Synchronisation, %s', (profile) => {
  it('9.3.2-1 the KSN has the new key on record before a device hears of it', () => {
    const { world, observer } = joined(profile);
    let recorded: boolean | undefined;
    observer.replaces = (frame) => {
      if (recorded === undefined && isRequestOf(frame, 'dh-value')) {
        const domain = world.stations.get('ksn')?.records.get('domain') ?? new Uint8Array(0);
        const kept = openKsn(domain, []).domainKeys[0]?.next;
        recorded = kept !== undefined && equal(kept.key.reveal(), nextOf(world)?.key.reveal() ?? new Uint8Array(0));
      }
      return frame.octets;
    };
    update(world);
    world.pass(10_000);
    expect(recorded).toBe(true);
  });

  it('9.3.2-2 while a key is pending the old one protects, in both directions', () => {
    const { world, observer } = half(profile);
    const [active, pending] = [keyAt(world, 0, 'active'), keyAt(world, 0, 'pending')];
    expect(pending?.version).toBeGreaterThan(active?.version ?? 0);
    expectTalk(world, observer, 0);
    expect(standings(world)[0]).toBe('NEW_KEY_PENDING');
    // It outlives the power.
    world.cut('device-0');
    world.pass(2_000);
    expect(toHex(keyAt(world, 0, 'pending')?.key.reveal() as Uint8Array)).toBe(
      toHex(pending?.key.reveal() as Uint8Array),
    );
    expectTalk(world, observer, 0);
  });

  it('9.3.2-3 9.3.2-4 the commit comes when the device that was off has confirmed, not before', () => {
    const { world, observer } = half(profile);
    world.pass(2 * 60 * 60_000);
    expect(nextOf(world)?.committed).toBe(false);
    expect(observer.requests('commit')).toEqual([]);
    const pending = keyAt(world, 0, 'pending')?.version;
    observer.loses = () => false;
    world.pass(10 * 60_000);
    expect([standings(world), nextOf(world)]).toEqual([['NORMAL', 'NORMAL'], undefined]);
    const commits = observer.requests('commit');
    expect(commits.map((commit) => statusOf(observer.answerTo(commit)))).toEqual(['ok', 'ok']);
    const first = commits.filter((commit) => isWith(world, 0, commit)).map(padataOf);
    expect(first).toEqual([{ kind: 'commit', keyIndex: 1, version: pending }]);
    for (const i of [0, 1]) {
      expect(world.device(i).keys.filter(({ keyIndex }) => keyIndex === 1)).toHaveLength(1);
      expect(activeKey(world.device(i).keys, 1)).toBe(activeKey(atKsn(world, i), 1));
      expectTalk(world, observer, i);
    }
  });

  it('9.3.2-3 the commit comes when the device that was off is removed', () => {
    const { world } = half(profile);
    world.tell('ksn', { kind: 'remove', device: world.device(1).address });
    world.pass(30_000);
    expect([standings(world)[0], nextOf(world)]).toEqual(['NORMAL', undefined]);
    expect(activeKey(world.device(0).keys, 1)).toBe(activeKey(atKsn(world, 0), 1));
  });

  it('9.3.2-5 9.3.2-2 the first valid frame under a pending key makes it the active one, and the old one is gone', () => {
    const { world } = half(profile);
    const pending = keyAt(world, 0, 'pending');
    const old = keyAt(world, 0, 'active');
    if (pending === undefined || old === undefined) throw new Error('no keys');
    const nonce = new Uint8Array(16);
    const head = { sa: world.ksn.address, da: world.device(0).address, services: 'auth' } as const;
    const under = (key: typeof pending, snf: number) =>
      hand(world, 'device-0', sealAs(world, key, { ...head, snf }, encodePadata({ kind: 'snf-inquiry', nonce })));
    const broken = sealAs(
      world,
      pending,
      { ...head, snf: world.device(0).firstSnf },
      encodePadata({ kind: 'snf-inquiry', nonce }),
    );
    broken[broken.length - 1] = (broken.at(-1) as number) ^ 1;
    hand(world, 'device-0', broken);
    expect(standings(world)[0]).toBe('NEW_KEY_PENDING');
    under(pending, world.device(0).firstSnf);
    expect([standings(world)[0], keyAt(world, 0, 'active')?.version]).toEqual(['NORMAL', pending.version]);
    world.pass(2_000);
    const before = world.heard.length;
    under(old, 1);
    // `standard` says to anybody that it did not verify; nothing is served.
    expect(world.heard.length - before).toBe(profile === 'standard' ? 1 : 0);
    expect(world.device(0).keys.filter(({ keyIndex }) => keyIndex === 1)).toHaveLength(1);
  });

  it('9.3.2-6 an update that is given up: the pending key is erased, the old one stays', () => {
    const { world, observer } = half(profile);
    const active = activeKey(world.device(0).keys, 1);
    world.tell('ksn', { kind: 'abort-update', keyIndex: 1 });
    observer.loses = () => false;
    world.pass(20 * 60_000);
    const [abort, ...more] = observer.requests('abort');
    if (abort === undefined) throw new Error('no abort');
    expect([more, statusOf(observer.answerTo(abort))]).toEqual([[], 'ok']);
    expect([standings(world), nextOf(world)]).toEqual([['NORMAL', 'NORMAL'], undefined]);
    expect(activeKey(world.device(0).keys, 1)).toBe(active);
    expect(atKsn(world, 0).filter(({ keyIndex }) => keyIndex === 1)).toHaveLength(1);
    expectTalk(world, observer, 0);
  });

  it('9.3.2-6 an update that is committed is not given up', () => {
    const { world, observer } = joined(profile);
    observer.loses = (frame) => isRequestOf(frame, 'commit') && isWith(world, 1, frame);
    update(world);
    world.pass(30_000, () => nextOf(world)?.committed === true);
    world.tell('ksn', { kind: 'abort-update', keyIndex: 1 });
    observer.loses = () => false;
    world.pass(10 * 60_000);
    expect(world.ksn.domainKeys[0]).toMatchObject({ generation: 2, next: undefined });
    expect(standings(world)).toEqual(['NORMAL', 'NORMAL']);
  });

  it('9.3.2-7 a newer push takes the place of a pending key, also when the abort was never heard', () => {
    const { world, observer } = half(profile);
    const first = keyAt(world, 0, 'pending');
    observer.loses = (frame) => isWith(world, 1, frame) || isRequestOf(frame, 'abort');
    world.tell('ksn', { kind: 'abort-update', keyIndex: 1 });
    world.pass(60_000);
    update(world);
    world.pass(10 * 60_000);
    const second = keyAt(world, 0, 'pending');
    expect(second?.version).toBeGreaterThan(first?.version ?? 0);
    expect(world.device(0).keys.filter(({ keyIndex }) => keyIndex === 1)).toHaveLength(2);
    observer.loses = () => false;
    world.pass(30 * 60_000);
    expect([standings(world), nextOf(world)]).toEqual([['NORMAL', 'NORMAL'], undefined]);
    expect(keyAt(world, 0, 'active')?.version).toBe(second?.version);
    for (const i of [0, 1]) expect(activeKey(world.device(i).keys, 1)).toBe(activeKey(atKsn(world, i), 1));
  });

  it('9.3.2-8 the KSN keeps the old key, and hears it, until no device may hold it as its active one', () => {
    const { world, observer } = joined(profile);
    // Nothing under the new key reaches the second device: its first frame would do as the commit.
    const first = keyAt(world, 1, 'active');
    observer.loses = (frame) =>
      frame.kind === 'secure' &&
      frame.from === 'ksn' &&
      isWith(world, 1, frame) &&
      !frame.dh &&
      (first === undefined || octetsOf(frame.key) !== octetsOf(first));
    const old = world.ksn.domainKeys[0]?.key.reveal() as Uint8Array;
    update(world);
    world.pass(10 * 60_000);
    expect(standings(world)).toEqual(['NORMAL', 'NEW_KEY_PENDING']);
    expect(nextOf(world)?.committed).toBe(true);
    expect(toHex(world.ksn.domainKeys[0]?.key.reveal() as Uint8Array)).toBe(toHex(old));
    const to = world.ksn.address;
    const before = world.of('ksn', 'deliver').length;
    world.tell('device-1', {
      kind: 'send',
      to,
      keyIndex: 1,
      octets: Uint8Array.of(1),
      token: 1,
      expiresAtMs: undefined,
    });
    world.pass(3_000);
    expect(world.of('ksn', 'deliver')).toHaveLength(before + 1);
    observer.loses = () => false;
    world.pass(10 * 60_000);
    expect(standings(world)).toEqual(['NORMAL', 'NORMAL']);
    expect(toHex(world.ksn.domainKeys[0]?.key.reveal() as Uint8Array)).not.toBe(toHex(old));
  });

  it('9.3.2-9 a run that does not come to its key is forgotten after 60 s, and another one is tried', () => {
    const { world, observer } = joined(profile);
    observer.loses = (frame) => isRequestOf(frame, 'new-master-key');
    update(world);
    world.pass(10_000, () => standings(world)[0] === 'DH_EXCHANGED');
    const begunMs = world.nowMs;
    observer.loses = (frame) =>
      frame.from === 'ksn' && (isRequestOf(frame, 'new-master-key') || isRequestOf(frame, 'dh-value'));
    world.pass(EXCHANGE_MAX_MS - 10_000);
    expect(standings(world)[0]).toBe('DH_EXCHANGED');
    world.pass(EXCHANGE_MAX_MS - (world.nowMs - begunMs) + 1_000);
    expect(standings(world)[0]).toBe('NORMAL');
    expect(world.device(0).peers.flatMap(({ keys }) => keys)).toEqual([]);
    expect(EXCHANGE_MAX_MS).toBe(60_000);
    observer.loses = () => false;
    world.pass(15 * 60_000);
    expect([standings(world), nextOf(world)]).toEqual([['NORMAL', 'NORMAL'], undefined]);
  });

  it('9.3.2-10 a lower version is refused, of a pushed key, of a run, and after a key is gone', () => {
    const { world } = joined(profile);
    const addProvider = () =>
      world.tell('ksn', {
        kind: 'add-provider',
        keyIndex: 3,
        key: world.freshKey(),
        devices: [world.device(0).address],
      });
    addProvider();
    world.pass(10_000);
    const had = world.device(0).keys.find(({ keyIndex }) => keyIndex === 3)?.version ?? 0;
    const user = protecting(world.device(0).keys, 1);
    if (user === undefined || had === 0) throw new Error('no keys');
    const observer = new Observer(world);
    const tell = (services: 'auth' | 'auth+enc', padata: Padata): string => {
      observer.clear();
      const peer = world.device(0).peers.find(({ address }) => equal(address, world.ksn.address));
      const snf = peer?.lines.find(({ keyIndex, dh }) => keyIndex === 1 && !dh)?.expected ?? 1;
      hand(
        world,
        'device-0',
        sealAs(
          world,
          user,
          { sa: world.ksn.address, da: world.device(0).address, services, snf },
          encodePadata(padata),
        ),
      );
      return observer.secure.map(statusOf).join();
    };
    const key = new Uint8Array(16).fill(5);
    const provider = (version: number) => ({ kind: 'provider-key', keyIndex: 3, version, algorithm: 1, key }) as const;
    expect(tell('auth+enc', provider(had - 1))).toBe('version_lower');
    expect(tell('auth+enc', provider(had))).toBe('version_lower');
    expect(tell('auth+enc', { kind: 'forget-key', keyIndex: 3 })).toBe('ok');
    expect(tell('auth+enc', provider(had))).toBe('version_lower');
    const value = {
      kind: 'dh-value',
      exchangeId: 1,
      group: 2,
      keyIndex: 1,
      fragment: 0,
      total: 1,
      part: new Uint8Array(65),
    } as const;
    expect(tell('auth', { ...value, version: user.version })).toBe('version_lower');
    expect(world.device(0).keys.filter(({ keyIndex }) => keyIndex === 3)).toEqual([]);
    expect(tell('auth+enc', provider(had + 1))).toBe('ok');
    // By name: keys that are too long, algorithms and groups that this device does not have.
    for (const keyLength of [24, 32]) {
      expect(tell('auth+enc', { ...provider(had + 2), key: new Uint8Array(keyLength) })).toBe('unsupported_key_length');
    }
    expect(tell('auth+enc', { ...provider(had + 2), algorithm: 9 })).toBe('unsupported_algorithm');
    expect(tell('auth', { ...value, version: 2 ** 32 - 1, group: 9 })).toBe('unsupported_group');
    expect(tell('auth', { ...value, version: 2 ** 32 - 1, group: 3, part: new Uint8Array(192) })).toBe(
      profile === 'hardened' ? 'unsupported_group' : 'bad_value',
    );
  });
});

describe.each(PROFILES)('9.3.3 Update requested by a device, %s', (profile) => {
  it('9.3.3-1 9.3.3-2 accepted: REQUESTED, DH_EXCHANGED, NEW_KEY_PENDING, NORMAL', () => {
    const { world, observer } = joined(profile);
    const seen: KeyStanding[] = ['NORMAL'];
    observer.replaces = ({ octets }) => {
      const standing = standings(world)[0] as KeyStanding;
      if (standing !== seen.at(-1)) seen.push(standing);
      return octets;
    };
    const preMaster = keyAt(world, 0, 'active');
    world.tell('device-0', { kind: 'request-update', keyIndex: 1 });
    world.pass(5_000);
    const [request] = observer.requests('update-request');
    if (request === undefined) throw new Error('no request');
    expect([request.from, request.services, request.key.version]).toEqual(['device-0', 'auth+enc', preMaster?.version]);
    expect(statusOf(observer.answerTo(request))).toBe('ok');
    expect(world.of('ksn', 'update-wanted')).toEqual([
      { kind: 'update-wanted', peer: world.device(0).address, keyIndex: 1 },
    ]);
    update(world);
    world.pass(30_000);
    expect(standings(world)[0]).toBe('NORMAL');
    expect(seen).toEqual(['NORMAL', 'REQUESTED', 'DH_EXCHANGED', 'NEW_KEY_PENDING', 'NORMAL']);
    expect(observer.requests('update-request')).toHaveLength(1);
    expect(activeKey(world.device(0).keys, 1)).toBe(activeKey(atKsn(world, 0), 1));
  });

  it('9.3.3-3 busy, or no answer: it asks three times, after 10, 20 and 40 s, then it is NORMAL', () => {
    for (const answer of ['busy', 'none'] as const) {
      const { world, observer } = joined(profile);
      // Another update is under way, and this device is out of its reach.
      observer.loses = (frame) => isWith(world, 1, frame) || isRequestOf(frame, 'dh-value');
      update(world);
      world.pass(1_000);
      if (answer === 'none') observer.loses = () => true;
      const sinceMs = world.nowMs;
      world.tell('device-0', { kind: 'request-update', keyIndex: 1 });
      world.pass(69_000);
      expect(standings(world)[0]).toBe('REQUESTED');
      world.pass(2_000);
      expect(standings(world)[0]).toBe('NORMAL');
      world.pass(120_000);
      const asked = observer.requests('update-request');
      const firsts = asked.filter(({ octets }, i) => asked.findIndex((each) => equal(each.octets, octets)) === i);
      if (answer === 'busy') {
        expect(asked.map((request) => statusOf(observer.answerTo(request)))).toEqual(['busy', 'busy', 'busy']);
        expect(firsts.map(({ atMs }) => Math.round((atMs - sinceMs) / 1_000))).toEqual([0, 10, 30]);
      }
      expect(asked.at(-1)?.atMs ?? 0).toBeLessThan(sinceMs + 71_000);
    }
  });

  it('9.3.3-4 denied: NORMAL again, and it does not ask on', () => {
    const { world, observer } = joined(profile);
    world.tell('ksn', { kind: 'add-provider', keyIndex: 3, key: world.freshKey(), devices: [world.device(0).address] });
    world.pass(10_000);
    world.tell('device-0', {
      kind: 'send',
      to: world.ksn.address,
      keyIndex: 3,
      octets: Uint8Array.of(1),
      token: 1,
      expiresAtMs: undefined,
    });
    world.pass(10_000);
    // The provider's key is to be taken back, and the device has not heard of it yet.
    observer.loses = (frame) => isRequestOf(frame, 'forget-key');
    world.tell('ksn', { kind: 'remove-provider', keyIndex: 3 });
    world.tell('device-0', { kind: 'request-update', keyIndex: 3 });
    expect(standingOf(world.device(0), 3)).toBe('REQUESTED');
    world.pass(5_000);
    const asked = observer.requests('update-request');
    expect(asked.map((request) => statusOf(observer.answerTo(request)))).toEqual(['denied']);
    expect(standingOf(world.device(0), 3)).toBe('NORMAL');
    world.pass(120_000);
    expect(observer.requests('update-request')).toHaveLength(1);
    expect(world.of('ksn', 'update-wanted')).toEqual([]);
  });
});
