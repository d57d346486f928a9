import { equal, fromHex } from '@cardea/kit-octets';
import { Secret } from '@cardea/kit-runtime';
import { describe, expect, it } from 'vitest';
import { encodePadata, isJoined, OPERATION, type Operation, type Padata, type Services } from '../src/index.ts';
import { type HeldKey, lineName, sameLine } from '../src/node/keys.ts';
import { newPeer } from '../src/node/state.ts';
import { hand, Observer, sealAs, statusOf } from './observer.ts';
import { World } from './world.ts';

const PROFILES = ['hardened', 'standard'] as const;
type Profile = (typeof PROFILES)[number];
const OPERATIONS = Object.keys(OPERATION) as readonly Operation[];
const ASKER = fromHex('020000000099');

/** The keys of a device in the middle of everything. */
const KEYS = [
  'serial',
  'serial-shared',
  'user',
  'user-shared',
  'user-pending',
  'maker',
  'provider',
  'provider-shared',
] as const;
type KeyName = (typeof KEYS)[number];

const VERSION = 2_000_000_000;

/** A request of each kind that nothing but the key and the services speaks against. */
function padataOf(kind: Operation, keyIndex: number): Padata {
  const index = keyIndex === 1 || keyIndex >= 3 ? keyIndex : 1;
  const providerIndex = keyIndex >= 3 ? keyIndex : 3;
  const key = new Uint8Array(16).fill(0x4b);
  switch (kind) {
    case 'snf-inquiry':
      return { kind, nonce: new Uint8Array(16) };
    case 'user-key':
      return { kind, keyIndex: 1, version: VERSION + 9, algorithm: 1, key, heard: [1] };
    case 'provider-key':
      return { kind, keyIndex: providerIndex, version: VERSION + 9, algorithm: 1, key };
    case 'forget-key':
      return { kind, keyIndex: providerIndex };
    case 'dh-value': {
      const part = new Uint8Array(65);
      return {
        kind,
        exchangeId: 77,
        group: 2,
        keyIndex: keyIndex === 0 ? 0 : index,
        version: VERSION + 9,
        fragment: 0,
        total: 1,
        part,
      };
    }
    case 'new-master-key':
      return { kind, keyIndex: index, version: VERSION + 1, algorithm: 1, key };
    case 'commit':
    case 'abort':
      return { kind, keyIndex: index, version: VERSION };
    case 'update-request':
      return { kind, keyIndex: index };
    case 'lock-message':
      return { kind, message: 1, fragment: 0, total: 1, part: Uint8Array.of(1) };
  }
}

/** A joined device that holds each of {@link KEYS}; those of runs are its KSN's. */
function bench(profile: Profile): { readonly world: World; readonly keys: Readonly<Record<KeyName, HeldKey>> } {
  const world = new World({ seed: 65, settings: { profile } });
  const { address } = world.device();
  world.join();
  world.pass(20_000, () => isJoined(world.ksn, address));
  world.tell('ksn', { kind: 'add-provider', keyIndex: 3, key: world.freshKey(), devices: [address] });
  world.pass(10_000);
  const of = (keyIndex: number): HeldKey => {
    const key = world.device().keys.find((each) => each.keyIndex === keyIndex);
    if (key === undefined) throw new Error(`no key ${keyIndex}`);
    return key;
  };
  const made = (keyIndex: number, version: number, state: HeldKey['state']): HeldKey => {
    const key = new Secret(new Uint8Array(16).fill(keyIndex * 16 + version));
    return { keyIndex, version, algorithm: 1, key, state, use: 'authenticated', isOfThisRun: true };
  };
  const keys = {
    serial: of(0),
    'serial-shared': made(0, VERSION + 1, 'shared'),
    user: of(1),
    'user-shared': made(1, VERSION + 1, 'shared'),
    'user-pending': made(1, VERSION, 'pending'),
    maker: made(2, 0, 'active'),
    provider: of(3),
    'provider-shared': made(3, VERSION + 1, 'shared'),
  } as const;
  world.devices[0] = {
    ...world.device(),
    keys: [...world.device().keys, keys['user-pending'], keys.maker],
    peers: world.device().peers.map((peer) => ({
      ...peer,
      keys: [keys['serial-shared'], keys['user-shared'], keys['provider-shared']],
      outstanding: undefined,
      queue: [],
      // Both ends know where the other stands.
      lines: [],
    })),
  };
  return { world, keys };
}

