import { randomBytes } from 'node:crypto';
import { ctr, type Primitives } from '@cardea/kit-crypto';
import type { Random } from '@cardea/kit-runtime';
import { nodePrimitives } from './primitives.ts';

/** Octets fetched from the operating system at once. */
const POOL_OCTETS = 4096;
let pool = new Uint8Array(0);

/**
 * The operating system's generator. Small requests (ids, nonces) are cut from a pool, since each call to the system costs
 * more than the octets do; what was handed out is wiped from the pool.
 */
export const systemRandom: Random = {
  octets(sizeOctets) {
    if (sizeOctets > POOL_OCTETS / 16) return new Uint8Array(randomBytes(sizeOctets));
    if (pool.length < sizeOctets) pool = new Uint8Array(randomBytes(POOL_OCTETS));
    const octets = pool.slice(0, sizeOctets);
    pool.fill(0, 0, sizeOctets);
    pool = pool.subarray(sizeOctets);
    return octets;
  },
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
