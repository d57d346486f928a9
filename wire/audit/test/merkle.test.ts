import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodePrimitives } from '@cardea/kit-node';
import { equal, fromBase64, fromHex, toHex } from '@cardea/kit-octets';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  append,
  consistencyProof,
  EMPTY_FRONTIER,
  type Frontier,
  frontierOf,
  inclusionProof,
  leafHashSource,
  rootOf,
  rootOfFrontier,
  treeHash,
  verifyConsistency,
  verifyInclusion,
} from '../src/index.ts';

const tree = treeHash(nodePrimitives);
interface Vectors<T> {
  readonly accept: T[];
  readonly refuse: T[];
}
interface Inclusion {
  readonly desc: string;
  readonly file: string;
  readonly leafIdx: number;
  readonly treeSize: number;
  readonly root: string | null;
  readonly leafHash: string | null;
  readonly proof: string[];
}
interface Consistency {
  readonly desc: string;
  readonly file: string;
  readonly size1: number;
  readonly size2: number;
  readonly root1: string | null;
  readonly root2: string | null;
  readonly proof: string[];
}
const vectors = (name: string) =>
  JSON.parse(readFileSync(join(import.meta.dirname, '../../../vectors/rfc9162', name), 'utf8'));

/** MTH as RFC 9162, 2.1.1 writes it, without a thought of speed: the oracle. */
function mth(hashes: readonly Uint8Array[]): Uint8Array {
  if (hashes.length === 0) return tree.empty();
  if (hashes.length === 1) return hashes[0]!;
  let k = 1;
  while (k * 2 < hashes.length) k *= 2;
  return tree.node(mth(hashes.slice(0, k)), mth(hashes.slice(k)));
}

/** PATH(m, D) as 2.1.3.1 writes it. */
function path(m: number, hashes: readonly Uint8Array[]): Uint8Array[] {
  if (hashes.length <= 1) return [];
  let k = 1;
  while (k * 2 < hashes.length) k *= 2;
  return m < k
    ? [...path(m, hashes.slice(0, k)), mth(hashes.slice(k))]
    : [...path(m - k, hashes.slice(k)), mth(hashes.slice(0, k))];
}

/** SUBPROOF(m, D, b) as 2.1.4.1 writes it. */
function subproof(m: number, hashes: readonly Uint8Array[], b: boolean): Uint8Array[] {
  if (m === hashes.length) return b ? [] : [mth(hashes)];
  let k = 1;
  while (k * 2 < hashes.length) k *= 2;
  return m <= k
    ? [...subproof(m, hashes.slice(0, k), b), mth(hashes.slice(k))]
    : [...subproof(m - k, hashes.slice(k), false), mth(hashes.slice(0, k))];
}

const leaves = (count: number): Uint8Array[] =>
  Array.from({ length: count }, (_, i) => tree.leaf(Uint8Array.of(i >> 8, i & 255)));

describe('RFC 9162, 2.1: vectors of transparency-dev/merkle', () => {
  it('hashes of leaves, nodes and the empty tree', () => {
    for (const { kind, parts = [], hash } of vectors('hashes.json').accept) {
      const octets = parts.map((part: string) => Uint8Array.from(Buffer.from(part)));
      const got =
        kind === 'empty' ? tree.empty() : kind === 'leaf' ? tree.leaf(octets[0]) : tree.node(octets[0], octets[1]);
      expect(toHex(got)).toBe(hash);
    }
  });

  it('roots of growing trees, by appending and by range', async () => {
    const { leaves, roots } = vectors('hashes.json').tree;
    const hashes: Uint8Array[] = leaves.map((leaf: string) => tree.leaf(fromHex(leaf)));
    let frontier: Frontier = EMPTY_FRONTIER;
    for (let size = 0; size <= hashes.length; size++) {
      expect(toHex(rootOfFrontier(tree, frontier))).toBe(roots[size]);
      expect(toHex(await rootOf(tree, leafHashSource(tree, hashes), size))).toBe(roots[size]);
      if (size < hashes.length) frontier = append(tree, frontier, hashes[size]!).frontier;
    }
  });

  const inclusion: Vectors<Inclusion> = vectors('inclusion.json');
  const includes = (v: Inclusion) =>
    verifyInclusion(
      tree,
      { number: v.leafIdx, size: v.treeSize, root: fromBase64(v.root ?? ''), leafHash: fromBase64(v.leafHash ?? '') },
      v.proof.map((hash) => fromBase64(hash)),
    );
  it.each(inclusion.accept)('inclusion $file ($desc)', (v) => expect(includes(v)).toBe(true));
  it.each(inclusion.refuse)('inclusion refused: $file ($desc)', (v) => expect(includes(v)).toBe(false));

  const consistency: Vectors<Consistency> = vectors('consistency.json');
  const extends_ = (v: Consistency) =>
    verifyConsistency(
      tree,
      { from: v.size1, to: v.size2, fromRoot: fromBase64(v.root1 ?? ''), toRoot: fromBase64(v.root2 ?? '') },
      v.proof.map((hash) => fromBase64(hash)),
    );
  it.each(consistency.accept)('consistency $file ($desc)', (v) => expect(extends_(v)).toBe(true));
  it.each(consistency.refuse)('consistency refused: $file ($desc)', (v) => expect(extends_(v)).toBe(false));
});