/** What became of each operation under each key with each services, from one address. */
function outcomes(profile: Profile, from: 'ksn' | 'asker'): ReadonlyMap<string, string> {
  const { world, keys } = bench(profile);
  const device = world.device();
  const sa = from === 'ksn' ? world.ksn.address : ASKER;
  const found = new Map<string, string>();
  for (const name of KEYS) {
    // A run's secret is shared with the KSN alone.
    if (from === 'asker' && name.endsWith('-shared')) continue;
    const key = keys[name];
    for (const services of ['auth', 'enc', 'auth+enc'] as const satisfies readonly Services[]) {
      for (const kind of OPERATIONS) {
        const line = { ...lineName(key), expected: device.firstSnf, next: 1, last: undefined, isCurrent: true };
        const known = device.peers.find(({ address }) => equal(address, sa));
        const lines = [...(known?.lines ?? []).filter((each) => !sameLine(each, line)), line];
        world.devices[0] =
          known === undefined
            ? device
            : { ...device, peers: device.peers.map((peer) => (peer === known ? { ...peer, lines } : peer)) };
        const observer = new Observer(world);
        const head = { sa, da: device.address, services, snf: device.firstSnf } as const;
        hand(world, 'device-0', sealAs(world, key, head, encodePadata(padataOf(kind, key.keyIndex))));
        const answer = observer.secure.find((frame) => frame.response);
        const status = answer === undefined ? 'silent' : (answer.failure ?? statusOf(answer));
        found.set(`${name} ${services} ${kind}`, status);
      }
    }
  }
  return found;
}

/**
 * A refusal by name; or none at all, where nobody of that address is served under the key, or nothing proves the key. An
 * update request is denied.
 */
function isRefusal(cell: string, outcome: string): boolean {
  return outcome === 'silent' || outcome === (cell.endsWith('update-request') ? 'denied' : 'not_allowed');
}

/** All that a device serves; everything else is not allowed, or not even answered. */
const SERVED: Readonly<Record<'ksn' | 'asker', Readonly<Partial<Record<KeyName, readonly string[]>>>>> = {
  ksn: {
    user: [
      'auth snf-inquiry',
      'auth dh-value',
      'auth+enc dh-value',
      'auth+enc provider-key',
      'auth+enc forget-key',
      'auth+enc commit',
      'auth+enc abort',
      'auth+enc lock-message',
    ],
    'user-pending': [
      'auth snf-inquiry',
      'auth dh-value',
      'auth+enc dh-value',
      'auth+enc provider-key',
      'auth+enc forget-key',
      'auth+enc commit',
      'auth+enc abort',
      'auth+enc lock-message',
    ],
    'user-shared': ['auth snf-inquiry', 'auth+enc new-master-key'],
    provider: [
      'auth snf-inquiry',
      'auth dh-value',
      'auth+enc dh-value',
      'auth+enc commit',
      'auth+enc abort',
      'auth+enc lock-message',
    ],
    'provider-shared': ['auth snf-inquiry', 'auth+enc new-master-key'],
    maker: ['auth snf-inquiry'],
  },
  asker: {
    provider: ['auth snf-inquiry', 'auth+enc lock-message'],
    maker: ['auth snf-inquiry'],
  },
};
/** In `standard` the user key is shared by all devices of the domain, which may send messages under it. */
const STANDARD_ASKER = ['auth snf-inquiry', 'auth+enc lock-message'];

describe.each(PROFILES)('6.5 What a key’s level and services may ask of a device, %s', (profile) => {
  it.each(['ksn', 'asker'] as const)(
    'is served to %s; everything else is refused, and nothing without authentication',
    (from) => {
      const served: Partial<Record<KeyName, readonly string[]>> = { ...SERVED[from] };
      if (from === 'asker' && profile === 'standard')
        Object.assign(served, { user: STANDARD_ASKER, 'user-pending': STANDARD_ASKER });
      const found = outcomes(profile, from);
      const unlike = [...found].filter(([cell, outcome]) => {
        const [name = '', ...rest] = cell.split(' ');
        const isServed = served[name as KeyName]?.includes(rest.join(' ')) ?? false;
        return isServed === isRefusal(cell, outcome);
      });
      expect(unlike).toEqual([]);
      expect(found.size).toBe((from === 'ksn' ? KEYS.length : KEYS.length - 3) * 3 * OPERATIONS.length);
      // Silent: frames without authentication, the serial key after its use, and strangers under keys of the KSN alone.
      const silent = new Set([...found].filter(([, outcome]) => outcome === 'silent').map(([cell]) => cell));
      for (const cell of found.keys()) {
        const [name = '', services] = cell.split(' ');
        const isStranger = from === 'asker' && profile === 'hardened' && name.startsWith('user');
        expect([cell, silent.has(cell)]).toEqual([cell, services === 'enc' || name.startsWith('serial') || isStranger]);
      }
    },
  );
});

