import type { Primitives } from '@cardea/kit-crypto';

/** Octets of a hash of the tree. */
export const HASH_OCTETS = 32;

const LEAF = Uint8Array.of(0x00);
const NODE = Uint8Array.of(0x01);

/** The hashes of the tree (RFC 9162, 2.1.1): what makes a leaf and a node differ is the octet in front. */
export interface TreeHash {
  /** SHA-256(0x00 | leaf). */
  leaf(octets: Uint8Array): Uint8Array;
  /** SHA-256(0x01 | left | right). */
  node(left: Uint8Array, right: Uint8Array): Uint8Array;
  /** Root of the tree without leaves: SHA-256 of nothing. */
  empty(): Uint8Array;
}

/** The tree's hashes over these primitives. */
export function treeHash(primitives: Pick<Primitives, 'sha256'>): TreeHash {
  return {
    leaf: (octets) => primitives.sha256(LEAF, octets),
    node: (left, right) => primitives.sha256(NODE, left, right),
    empty: () => primitives.sha256(),
  };
}
