import { nodePrimitives as primitives } from '@cardea/kit-node';
import { equal, fromHex, toHex } from '@cardea/kit-octets';
import { Secret } from '@cardea/kit-runtime';
import { describe, expect, it } from 'vitest';
import {
  createDevice,
  decodeAdata,
  decodePadata,
  deviceKey,
  encodeAdata,
  encodePadata,
  encodePlainFrame,
  isJoined,
  makerKey,
  openKsn,
  type Padata,
  SETTING_MODE_MS,
} from '../src/index.ts';
import { FIRST_SNF } from '../src/node/keys.ts';
import {
  hand,
  isRequestOf,
  type Observed,
  type ObservedSecure,
  Observer,
  sealAs,
  shdOf,
  statusOf,
} from './observer.ts';
import { activeKey, World, type WorldOptions } from './world.ts';

const PROFILES = ['hardened', 'standard'] as const;
type Profile = (typeof PROFILES)[number];

const worldOf = (profile: Profile, options: Omit<WorldOptions, 'seed'> = {}): World =>
  new World({ seed: 92, settings: { profile }, ...options });

const isIn = (world: World, i = 0): boolean => isJoined(world.ksn, world.device(i).address);

function joined(profile: Profile, options: Omit<WorldOptions, 'seed'> = {}): { world: World; observer: Observer } {
  const world = worldOf(profile, options);
  const observer = new Observer(world);
  for (let i = 0; i < (options.devices ?? 1); i++) world.join(i);
  world.pass(30_000, () => world.devices.every((_, i) => isIn(world, i)));
  expect(world.devices.map((_, i) => isIn(world, i))).not.toContain(false);
  return { world, observer };
}

function one(frames: readonly ObservedSecure[]): ObservedSecure {
  const [frame] = frames;
  if (frame === undefined) throw new Error('there is none');
  return frame;
}

const padataOf = ({ padata }: ObservedSecure): Padata => decodePadata(padata as Uint8Array);
const atKsn = (world: World, i = 0) =>
  world.ksn.peers.find(({ address }) => equal(address, world.device(i).address))?.keys ?? [];
const addProvider = (world: World, keyIndex: number): void =>
  world.tell('ksn', { kind: 'add-provider', keyIndex, key: world.freshKey(), devices: [world.device().address] });

