import { checkPrimeSync, getDiffieHellman } from 'node:crypto';
import { MODP_GROUPS } from '@cardea/kit-crypto';
import { seededDh } from '@cardea/kit-node';
import { concat, equal, toHex } from '@cardea/kit-octets';
import { describe, expect, it } from 'vitest';
import {
  type DhGroup,
  type DhValue,
  decodePadata,
  dhGroupOf,
  encodePadata,
  isJoined,
  type Padata,
  publicValueFault,
  standingOf,
} from '../src/index.ts';
import { protecting } from '../src/node/keys.ts';
import { hand, isRequestOf, type ObservedSecure, Observer, sealAs, shdOf, statusOf } from './observer.ts';
import { activeKey, World } from './world.ts';

const CASES = [
  ['hardened', 1],
  ['hardened', 2],
  ['standard', 1],
  ['standard', 2],
  ['standard', 3],
] as const;

/** A device in its domain, with a provider's key, and what is heard from then on. */
function joined(profile: 'hardened' | 'standard', group: number): { world: World; observer: Observer } {
  const world = new World({ seed: 931, settings: { profile }, group });
  const observer = new Observer(world);
  world.join();
  world.pass(30_000, () => isJoined(world.ksn, world.device().address));
  world.tell('ksn', { kind: 'add-provider', keyIndex: 3, key: world.freshKey(), devices: [world.device().address] });
  world.pass(10_000);
  expect(activeKey(world.device().keys, 3)).not.toBe('none');
  observer.clear();
  return { world, observer };
}

const update = (world: World, keyIndex: number): void =>
  world.tell('ksn', { kind: 'update-key', keyIndex, key: world.freshKey() });
const padataOf = ({ padata }: ObservedSecure): Padata => decodePadata(padata as Uint8Array);
const dhValueOf = (frame: ObservedSecure): DhValue => {
  const padata = padataOf(frame);
  if (padata.kind !== 'dh-value') throw new Error('no public value');
  return padata;
};
const keysAtKsn = (world: World) =>
  world.ksn.peers.find(({ address }) => equal(address, world.device().address))?.keys ?? [];

