import { AuditError } from '../errors.ts';
import { type LeafRange, type Subtree, subtreesOf } from './subtrees.ts';
import type { TreeHash } from './tree-hash.ts';

/** Where the hashes of complete subtrees come from: a database, a list, a server. */
export interface HashSource {
  /** The subtree's hash, or undefined when it is not complete there. */
  hash(subtree: Subtree): Promise<Uint8Array | undefined>;
}

/** A source over the leaf hashes in memory: each subtree is computed when it is asked for. */
export function leafHashSource(tree: TreeHash, leaves: readonly Uint8Array[]): HashSource {
  const hash = ({ level, index }: Subtree): Uint8Array | undefined => {
    if (level === 0) return leaves[index];
    const left = hash({ level: level - 1, index: index * 2 });
    const right = hash({ level: level - 1, index: index * 2 + 1 });
    return left && right && tree.node(left, right);
  };
  return { hash: async (subtree) => hash(subtree) };
}

/**
 * MTH of a range that begins where RFC 9162, 2.1.1 would split: the subtrees' hashes joined from the right.
 * @throws AuditError `missing`
 */
export async function hashOfRange(tree: TreeHash, source: HashSource, range: LeafRange): Promise<Uint8Array> {
  const hashes: Uint8Array[] = [];
  for (const subtree of subtreesOf(range)) {
    const hash = await source.hash(subtree);
    if (hash === undefined) {
      throw new AuditError('missing', 'source', `has no hash of the subtree ${subtree.level}/${subtree.index}`);
    }
    hashes.push(hash);
  }
  return joined(tree, hashes);
}

/** The root over neighbouring subtrees, widest first; of none, the empty tree's. */
export function joined(tree: TreeHash, hashes: readonly Uint8Array[]): Uint8Array {
  let root = hashes.at(-1);
  if (root === undefined) return tree.empty();
  for (let i = hashes.length - 2; i >= 0; i--) root = tree.node(hashes[i] ?? tree.empty(), root);
  return root;
}

/** The root of the first `size` leaves. @throws AuditError `missing` */
export function rootOf(tree: TreeHash, source: HashSource, size: number): Promise<Uint8Array> {
  return hashOfRange(tree, source, { begin: 0, end: size });
}
