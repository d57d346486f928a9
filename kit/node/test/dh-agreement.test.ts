import { getDiffieHellman } from 'node:crypto';
import { type DhAgreement, type DhGroupName, MODP_GROUPS, type ModpName } from '@cardea/kit-crypto';
import { toHex } from '@cardea/kit-octets';
import { describe, expect, test } from 'vitest';
import { agreeModp, generateModp, importModp, nodeDh, seededDh, seededRandom } from '../src/index.ts';

const NAMES: readonly DhGroupName[] = ['modp2048', 'p256', 'modp1536'];
const MODP_NAMES: readonly ModpName[] = ['modp2048', 'modp1536'];
const NODE_NAMES = { modp1536: 'modp5', modp2048: 'modp14' } as const;

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let [result, square] = [1n, base % modulus];
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}
const numberOf = (octets: Uint8Array) => BigInt(`0x${toHex(octets)}`);
const octetsOf = (value: bigint, sizeOctets: number) =>
  new Uint8Array(Buffer.from(value.toString(16).padStart(2 * sizeOctets, '0'), 'hex'));

describe.each(NAMES)('%s', (name) => {
  test.each<[string, DhAgreement]>([
    ['node', nodeDh],
    ['seeded', seededDh(seededRandom('two pairs'))],
  ])('two pairs of one maker agree (%s), and others on something else', (_, dh) => {
    const [a, b, c] = [dh.generate(name), dh.generate(name), dh.generate(name)];
    const z = dh.agree(a.privateKey, b.publicValue);
    expect(z).toBeDefined();
    expect(dh.agree(b.privateKey, a.publicValue)).toEqual(z);
    expect(dh.agree(c.privateKey, b.publicValue)).not.toEqual(z);
    expect(a.publicValue).toHaveLength(name === 'p256' ? 65 : MODP_GROUPS[name].sizeOctets);
    expect(z).toHaveLength(name === 'p256' ? 32 : MODP_GROUPS[name].sizeOctets);
  });

  test('the same seed makes the same pairs, and another others', () => {
    const value = (seed: string) => seededDh(seededRandom(seed)).generate(name).publicValue;
    expect(value('one')).toEqual(value('one'));
    expect(value('one')).not.toEqual(value('two'));
  });
});

describe.each(MODP_NAMES)('%s', (name) => {
  const { prime, sizeOctets } = MODP_GROUPS[name];

  test('the secret is the power that the text names, padded to the size of the prime', () => {
    const other = getDiffieHellman(NODE_NAMES[name]);
    const theirs = octetsOf(numberOf(other.generateKeys()), sizeOctets);
    const { privateKey, publicValue } = generateModp(name);
    const z = power(numberOf(publicValue), numberOf(other.getPrivateKey()), prime);
    expect(agreeModp(privateKey, theirs)).toEqual(octetsOf(z, sizeOctets));
  });

  test('an exponent that is given makes 2 to its power', () => {
    const { publicValue, privateKey } = importModp(name, Uint8Array.of(1, 0));
    expect(numberOf(publicValue)).toBe(power(2n, 256n, prime));
    // 2^e = 16: a secret that is all zeros but for its end keeps its size.
    const two = importModp(name, Uint8Array.of(2));
    expect(agreeModp(two.privateKey, octetsOf(4n, sizeOctets))).toEqual(octetsOf(16n, sizeOctets));
    expect(agreeModp(privateKey, two.publicValue)).toEqual(octetsOf(power(4n, 256n, prime), sizeOctets));
  });

  test('an exponent out of range is none', () => {
    for (const exponent of [new Uint8Array(0), Uint8Array.of(0), Uint8Array.of(1), octetsOf(prime >> 1n, sizeOctets)]) {
      expect(() => importModp(name, exponent)).toThrow(TypeError);
    }
  });

  test('11: nothing is agreed on with a value off the subgroup, out of range or of another size', () => {
    const { privateKey } = generateModp(name);
    const bad = [0n, 1n, prime - 1n, prime, prime + 2n, prime - 4n].map((value) => octetsOf(value, sizeOctets));
    for (const value of [...bad, Uint8Array.of(4), new Uint8Array(sizeOctets + 1).fill(4)]) {
      expect(agreeModp(privateKey, value)).toBeUndefined();
    }
  });

  test('a handle holds no key that could be printed, and a forged handle does nothing', () => {
    const { privateKey, publicValue } = generateModp(name);
    expect(JSON.stringify(privateKey)).toBe('{"kind":"modp-private"}');
    expect(() => agreeModp({ kind: 'modp-private' }, publicValue)).toThrow(TypeError);
  });
});

test('a value of one group is nothing to a key of another', () => {
  for (const mine of NAMES) {
    for (const theirs of NAMES) {
      if (mine === theirs) continue;
      const { publicValue } = nodeDh.generate(theirs);
      expect(nodeDh.agree(nodeDh.generate(mine).privateKey, publicValue)).toBeUndefined();
    }
  }
});
