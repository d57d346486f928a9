import { equal } from '@cardea/kit-octets';
import { type HashSource, hashOfRange } from './hash-source.ts';
import { checkSize, type LeafRange, split } from './subtrees.ts';
import { HASH_OCTETS, type TreeHash } from './tree-hash.ts';

/** PATH(number, D[size]) of RFC 9162, 2.1.3.1 as the ranges whose hashes it lists. @throws AuditError `range` */
export function inclusionPath(number: number, size: number): readonly LeafRange[] {
  checkSize('size', size);
  checkSize('number', number, size - 1);
  const path: LeafRange[] = [];
  let begin = 0;
  let end = size;
  while (end - begin > 1) {
    const middle = begin + split(end - begin);
    if (number < middle) {
      path.push({ begin: middle, end });
      end = middle;
    } else {
      path.push({ begin, end: middle });
      begin = middle;
    }
  }
  return path.reverse();
}

/** The proof that leaf `number` is in the tree of the first `size` leaves. @throws AuditError `range`, `missing` */
export async function inclusionProof(
  tree: TreeHash,
  source: HashSource,
  number: number,
  size: number,
): Promise<readonly Uint8Array[]> {
  const proof: Uint8Array[] = [];
  for (const range of inclusionPath(number, size)) proof.push(await hashOfRange(tree, source, range));
  return proof;
}

/** What an inclusion proof claims. */
export interface InclusionClaim {
  readonly number: number;
  readonly size: number;
  readonly leafHash: Uint8Array;
  readonly root: Uint8Array;
}

/** Whether `proof` shows the claim: RFC 9162, 2.1.3.2. */
export function verifyInclusion(tree: TreeHash, claim: InclusionClaim, proof: readonly Uint8Array[]): boolean {
  let fn = claim.number;
  let sn = claim.size - 1;
  if (!Number.isSafeInteger(fn) || !Number.isSafeInteger(claim.size) || fn < 0 || fn > sn) return false;
  let root = claim.leafHash;
  if (!isHash(root)) return false;
  for (const hash of proof) {
    if (sn === 0 || !isHash(hash)) return false;
    if (fn % 2 === 1 || fn === sn) {
      root = tree.node(hash, root);
      while (fn % 2 === 0 && fn !== 0) {
        fn = half(fn);
        sn = half(sn);
      }
    } else {
      root = tree.node(root, hash);
    }
    fn = half(fn);
    sn = half(sn);
  }
  return sn === 0 && equal(root, claim.root);
}

/** Half of a whole number, rounded down: sizes are above what bit operations hold. */
export const half = (value: number): number => Math.floor(value / 2);

/** Whether octets can be a hash of the tree. */
export const isHash = (octets: Uint8Array): boolean => octets.length === HASH_OCTETS;