describe.each(PROFILES)('9.1 %s', (profile) => {
  it('9.1-1 9.1-2 9.1-5 every key comes from the KSN in a frame of SCPM, encrypted and authenticated', () => {
    const { world, observer } = joined(profile);
    addProvider(world, 3);
    world.pass(5_000);
    world.tell('ksn', { kind: 'update-key', keyIndex: 1, key: world.freshKey() });
    world.pass(30_000);
    const kinds = ['user-key', 'provider-key', 'new-master-key'] as const;
    for (const kind of kinds) {
      const request = one(observer.requests(kind));
      expect([kind, request.from, request.services]).toEqual([kind, 'ksn', 'auth+enc']);
    }
    const secrets = kinds
      .flatMap((kind) => observer.requests(kind).map(padataOf))
      .map((padata) => ('key' in padata ? toHex(padata.key) : ''));
    for (const { octets } of world.heard) for (const key of secrets) expect(toHex(octets)).not.toContain(key);
  });

  it('9.1-6 9.1-3 the KSN and the device have all their keys on record', () => {
    const { world } = joined(profile);
    addProvider(world, 3);
    world.pass(5_000);
    const records = world.stations.get('ksn')?.records ?? new Map<string, Uint8Array>();
    const domain = records.get('domain') ?? new Uint8Array(0);
    const kept = openKsn(
      domain,
      [...records].filter(([name]) => name !== 'domain').map(([, octets]) => octets),
    );
    const keysOf = ({ domainKeys }: typeof kept) =>
      domainKeys.map(({ keyIndex, key }) => [keyIndex, toHex(key.reveal())]);
    expect(keysOf(kept)).toEqual(keysOf(world.ksn));
    expect(kept.domainKeys.map(({ keyIndex }) => keyIndex)).toEqual([1, 3]);
    expect(kept.entries).toEqual(world.ksn.entries);
    const before = [1, 3].map((index) => activeKey(world.device().keys, index));
    world.cut('device-0');
    world.pass(1_000);
    expect([1, 3].map((index) => activeKey(world.device().keys, index))).toEqual(before);
  });

  it('9.1-4 a device takes keys from its one KSN alone: another KSN is not answered, another node is not served', () => {
    const { world } = joined(profile);
    const other = new World({ seed: 93, settings: { profile } });
    const observer = new Observer(other);
    world.tell('device-0', { kind: 'setting-mode' });
    // The other KSN has the serial key and asks at another address.
    const sa = fromHex('0200000000aa');
    const da = world.device().address;
    expect(
      hand(
        world,
        'device-0',
        encodePlainFrame({ sa, da, adata: encodeAdata({ kind: 'algorithm-inquiry', keyIndex: 0 }) }),
      ),
    ).toEqual([]);
    other.join();
    other.pass(30_000, () => isIn(other));
    const serial = world.device().keys.find(({ keyIndex }) => keyIndex === 0);
    const user = world.device().keys.find(({ keyIndex }) => keyIndex === 1);
    if (serial === undefined || user === undefined) throw new Error('no keys');
    const before = world.device().keys;
    const padata = one(observer.requests('user-key')).padata as Uint8Array;
    expect(
      hand(
        world,
        'device-0',
        sealAs(world, serial, { sa, da, services: 'auth+enc', snf: world.device().firstSnf }, padata),
      ),
    ).toEqual([]);
    // Under the user key: silent in `hardened`; in `standard`, where all devices share it, refused.
    const provider = encodePadata({
      kind: 'provider-key',
      keyIndex: 3,
      version: 2 ** 31,
      algorithm: 1,
      key: new Uint8Array(16),
    });
    const answers = hand(
      world,
      'device-0',
      sealAs(world, user, { sa, da, services: 'auth+enc', snf: world.device().firstSnf }, provider),
    );
    expect(answers).toHaveLength(profile === 'standard' ? 1 : 0);
    expect(world.device().keys).toEqual(before);
  });

  it('9.2.1-1 the user key is one of the domain: shared in standard, in hardened each device’s own of it', () => {
    const { world } = joined(profile, { devices: 2 });
    const [first, second] = [0, 1].map((i) => world.device(i).keys.find(({ keyIndex }) => keyIndex === 1));
    const domainKey = world.ksn.domainKeys[0]?.key.reveal() as Uint8Array;
    const heldBy = (i: number, version: number): Uint8Array =>
      profile === 'standard' ? domainKey : deviceKey(primitives, domainKey, world.device(i).address, 1, version);
    expect(toHex(first?.key.reveal() as Uint8Array)).toBe(toHex(heldBy(0, first?.version ?? 0)));
    expect(toHex(second?.key.reveal() as Uint8Array)).toBe(toHex(heldBy(1, second?.version ?? 0)));
    expect(equal(first?.key.reveal() as Uint8Array, second?.key.reveal() as Uint8Array)).toBe(profile === 'standard');
    // So device talks to device in `standard` alone.
    world.tell('device-0', {
      kind: 'send',
      to: world.device(1).address,
      keyIndex: 1,
      octets: Uint8Array.of(5),
      token: 1,
      expiresAtMs: undefined,
    });
    world.pass(60_000);
    expect(world.of('device-1', 'deliver').map(({ octets }) => toHex(octets))).toEqual(
      profile === 'standard' ? ['05'] : [],
    );
  });
});