describe.each(CASES)('9.3.1 Master key update, %s, group %i', (profile, group) => {
  const { fragments, valueOctets } = dhGroupOf(group, profile) as DhGroup;

  it.each([
    ['user key', 1],
    ['service provider key', 3],
  ] as const)(
    '7.2.2-6 7.2.2-7 9.3.1-3 9.3.1-a 9.3.1-b 9.3.1-c 9.3.1-d 9.3.1-e 9.3.1-f 9.3.1-g 9.3.1-h 9.3.1-j 9.3.1-k 9.3.1-l 9.3.1-m on the wire: %s',
    (_, keyIndex) => {
      const { world, observer } = joined(profile, group);
      const before = world.device().keys.find((key) => key.keyIndex === keyIndex);
      update(world, keyIndex);
      world.pass(30_000);
      const values = observer.requests('dh-value');
      const fromKsn = values.filter(({ from }) => from === 'ksn');
      const fromDevice = values.filter(({ from }) => from === 'device-0');
      expect([fromKsn.length, fromDevice.length]).toEqual([fragments, fragments]);
      for (const request of values) {
        // a), e): authenticated, under the pre-master key of the index.
        expect(shdOf(request.octets)).toBe(keyIndex | 0x80);
        expect(request.key.version).toBe(before?.version);
        // c), g): answered under it, the SNF increased by 1.
        const answer = observer.answerTo(request);
        expect([shdOf(answer.octets), answer.snf, answer.key.version]).toEqual([
          keyIndex | 0x180,
          request.snf + 1,
          before?.version,
        ]);
        expect(statusOf(answer)).toBe('ok');
      }
      // d), h): the SNF of an answer is the one of the next request.
      for (const requests of [fromKsn, fromDevice]) {
        for (const [i, request] of requests.entries())
          if (i > 0) expect(request.snf).toBe((requests[i - 1]?.snf ?? 0) + 1);
      }
      // b), f): each has the other's public value, whole and of the group.
      for (const requests of [fromKsn, fromDevice]) {
        const value = concat(...requests.map((request) => dhValueOf(request).part));
        expect(value).toHaveLength(valueOctets);
        expect(publicValueFault(dhGroupOf(group, profile) as DhGroup, value)).toBeUndefined();
      }
      const exchangeIds = new Set(values.map((request) => dhValueOf(request).exchangeId));
      expect(exchangeIds.size).toBe(1);
      // j): index, length and algorithm, both services, under the shared secret (b4); k) to m): taken, answered, known.
      const [push] = observer.requests('new-master-key');
      if (push === undefined) throw new Error('nothing was pushed');
      expect([push.from, shdOf(push.octets)]).toEqual(['ksn', keyIndex | 0x10]);
      const padata = padataOf(push);
      expect(padata).toMatchObject({ keyIndex, algorithm: 1 });
      expect('key' in padata && padata.key).toHaveLength(16);
      const answer = observer.answerTo(push);
      expect([shdOf(answer.octets), answer.snf, statusOf(answer)]).toEqual([keyIndex | 0x110, push.snf + 1, 'ok']);
      expect(toHex(answer.key.key.reveal())).toBe(toHex(push.key.key.reveal()));
      const order = [fromKsn.at(-1), fromDevice[0], fromDevice.at(-1), push].map((frame) =>
        observer.frames.indexOf(frame as ObservedSecure),
      );
      expect(order).toEqual([...order].sort((a, b) => a - b));
      const active = world.device().keys.find((key) => key.keyIndex === keyIndex);
      expect('key' in padata && toHex(padata.key)).toBe(toHex(active?.key.reveal() as Uint8Array));
      expect(activeKey(world.device().keys, keyIndex)).toBe(activeKey(keysAtKsn(world), keyIndex));
      expect(active?.version).toBeGreaterThan(before?.version ?? 0);
      // m): the KSN knows.
      const known = { kind: 'key', peer: world.device().address, keyIndex, version: active?.version, state: 'pending' };
      expect(world.of('ksn', 'key')).toContainEqual(known);
    },
  );

  it('9.3.1-i both ends work out the same secret, which is neither the old nor the new key', () => {
    const { world } = joined(profile, group);
    const old = activeKey(world.device().keys, 1).split(' ')[1];
    update(world, 1);
    world.pass(30_000, () => keysAtKsn(world).some(({ state }) => state === 'shared'));
    const atKsn = keysAtKsn(world).find(({ state }) => state === 'shared');
    const atDevice = world.device().exchange?.shared;
    expect(toHex(atKsn?.key.reveal() as Uint8Array)).toBe(toHex(atDevice?.key.reveal() as Uint8Array));
    world.pass(30_000);
    const secrets = [old, toHex(atDevice?.key.reveal() as Uint8Array), activeKey(world.device().keys, 1).split(' ')[1]];
    expect(new Set(secrets).size).toBe(3);
    expect(world.device().peers.flatMap(({ keys }) => keys)).toEqual([]);
    expect(keysAtKsn(world).filter(({ state }) => state === 'shared')).toEqual([]);
  });

  it('9.3.1-6 private values are new and by chance in every run', () => {
    const { world, observer } = joined(profile, group);
    for (let i = 0; i < 3; i++) {
      update(world, 1);
      world.pass(30_000);
    }
    const values = observer.requests('dh-value').map((request) => toHex(dhValueOf(request).part));
    expect(values).toHaveLength(3 * 2 * fragments);
    expect(new Set(values).size).toBe(values.length);
  });
});

