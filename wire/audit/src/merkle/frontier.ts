import { AuditError } from '../errors.ts';
import { joined } from './hash-source.ts';
import { checkSize, type Subtree, subtreesOf } from './subtrees.ts';
import type { TreeHash } from './tree-hash.ts';

/** The right edge of a growing tree: all that appending needs of it. Values, never changed in place. */
export interface Frontier {
  /** Leaves so far. */
  readonly size: number;
  /** Hashes of the complete subtrees that make up the tree, widest first: one for each bit set in `size`. */
  readonly hashes: readonly Uint8Array[];
}

/** A subtree that an appended leaf completed, with its hash. */
export interface Completed extends Subtree {
  readonly hash: Uint8Array;
}

/** The frontier of the tree without leaves. */
export const EMPTY_FRONTIER: Frontier = { size: 0, hashes: [] };

/** The frontier of `size` leaves from the hashes of its subtrees. @throws AuditError `range` when they are not as many */
export function frontierOf(size: number, hashes: readonly Uint8Array[]): Frontier {
  const subtrees = subtreesOf({ begin: 0, end: checkSize('size', size) });
  if (subtrees.length !== hashes.length) {
    throw new AuditError('range', 'hashes', `a tree of ${size} leaves has ${subtrees.length} subtrees on its edge`);
  }
  return { size, hashes };
}

/** The tree with one more leaf: O(log size) hashes, one and two of them for most. `completed` begins with the leaf. */
export function append(
  tree: TreeHash,
  frontier: Frontier,
  leafHash: Uint8Array,
): { readonly frontier: Frontier; readonly completed: readonly Completed[] } {
  const hashes = [...frontier.hashes];
  let level = 0;
  let index = frontier.size;
  let hash = leafHash;
  const completed: Completed[] = [{ level, index, hash }];
  // An odd index has its left neighbour on the edge: the two become one.
  while (index % 2 === 1) {
    const left = hashes.pop();
    if (left === undefined) throw new AuditError('range', 'frontier', 'has fewer hashes than its size says');
    hash = tree.node(left, hash);
    index = (index - 1) / 2;
    level++;
    completed.push({ level, index, hash });
  }
  hashes.push(hash);
  return { frontier: { size: frontier.size + 1, hashes }, completed };
}

/** The root of the tree. */
export function rootOfFrontier(tree: TreeHash, frontier: Frontier): Uint8Array {
  return joined(tree, frontier.hashes);
}