describe.each(PROFILES)('9.2.1 Initialisation of a user key, %s', (profile) => {
  it('9.2.1-a without the supervisor’s word the KSN asks nobody and gives nobody a key', () => {
    const world = worldOf(profile);
    world.tell('device-0', { kind: 'setting-mode' });
    world.pass(600_000);
    expect(world.heard).toEqual([]);
    expect(world.device().keys.filter(({ keyIndex }) => keyIndex > 0)).toEqual([]);
  });

  it('9.2.1-3 9.2.1-b 9.2.1-g with another serial key than the device’s nothing is set', () => {
    const world = worldOf(profile);
    world.tell('device-0', { kind: 'setting-mode' });
    world.tell('ksn', { kind: 'join', device: world.device().address, serialKey: world.freshKey() });
    world.pass(10 * 60_000);
    expect(isIn(world)).toBe(false);
    expect(world.device().ksn).toBeUndefined();
    expect(world.device().keys.filter(({ keyIndex }) => keyIndex > 0)).toEqual([]);
  });

  it('9.2.1-c2 9.2.1-2 the device takes a user key for 30 minutes after its button alone', () => {
    for (const [afterMs, isTaken] of [
      [0, true],
      [SETTING_MODE_MS - 60_000, true],
      [SETTING_MODE_MS, false],
    ] as const) {
      const world = worldOf(profile);
      world.tell('device-0', { kind: 'setting-mode' });
      world.pass(afterMs);
      world.tell('ksn', { kind: 'join', device: world.device().address, serialKey: world.serialKeys[0] as Secret });
      world.pass(50_000);
      expect([afterMs, isIn(world), activeKey(world.device().keys, 1) !== 'none']).toEqual([afterMs, isTaken, isTaken]);
    }
    expect(SETTING_MODE_MS).toBe(1_800_000);
    const never = worldOf(profile);
    never.tell('ksn', { kind: 'join', device: never.device().address, serialKey: never.serialKeys[0] as Secret });
    never.pass(120_000);
    expect(isIn(never)).toBe(false);
  });

  it('9.2.1-d 9.2.1-e the algorithms are asked for and told in plaintext, once', () => {
    const { observer } = joined(profile);
    expect(observer.plain.map(({ from, adata }) => [from, decodeAdata(adata)])).toEqual([
      ['ksn', { kind: 'algorithm-inquiry', keyIndex: 0 }],
      ['device-0', { kind: 'algorithms', algorithms: profile === 'standard' ? [1] : [1, 2] }],
    ]);
  });

  it('9.2.1-f 9.2.1-g 9.2.1-h 9.2.1-i 9.2.1-5 9.2.1-6 9.2.1-7 9.2.1-8 the key goes under the serial key, and is confirmed', () => {
    const { world, observer } = joined(profile);
    const [request, ...more] = observer.requests('user-key');
    if (request === undefined) throw new Error('no request');
    expect(more).toEqual([]);
    // Serial key index, both services, a request; `hardened` under the secret of a run under the serial key (b4).
    expect(shdOf(request.octets)).toBe(profile === 'standard' ? 0x0000 : 0x0010);
    const padata = padataOf(request);
    expect(padata).toMatchObject({
      kind: 'user-key',
      keyIndex: 1,
      algorithm: 1,
      heard: profile === 'standard' ? [1] : [1, 2],
    });
    const active = world.device().keys.find(({ keyIndex }) => keyIndex === 1);
    expect('key' in padata && toHex(padata.key)).toBe(toHex(active?.key.reveal() as Uint8Array));
    expect('key' in padata && padata.key).toHaveLength(16);
    const answer = observer.answerTo(request);
    expect(shdOf(answer.octets)).toBe(shdOf(request.octets) | 0x0100);
    expect([answer.snf, answer.key.key.reveal()]).toEqual([request.snf + 1, request.key.key.reveal()]);
    expect(statusOf(answer)).toBe('ok');
    // i): the KSN knows, and the new SNF is the one of its next request.
    expect(isIn(world)).toBe(true);
    const line = world.ksn.peers[0]?.lines.find(({ keyIndex, dh }) => keyIndex === 0 && dh === request.dh);
    // In `hardened` the line went with the secret of the run.
    expect(line?.next).toBe(profile === 'standard' ? answer.snf : undefined);
    expect(activeKey(atKsn(world), 1)).toBe(activeKey(world.device().keys, 1));
  });

  it('9.2.1-4 without an answer the KSN sends the same message with the same SNF, and the device takes it once', () => {
    for (const lost of ['request', 'answer'] as const) {
      const world = worldOf(profile);
      const observer = new Observer(world);
      let losses = 0;
      const isLost = (frame: Observed): boolean => {
        const [request] = observer.requests('user-key');
        if (lost === 'request') return isRequestOf(frame, 'user-key');
        return (
          frame.kind === 'secure' &&
          frame.response &&
          request !== undefined &&
          frame.snf === request.snf + 1 &&
          frame.from === 'device-0'
        );
      };
      observer.loses = (frame) => isLost(frame) && losses++ < 2;
      world.join();
      world.pass(30_000, () => isIn(world));
      expect(isIn(world)).toBe(true);
      const requests = observer.requests('user-key').map(({ octets }) => toHex(octets));
      expect([lost, requests.length, new Set(requests).size]).toEqual([lost, 3, 1]);
      expect(world.of('device-0', 'key')).toHaveLength(1);
    }
  });

  it('9.2.1-7 9.2.1-8 9.2.1-6 a failure has the SNF of before, copies the data and authenticates them anew', () => {
    const world = worldOf(profile);
    world.tell('device-0', { kind: 'setting-mode' });
    const serial = world.device().keys.find(({ keyIndex }) => keyIndex === 0);
    if (serial === undefined) throw new Error('no serial key');
    const observer = new Observer(world);
    const padata = encodePadata({
      kind: 'user-key',
      keyIndex: 1,
      version: 9,
      algorithm: 1,
      key: new Uint8Array(16).fill(7),
      heard: [1],
    });
    const head = { sa: world.ksn.address, da: world.device().address, services: 'auth+enc', snf: 5 } as const;
    const request = sealAs(world, serial, head, padata);
    hand(world, 'device-0', request);
    const [answer] = observer.secure;
    expect(answer).toMatchObject({ failure: 'snf', snf: world.device().firstSnf });
    expect(toHex(answer?.body as Uint8Array)).toBe(toHex(request.slice(21, -16)));
    expect(world.device().ksn).toBeUndefined();
  });

  it('9.2.1-e (ours) a list of algorithms that was altered on its way is refused, and the device does not join', () => {
    const world = worldOf(profile);
    const observer = new Observer(world);
    observer.replaces = (frame) =>
      frame.kind === 'plain' && frame.from === 'device-0'
        ? encodePlainFrame({
            sa: world.device().address,
            da: world.ksn.address,
            adata: encodeAdata({ kind: 'algorithms', algorithms: [1, 9] }),
          })
        : frame.octets;
    world.join();
    world.pass(20_000);
    expect(statusOf(observer.answerTo(one(observer.requests('user-key'))))).toBe('list_differs');
    expect(world.of('ksn', 'trouble')).toContainEqual(expect.objectContaining({ code: 'algorithms_differ' }));
    expect([isIn(world), world.device().ksn]).toEqual([false, undefined]);
  });
});