/** What became of each operation of a device in setting mode that has no user key, from whoever has its serial key. */
function outcomesInSettingMode(profile: Profile): ReadonlyMap<string, string> {
  const world = new World({ seed: 66, settings: { profile } });
  world.tell('device-0', { kind: 'setting-mode' });
  const [serial] = world.device().keys;
  if (serial === undefined) throw new Error('no serial key');
  const shared: HeldKey = { ...serial, version: VERSION, state: 'shared', key: new Secret(new Uint8Array(16).fill(9)) };
  const device = world.device();
  const found = new Map<string, string>();
  for (const [name, key] of Object.entries({ serial, 'serial-shared': shared })) {
    for (const services of ['auth', 'auth+enc'] as const) {
      for (const kind of OPERATIONS) {
        const line = { ...lineName(key), expected: device.firstSnf, next: 1, last: undefined, isCurrent: true };
        world.devices[0] = { ...device, peers: [{ ...newPeer(world.ksn.address), keys: [shared], lines: [line] }] };
        const observer = new Observer(world);
        const head = { sa: world.ksn.address, da: device.address, services, snf: device.firstSnf } as const;
        hand(world, 'device-0', sealAs(world, key, head, encodePadata(padataOf(kind, 0))));
        const answer = observer.secure.find((frame) => frame.response);
        found.set(
          `${name} ${services} ${kind}`,
          answer === undefined ? 'silent' : (answer.failure ?? statusOf(answer)),
        );
      }
    }
  }
  return found;
}

it.each<readonly [Profile, Readonly<Record<string, string>>]>([
  [
    'hardened',
    {
      'serial auth snf-inquiry': 'ok',
      'serial auth dh-value': 'bad_value',
      'serial auth+enc dh-value': 'bad_value',
      'serial-shared auth snf-inquiry': 'ok',
      'serial-shared auth+enc user-key': 'list_differs',
    },
  ],
  [
    'standard',
    {
      'serial auth snf-inquiry': 'ok',
      'serial auth dh-value': 'bad_value',
      'serial auth+enc dh-value': 'bad_value',
      'serial auth+enc user-key': 'ok',
      'serial-shared auth snf-inquiry': 'ok',
    },
  ],
])(
  '6.5 in setting mode the serial key asks for the first user key alone, in hardened after a run: %s',
  (profile, served) => {
    const found = outcomesInSettingMode(profile);
    expect(Object.fromEntries([...found].filter(([cell, outcome]) => !isRefusal(cell, outcome)))).toEqual(served);
    expect([...found.values()]).not.toContain('silent');
    expect(found.size).toBe(2 * 2 * OPERATIONS.length);
  },
);

it.each(PROFILES)('6.5 what a device may ask of its KSN; everything else is refused: %s', (profile) => {
  const { world } = bench(profile);
  const { ksn } = world;
  const sa = world.device().address;
  const peer = ksn.peers.find(({ address }) => equal(address, sa));
  const found = new Map<string, string>();
  for (const key of peer?.keys ?? []) {
    for (const services of ['auth', 'auth+enc'] as const) {
      for (const kind of OPERATIONS) {
        const line = { ...lineName(key), expected: ksn.firstSnf, next: 1, last: undefined, isCurrent: true };
        const lines = [...(peer?.lines ?? []).filter((each) => !sameLine(each, line)), line];
        world.ksn = {
          ...ksn,
          peers: ksn.peers.map((each) => (each === peer ? { ...each, lines, outstanding: undefined } : each)),
        };
        const observer = new Observer(world);
        const head = { sa, da: ksn.address, services, snf: ksn.firstSnf } as const;
        hand(world, 'ksn', sealAs(world, key, head, encodePadata(padataOf(kind, key.keyIndex))));
        const answer = observer.secure.find((frame) => frame.response);
        const status = answer === undefined ? 'silent' : (answer.failure ?? statusOf(answer));
        found.set(`${key.keyIndex} ${services} ${kind}`, status);
      }
    }
  }
  expect(found.size).toBe(3 * 2 * OPERATIONS.length);
  const served = [...found].filter(([, outcome]) => !['not_allowed', 'denied', 'no_exchange'].includes(outcome));
  expect(Object.fromEntries(served)).toEqual({
    '0 auth snf-inquiry': 'ok',
    '1 auth snf-inquiry': 'ok',
    '1 auth+enc update-request': 'ok',
    '1 auth+enc lock-message': 'ok',
    '3 auth snf-inquiry': 'ok',
    '3 auth+enc update-request': 'ok',
    '3 auth+enc lock-message': 'ok',
  });
});
