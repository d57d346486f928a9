import { Maker2Error } from './errors.ts';

/** An unsigned integer in 1 to 6 octets, least significant first. @throws Maker2Error `range` */
export function encodeUint(field: string, value: number, sizeOctets: number): Uint8Array {
  const limit = 2 ** (8 * sizeOctets);
  if (!Number.isInteger(value) || value < 0 || value >= limit) {
    throw new Maker2Error('range', field, `must be a whole number from 0 to ${limit - 1}, is ${value}`);
  }
  const octets = new Uint8Array(sizeOctets);
  for (let i = 0; i < sizeOctets; i++) octets[i] = Math.floor(value / 2 ** (8 * i)) % 256;
  return octets;
}

/** The value of 1 to 6 octets, least significant first. */
export function decodeUint(octets: Uint8Array): number {
  let value = 0;
  for (let i = octets.length - 1; i >= 0; i--) value = value * 256 + (octets[i] ?? 0);
  return value;
}