describe.each(['hardened', 'standard'] as const)('9.3.1 %s', (profile) => {
  it('9.3.1-1 user keys and keys of providers are updated, again and again', () => {
    const { world } = joined(profile, 2);
    const seen = new Set([1, 3].map((keyIndex) => activeKey(world.device().keys, keyIndex)));
    for (let i = 1; i <= 3; i++) {
      for (const keyIndex of [1, 3]) {
        update(world, keyIndex);
        world.pass(30_000);
        const key = activeKey(world.device().keys, keyIndex);
        expect(key).toBe(activeKey(keysAtKsn(world), keyIndex));
        seen.add(key);
      }
    }
    expect(seen.size).toBe(8);
  });

  it('9.3.1-2 by hand: after a reset the key is initialised again', () => {
    const { world } = joined(profile, 2);
    const before = activeKey(world.device().keys, 1);
    world.tell('device-0', { kind: 'reset' });
    expect(activeKey(world.device().keys, 1)).toBe('none');
    world.join();
    world.pass(30_000);
    expect(activeKey(world.device().keys, 1)).not.toBe(before);
    expect(activeKey(world.device().keys, 1)).toBe(activeKey(keysAtKsn(world), 1));
    expect(activeKey(world.device().keys, 3)).not.toBe('none');
  });

  it('9.3.1-7 9.3.1-b 9.3.1-f a public value that is not authenticated by the pre-master key begins nothing', () => {
    for (const from of ['ksn', 'device-0'] as const) {
      const { world, observer } = joined(profile, 2);
      const before = activeKey(world.device().keys, 1);
      observer.replaces = (frame) => {
        if (!isRequestOf(frame, 'dh-value') || frame.from !== from) return frame.octets;
        const octets = frame.octets.slice();
        octets[octets.length - 20] = (octets[octets.length - 20] as number) ^ 1;
        return octets;
      };
      update(world, 1);
      world.pass(40_000);
      expect(activeKey(world.device().keys, 1)).toBe(before);
      expect(observer.requests('new-master-key')).toEqual([]);
      if (from === 'ksn')
        expect([world.device().exchange, standingOf(world.device(), 1)]).toEqual([undefined, 'NORMAL']);
      observer.replaces = ({ octets }) => octets;
      world.pass(10 * 60_000);
      expect(activeKey(world.device().keys, 1)).not.toBe(before);
    }
  });

  it('9.3.1-7 (ours) values of small order, off the group or off the curve are refused by name', () => {
    const { world } = joined(profile, 2);
    const user = protecting(world.device().keys, 1);
    if (user === undefined) throw new Error('no user key');
    const line = world.device().peers[0]?.lines.find(({ keyIndex }) => keyIndex === 1);
    const head = {
      sa: world.ksn.address,
      da: world.device().address,
      services: 'auth',
      snf: line?.expected ?? 1,
    } as const;
    const observer = new Observer(world);
    const value: DhValue = {
      kind: 'dh-value',
      exchangeId: 5,
      group: 2,
      keyIndex: 1,
      version: 2 ** 32 - 1,
      fragment: 0,
      total: 1,
      part: new Uint8Array(65),
    };
    hand(world, 'device-0', sealAs(world, user, head, encodePadata(value)));
    expect(observer.secure.map(statusOf)).toEqual(['bad_value']);
    expect(world.of('device-0', 'trouble').at(-1)).toMatchObject({ code: 'exchange_failed' });
  });
});

it('9.3.1-5 p and g are public: p and (p - 1)/2 are prime, g = 2 has that order, and a public value is g to the private one', () => {
  for (const [name, published] of [
    ['modp1536', getDiffieHellman('modp5')],
    ['modp2048', getDiffieHellman('modp14')],
  ] as const) {
    const { prime: p } = MODP_GROUPS[name];
    expect([p.toString(16), published.getGenerator('hex')]).toEqual([published.getPrime('hex'), '02']);
    const q = (p - 1n) / 2n;
    expect([checkPrimeSync(p), checkPrimeSync(q), power(2n, q, p)]).toEqual([true, true, 1n]);
    const octets = (sizeOctets: number) => new Uint8Array(sizeOctets).fill(0x5b);
    const { publicValue } = seededDh({ octets }).generate(name);
    const exponent = BigInt(`0x${'5b'.repeat(32)}`);
    expect(BigInt(`0x${toHex(publicValue)}`)).toBe(power(2n, exponent, p));
  }
});

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = base;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}
