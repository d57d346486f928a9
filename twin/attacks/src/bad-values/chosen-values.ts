import { readFileSync } from 'node:fs';
import { MODP_GROUPS } from '@cardea/kit-crypto';
import { fromHex } from '@cardea/kit-octets';
import type { DhGroup } from '@cardea/wire-scpm';
import { pointOfOrderThree } from './curve.ts';
import { encodePoint, octetsOf } from './trusting-dh.ts';

/** A public value without a private half, made by an attacker. */
export interface ChosenValue {
  readonly name: string;
  readonly octets: Uint8Array;
  /** The secrets that it leaves an end which computes with it; none where only the value itself is wrong. */
  readonly foretold: readonly Uint8Array[];
}

/** Every value to try in a group. */
export function chosenValues(group: DhGroup): readonly ChosenValue[] {
  return group.name === 'p256' ? points() : numbers(group.name);
}

/** The points of Wycheproof's ECDH vectors that are valid. */
export function validPoints(): readonly Uint8Array[] {
  return vectors()
    .filter((vector) => vector.result === 'valid')
    .map((vector) => fromHex(vector.public));
}

function points(): readonly ChosenValue[] {
  const zero = octetsOf(0n, 32);
  const third = pointOfOrderThree();
  const x = octetsOf(third.x, 32);
  return [
    { name: 'the identity as zeros', octets: encodePoint(undefined), foretold: [zero] },
    { name: 'the identity as its one octet', octets: Uint8Array.of(0), foretold: [] },
    { name: 'a point of order 2', octets: encodePoint({ x: 7n, y: 0n }), foretold: [octetsOf(7n, 32), zero] },
    { name: 'a point of order 3', octets: encodePoint(third), foretold: [x, zero] },
    ...vectors()
      .filter((vector) => vector.result === 'invalid')
      .map((vector) => ({
        name: `Wycheproof ${vector.tcId}, ${vector.comment || 'no octets'}`,
        octets: fromHex(vector.public),
        foretold: [],
      })),
  ];
}

function numbers(name: keyof typeof MODP_GROUPS): readonly ChosenValue[] {
  const { prime, sizeOctets } = MODP_GROUPS[name];
  const value = (called: string, number: bigint, ...foretold: readonly bigint[]): ChosenValue => ({
    name: called,
    octets: octetsOf(number, sizeOctets),
    foretold: foretold.map((secret) => octetsOf(secret, sizeOctets)),
  });
  return [
    value('0', 0n, 0n),
    value('1', 1n, 1n),
    value('p - 1', prime - 1n, 1n, prime - 1n),
    value('p', prime, 0n),
    value('p + 1', prime + 1n, 1n),
    // Negatives of squares, which are none since p = 3 modulo 4: they tell whether the exponent is odd.
    value('p - 2, off the subgroup', prime - 2n),
    value('p - 9, off the subgroup', prime - 9n),
  ];
}

interface Vector {
  readonly tcId: number;
  readonly comment: string;
  readonly public: string;
  readonly result: 'valid' | 'invalid' | 'acceptable';
}

function vectors(): readonly Vector[] {
  const url = new URL('../../../../vectors/wycheproof/ecdh_secp256r1_ecpoint_test.json', import.meta.url);
  const file: { readonly testGroups: readonly { readonly tests: readonly Vector[] }[] } = JSON.parse(
    readFileSync(url, 'utf8'),
  );
  return file.testGroups.flatMap((group) => group.tests);
}
