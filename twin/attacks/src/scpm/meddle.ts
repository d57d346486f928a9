import type { Random } from '@cardea/kit-runtime';
import type { Domain, End } from './domain.ts';

/** A number from 0 to below - 1. */
export function draw(random: Random, below: number): number {
  return new DataView(random.octets(4).buffer).getUint32(0) % below;
}

/** One of several, by chance. @throws RangeError when there are none */
export function pick<Item>(random: Random, items: readonly Item[]): Item {
  const item = items[draw(random, items.length)];
  if (item === undefined) throw new RangeError('nothing to pick from');
  return item;
}

/** The frame with one bit turned. */
export function flipped(octets: Uint8Array, bit: number): Uint8Array {
  return octets.map((octet, i) => (i === bit >> 3 ? octet ^ (1 << (bit & 7)) : octet));
}

/** What honest ends do for a while: messages of one and more fragments, either way. */
export function talk(domain: Domain, messages: number): void {
  for (let i = 0; i < messages; i++) {
    const from: End = pick(domain.random, ['ksn', 'lock'] as const);
    const octets = domain.random.octets(1 + draw(domain.random, 600));
    domain.send(from, from === 'ksn' ? 'lock' : 'ksn', octets, 20_000);
    domain.pass(draw(domain.random, 6_000));
  }
  domain.pass(30_000);
}

/** Somebody on the medium who from now on alters, repeats and withholds frames by chance. */
export function meddle(domain: Domain, random: Random): void {
  domain.tamper = ({ octets }) => {
    const old = pick(random, domain.heard).octets;
    switch (draw(random, 8)) {
      case 0:
        return [octets, flipped(octets, draw(random, 8 * octets.length))];
      case 1:
        return [old, octets];
      case 2:
        return [octets, old, octets];
      case 3:
        return [];
      default:
        return [octets];
    }
  };
}

/** Says everything again that was ever said, in an order by chance. */
export function repeatAll(domain: Domain, random: Random): void {
  const all = domain.heard.map(({ octets }) => octets);
  for (let left = all.length; left > 0; left--) {
    const at = draw(random, left);
    domain.inject(all[at] as Uint8Array);
    all[at] = all[left - 1] as Uint8Array;
    domain.pass(20);
  }
}
