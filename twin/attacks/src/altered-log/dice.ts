import type { Random } from '@cardea/kit-runtime';

/** Draws for one edit: the same for the same seed. */
export interface Dice {
  /** A whole number from 0 to `below` - 1. */
  below(below: number): number;
  of<T>(items: readonly T[]): T;
}

/** Dice over a source of octets. */
export function diceOf(random: Random): Dice {
  const below = (limit: number): number => {
    const octets = random.octets(4);
    return new DataView(octets.buffer, octets.byteOffset).getUint32(0) % limit;
  };
  return {
    below,
    of(items) {
      const item = items[below(items.length)];
      if (item === undefined) throw new Error('nothing to draw from');
      return item;
    },
  };
}