describe('RFC 9162, 2.1: beside the recursive definitions', () => {
  const size = fc.integer({ min: 1, max: 300 });

  it('the frontier after any number of leaves has the root of MTH, and can be taken up again', () =>
    fc.assert(
      fc.property(size, (count) => {
        const hashes = leaves(count);
        let frontier: Frontier = EMPTY_FRONTIER;
        for (const hash of hashes) frontier = append(tree, frontierOf(frontier.size, frontier.hashes), hash).frontier;
        expect(rootOfFrontier(tree, frontier)).toEqual(mth(hashes));
      }),
    ));

  it('inclusion proofs are PATH, verify, and do not verify for anything else', () =>
    fc.assert(
      fc.asyncProperty(size, fc.nat(), fc.nat(), async (count, of, spoil) => {
        const hashes = leaves(count);
        const number = of % count;
        const proof = await inclusionProof(tree, leafHashSource(tree, hashes), number, count);
        expect(proof).toEqual(path(number, hashes));
        const claim = { number, size: count, leafHash: hashes[number]!, root: mth(hashes) };
        expect(verifyInclusion(tree, claim, proof)).toBe(true);
        expect(verifyInclusion(tree, { ...claim, number: (number + 1) % count }, proof)).toBe(count === 1);
        expect(verifyInclusion(tree, claim, [...proof, tree.empty()])).toBe(false);
        if (proof.length === 0) return;
        expect(verifyInclusion(tree, claim, proof.slice(1))).toBe(false);
        expect(verifyInclusion(tree, claim, spoiled(proof, spoil))).toBe(false);
      }),
    ));

  it('consistency proofs are PROOF, verify, and do not verify for another past', () =>
    fc.assert(
      fc.asyncProperty(size, fc.nat(), fc.nat(), async (to, of, spoil) => {
        const hashes = leaves(to);
        const from = 1 + (of % to);
        const proof = await consistencyProof(tree, leafHashSource(tree, hashes), from, to);
        expect(proof).toEqual(subproof(from, hashes, true));
        const claim = { from, to, fromRoot: mth(hashes.slice(0, from)), toRoot: mth(hashes) };
        expect(verifyConsistency(tree, claim, proof)).toBe(true);
        const other = [...hashes.slice(0, from - 1), tree.leaf(Uint8Array.of(9, 9, 9))];
        expect(verifyConsistency(tree, { ...claim, fromRoot: mth(other) }, proof)).toBe(false);
        expect(verifyConsistency(tree, claim, [...proof, tree.empty()])).toBe(false);
        if (proof.length > 0) expect(verifyConsistency(tree, claim, spoiled(proof, spoil))).toBe(false);
      }),
    ));

  it('sizes beyond 32 bits are counted right', async () => {
    // All leaves equal, so each complete subtree's hash depends on its level alone.
    const levels = [tree.leaf(new Uint8Array())];
    for (let level = 1; level < 53; level++) levels.push(tree.node(levels[level - 1]!, levels[level - 1]!));
    const source = { hash: async ({ level }: { level: number }) => levels[level] };
    const to = 2 ** 50 + 2 ** 33 + 5;
    const root = await rootOf(tree, source, to);
    for (const number of [0, 2 ** 32, 2 ** 50 + 1, to - 1]) {
      const proof = await inclusionProof(tree, source, number, to);
      expect(verifyInclusion(tree, { number, size: to, leafHash: levels[0]!, root }, proof)).toBe(true);
    }
    for (const from of [1, 2 ** 32 + 1, 2 ** 50, to - 1]) {
      const proof = await consistencyProof(tree, source, from, to);
      const claim = { from, to, fromRoot: await rootOf(tree, source, from), toRoot: root };
      expect(verifyConsistency(tree, claim, proof)).toBe(true);
    }
  });
});

/** The proof with one bit of it turned. */
function spoiled(proof: readonly Uint8Array[], at: number): Uint8Array[] {
  const bit = at % (proof.length * 256);
  const changed = proof.map((hash) => hash.slice());
  changed[bit >> 8]![(bit & 255) >> 3]! ^= 1 << (bit & 7);
  expect(changed.every((hash, i) => equal(hash, proof[i]!))).toBe(false);
  return changed;
}
