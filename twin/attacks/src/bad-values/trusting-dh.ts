import { type DhAgreement, type DhGroupName, type DhPrivateKeyHandle, MODP_GROUPS } from '@cardea/kit-crypto';
import { fromHex, toHex } from '@cardea/kit-octets';
import type { Random } from '@cardea/kit-runtime';
import { GENERATOR, multiply, type Point, power } from './curve.ts';

/** The weak double: an agreement by the textbook's formulas, which computes with whatever value it is given. */
export function trustingDh(random: Random): DhAgreement {
  const exponents = new WeakMap<DhPrivateKeyHandle, { readonly group: DhGroupName; readonly exponent: bigint }>();
  return {
    generate(group) {
      const exponent = numberOf(random.octets(32));
      const privateKey: DhPrivateKeyHandle = { kind: group === 'p256' ? 'p256-private' : 'modp-private' };
      exponents.set(privateKey, { group, exponent });
      if (group === 'p256') return { privateKey, publicValue: encodePoint(multiply(exponent, GENERATOR)) };
      const { prime, sizeOctets } = MODP_GROUPS[group];
      return { privateKey, publicValue: octetsOf(power(2n, exponent, prime), sizeOctets) };
    },
    agree(privateKey, peer) {
      const own = exponents.get(privateKey);
      if (own === undefined) return undefined;
      if (own.group !== 'p256') {
        const { prime, sizeOctets } = MODP_GROUPS[own.group];
        return peer.length === sizeOctets
          ? octetsOf(power(numberOf(peer), own.exponent, prime), sizeOctets)
          : undefined;
      }
      if (peer.length !== 65) return undefined;
      const point = { x: numberOf(peer.subarray(1, 33)), y: numberOf(peer.subarray(33)) };
      return octetsOf(multiply(own.exponent, point)?.x ?? 0n, 32);
    },
  };
}

/** 04 x(32) y(32), on a curve or not; the identity as zeros. */
export function encodePoint(point: Point): Uint8Array {
  const { x, y } = point ?? { x: 0n, y: 0n };
  return Uint8Array.of(0x04, ...octetsOf(x, 32), ...octetsOf(y, 32));
}

/** Big-endian, with zeros on the left. */
export function octetsOf(value: bigint, sizeOctets: number): Uint8Array {
  return fromHex(value.toString(16).padStart(2 * sizeOctets, '0'));
}

function numberOf(octets: Uint8Array): bigint {
  return BigInt(`0x${toHex(octets)}`);
}
