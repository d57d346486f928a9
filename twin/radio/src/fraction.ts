import type { Random } from '@cardea/kit-runtime';

/** A number from 0 up to, not with, 1. */
export function fraction(random: Random): number {
  let value = 0;
  for (const octet of random.octets(4)) value = value * 256 + octet;
  return value / 2 ** 32;
}