it('8.1.2-1 8.1.3-1 9.2.1-g the algorithm is told with the key: a KSN that prefers CCM has CCM under it', () => {
  const { world, observer } = joined('hardened', { preferred: 2 });
  const request = one(observer.requests('user-key'));
  expect([padataOf(request), request.key.algorithm]).toEqual([expect.objectContaining({ algorithm: 2 }), 1]);
  expect(world.device().keys.find(({ keyIndex }) => keyIndex === 1)?.algorithm).toBe(2);
  observer.clear();
  world.tell('ksn', {
    kind: 'send',
    to: world.device().address,
    keyIndex: 1,
    octets: Uint8Array.of(8),
    token: 1,
    expiresAtMs: undefined,
  });
  world.pass(5_000);
  expect(new Set(observer.secure.map(({ key }) => key.algorithm))).toEqual(new Set([2]));
  expect(world.of('device-0', 'deliver').map(({ octets }) => toHex(octets))).toEqual(['08']);
});

describe.each(PROFILES)('9.2.2 Initialisation of service provider keys, %s', (profile) => {
  it('9.2.2-1 9.2.2-3 9.2.2-4 9.2.2-5 9.2.2-6 9.2.2-8 the key goes under the user key, and is confirmed', () => {
    const { world, observer } = joined(profile);
    addProvider(world, 7);
    world.pass(5_000);
    const request = one(observer.requests('provider-key'));
    const user = world.device().keys.find(({ keyIndex }) => keyIndex === 1);
    expect([shdOf(request.octets), request.key.version]).toEqual([0x0001, user?.version]);
    const padata = padataOf(request);
    expect(padata).toMatchObject({ kind: 'provider-key', keyIndex: 7, algorithm: 1 });
    expect('key' in padata && padata.key).toHaveLength(16);
    const answer = observer.answerTo(request);
    expect([shdOf(answer.octets), answer.snf, statusOf(answer)]).toEqual([0x0101, request.snf + 1, 'ok']);
    expect(world.ksn.peers[0]?.lines.find(({ keyIndex }) => keyIndex === 1)?.next).toBe(answer.snf);
    expect(activeKey(world.device().keys, 7)).toBe(activeKey(atKsn(world), 7));
    expect(activeKey(world.device().keys, 7)).not.toBe('none');
  });

  it('9.2.2-2 without the word of whoever may set it no key of a provider is sent', () => {
    const { world, observer } = joined(profile);
    world.pass(600_000);
    expect(observer.requests('provider-key')).toEqual([]);
  });

  it('9.2.2-7 without an answer the KSN sends the same message with the same SNF, and the device takes it once', () => {
    const { world, observer } = joined(profile);
    let losses = 0;
    observer.loses = (frame) => isRequestOf(frame, 'provider-key') && losses++ < 2;
    addProvider(world, 3);
    world.pass(20_000);
    const requests = observer.requests('provider-key').map(({ octets }) => toHex(octets));
    expect([requests.length, new Set(requests).size]).toEqual([3, 1]);
    expect(activeKey(world.device().keys, 3)).not.toBe('none');
  });

  it('9.2.2-1 7.2.2-5 there are up to 13 providers, each with its own key', () => {
    const { world } = joined(profile);
    for (let keyIndex = 3; keyIndex <= 15; keyIndex++) addProvider(world, keyIndex);
    world.pass(60_000);
    const keys = Array.from({ length: 13 }, (_, i) => activeKey(world.device().keys, i + 3).split(' ')[1]);
    expect(new Set(keys).size).toBe(13);
    expect(keys).not.toContain(undefined);
  });
});

