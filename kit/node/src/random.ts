import { randomBytes } from 'node:crypto';
import { ctr, type Primitives } from '@cardea/kit-crypto';
import type { Random } from '@cardea/kit-runtime';
import { nodePrimitives } from './primitives.ts';

/** The operating system's generator. */
export const systemRandom: Random = {
  octets: (sizeOctets) => new Uint8Array(randomBytes(sizeOctets)),
};

/**
 * The same stream for the same seed: for the twin and for tests, never for a key that guards anything.
 * AES-CTR under SHA-256 of the seed; each call starts a new block.
 */
export function seededRandom(seed: string | number, primitives: Primitives = nodePrimitives): Random {
  const aes = primitives.aes(primitives.sha256(new TextEncoder().encode(`seeded random ${seed}`)));
  let blocks = 0;
  return {
    octets(sizeOctets) {
      const counter = new Uint8Array(16);
      new DataView(counter.buffer).setUint32(12, blocks);
      blocks += Math.ceil(sizeOctets / 16);
      return ctr(aes, counter, new Uint8Array(sizeOctets));
    },
  };
}
