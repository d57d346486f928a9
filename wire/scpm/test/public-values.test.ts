import { type DhGroupName, MODP_GROUPS } from '@cardea/kit-crypto';
import { equal, fromHex } from '@cardea/kit-octets';
import { describe, expect, it } from 'vitest';
import { isJoined, type ScpmProfile } from '../src/index.ts';
import { activeKey, World } from './world.ts';

/** A value of each kind that no end may compute with. */
function badValues(group: DhGroupName): readonly [string, Uint8Array][] {
  if (group === 'p256') {
    return [
      ['the identity as zeros', Uint8Array.of(4, ...new Uint8Array(64))],
      ['a point off the curve', Uint8Array.of(4, ...new Uint8Array(64).fill(1))],
    ];
  }
  const { prime, sizeOctets } = MODP_GROUPS[group];
  const value = (number: bigint) => fromHex(number.toString(16).padStart(2 * sizeOctets, '0'));
  return [
    ['0', value(0n)],
    ['1', value(1n)],
    ['p - 1', value(prime - 1n)],
    ['p + 1', value(prime + 1n)],
    ['a value off the subgroup', value(prime - 4n)],
  ];
}

const groups: readonly [number, DhGroupName, ScpmProfile][] = [
  [1, 'modp2048', 'hardened'],
  [2, 'p256', 'hardened'],
  [3, 'modp1536', 'standard'],
];
const ends = [
  ['ksn', 'device-0'],
  ['device-0', 'ksn'],
] as const;

const cases = groups.flatMap(([group, name, profile]) =>
  badValues(name).flatMap(([what, value]) => ends.map((end) => ({ group, name, profile, what, value, end }))),
);

describe('11: a public value without a private half', () => {
  it.each(cases)('$name: $what, sent by $end.0', ({ group, profile, value, end: [liar, victim] }) => {
    const world = new World({ seed: 11, group, settings: { profile } });
    world.join();
    world.pass(20_000, () => isJoined(world.ksn, world.device().address));
    const before = activeKey(world.device().keys, 1);
    expect(before).not.toBe('none');

    world.publicValue = (at) => (at === liar ? value : undefined);
    const agreed = world.of(victim, 'agree-dh').length;
    world.tell('ksn', { kind: 'update-key', keyIndex: 1, key: world.freshKey() });
    world.pass(10_000);
    // Refused before anything is computed with it, and told of; both ends keep the key that they had.
    expect(world.of(victim, 'agree-dh')).toHaveLength(agreed);
    expect(world.of(victim, 'trouble').map(({ code }) => code)).toContain('exchange_failed');
    expect(activeKey(world.device().keys, 1)).toBe(before);
    const keysAtKsn = () => world.ksn.peers.find(({ address }) => equal(address, world.device().address))?.keys ?? [];
    expect(activeKey(keysAtKsn(), 1)).toBe(before);

    // Nobody is stuck: with honest values the update goes through.
    world.publicValue = undefined;
    world.pass(600_000, () => world.ksn.domainKeys[0]?.next === undefined);
    expect(activeKey(world.device().keys, 1)).not.toBe(before);
    expect(activeKey(world.device().keys, 1)).toBe(activeKey(keysAtKsn(), 1));
  });
});