describe('9.2.3 Initialisation of the maker key', () => {
  const secret = new Uint8Array(32).fill(0x6d);
  const lock = { maker: 'Cardea', model: 'C-201', serialNumber: 'C0FFEE000201' } as const;

  it('9.2.3-1 is a hash of private information and properties of the device', () => {
    const key = toHex(makerKey(primitives, secret, lock));
    expect(key).toHaveLength(32);
    expect(toHex(makerKey(primitives, secret, { ...lock }))).toBe(key);
    const others = [
      makerKey(
        primitives,
        secret.map((octet) => octet ^ 1),
        lock,
      ),
      makerKey(primitives, secret, { ...lock, maker: 'Other' }),
      makerKey(primitives, secret, { ...lock, model: 'C-202' }),
      makerKey(primitives, secret, { ...lock, serialNumber: 'C0FFEE000202' }),
      // The lengths keep properties apart that would run together.
      makerKey(primitives, secret, { ...lock, model: 'C-201C', serialNumber: '0FFEE000201' }),
    ].map(toHex);
    expect(new Set([key, ...others]).size).toBe(6);
  });

  it('9.2.3-1 a secret that is too short, or a property that says nothing, is refused', () => {
    expect(() => makerKey(primitives, new Uint8Array(15), lock)).toThrow(/^makerSecret: /);
    for (const field of ['maker', 'model', 'serialNumber'] as const) {
      expect(() => makerKey(primitives, secret, { ...lock, [field]: '' })).toThrow(new RegExp(`^${field}: `));
      expect(() => makerKey(primitives, secret, { ...lock, [field]: 'x'.repeat(256) })).toThrow(
        new RegExp(`^${field}: `),
      );
    }
  });

  it('9.2.3-2 9.3.1-4 comes with the device, and nothing of SCPM sets, updates or takes it', () => {
    const { world } = joined('hardened');
    const key = new Secret(makerKey(primitives, secret, lock));
    const { settings, address } = world.device();
    const device = createDevice(
      { settings, address, serialKey: new Secret(new Uint8Array(16)), makerKey: key, algorithms: [1] },
      undefined,
    );
    world.devices[0] = {
      ...world.device(),
      keys: [...world.device().keys, ...device.keys.filter(({ keyIndex }) => keyIndex === 2)],
    };
    const held = world.device().keys.find(({ keyIndex }) => keyIndex === 2);
    if (held === undefined) throw new Error('no maker key');
    const inquiry = encodePadata({ kind: 'snf-inquiry', nonce: new Uint8Array(16) });
    const head = { sa: fromHex('020000000099'), da: address, snf: FIRST_SNF } as const;
    const answers = hand(world, 'device-0', sealAs(world, held, { ...head, services: 'auth' }, inquiry));
    expect(answers.map((octets) => shdOf(octets))).toContain(0x0182);
    for (const kind of ['provider-key', 'new-master-key'] as const) {
      const setting = { kind, keyIndex: 2, version: 9, algorithm: 1, key: new Uint8Array(16) };
      expect(() => encodePadata(setting)).toThrow(/^keyIndex: /);
    }
    world.tell('ksn', { kind: 'update-key', keyIndex: 2, key: world.freshKey() });
    world.pass(30_000);
    world.tell('device-0', { kind: 'reset' });
    expect(
      world
        .device()
        .keys.find(({ keyIndex }) => keyIndex === 2)
        ?.key.reveal(),
    ).toEqual(key.reveal());
  });
});
