import { equal } from '@cardea/kit-octets';
import { type HashSource, hashOfRange } from './hash-source.ts';
import { half, isHash } from './inclusion.ts';
import { checkSize, type LeafRange, split } from './subtrees.ts';
import type { TreeHash } from './tree-hash.ts';

/** PROOF(from, D[to]) of RFC 9162, 2.1.4.1 as the ranges whose hashes it lists. @throws AuditError `range` */
export function consistencyPath(from: number, to: number): readonly LeafRange[] {
  checkSize('to', to);
  checkSize('from', from, to);
  if (from === 0 || from === to) return [];
  const path: LeafRange[] = [];
  let begin = 0;
  let end = to;
  // Whether the old tree is D[begin:from] as a whole, known to whoever verifies.
  let known = true;
  while (from !== end) {
    const middle = begin + split(end - begin);
    if (from <= middle) {
      path.push({ begin: middle, end });
      end = middle;
    } else {
      path.push({ begin, end: middle });
      begin = middle;
      known = false;
    }
  }
  if (!known) path.push({ begin, end });
  return path.reverse();
}

/** The proof that the first `from` leaves of the tree of `to` are those of the tree of `from`. @throws AuditError */
export async function consistencyProof(
  tree: TreeHash,
  source: HashSource,
  from: number,
  to: number,
): Promise<readonly Uint8Array[]> {
  const proof: Uint8Array[] = [];
  for (const range of consistencyPath(from, to)) proof.push(await hashOfRange(tree, source, range));
  return proof;
}

/** What a consistency proof claims. */
export interface ConsistencyClaim {
  readonly from: number;
  readonly to: number;
  readonly fromRoot: Uint8Array;
  readonly toRoot: Uint8Array;
}

/** Whether `proof` shows the claim: RFC 9162, 2.1.4.2. Nothing is shown about the tree without leaves. */
export function verifyConsistency(tree: TreeHash, claim: ConsistencyClaim, proof: readonly Uint8Array[]): boolean {
  const { from, to, fromRoot, toRoot } = claim;
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || from < 1 || from > to) return false;
  if (from === to) return proof.length === 0 && equal(fromRoot, toRoot);
  const path = isPowerOfTwo(from) ? [fromRoot, ...proof] : [...proof];
  const first = path.shift();
  if (proof.length === 0 || first === undefined || !isHash(first)) return false;
  let fn = from - 1;
  let sn = to - 1;
  while (fn % 2 === 1) {
    fn = half(fn);
    sn = half(sn);
  }
  let fr = first;
  let sr = first;
  for (const hash of path) {
    if (sn === 0 || !isHash(hash)) return false;
    if (fn % 2 === 1 || fn === sn) {
      fr = tree.node(hash, fr);
      sr = tree.node(hash, sr);
      while (fn % 2 === 0 && fn !== 0) {
        fn = half(fn);
        sn = half(sn);
      }
    } else {
      sr = tree.node(sr, hash);
    }
    fn = half(fn);
    sn = half(sn);
  }
  return sn === 0 && equal(fr, fromRoot) && equal(sr, toRoot);
}

function isPowerOfTwo(size: number): boolean {
  let value = size;
  while (value % 2 === 0) value /= 2;
  return value === 1;
}
