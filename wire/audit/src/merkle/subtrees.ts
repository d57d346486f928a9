import { AuditError } from '../errors.ts';

/** A complete subtree: the 2^level leaves from number index * 2^level. */
export interface Subtree {
  readonly level: number;
  readonly index: number;
}

/** Leaves `begin` to `end` - 1. */
export interface LeafRange {
  readonly begin: number;
  readonly end: number;
}

/** A whole number that a tree may have as its size. @throws AuditError `range` */
export function checkSize(field: string, size: number, most: number = Number.MAX_SAFE_INTEGER): number {
  if (!Number.isSafeInteger(size) || size < 0 || size > most) {
    throw new AuditError('range', field, `must be a whole number from 0 to ${most}, is ${size}`);
  }
  return size;
}

/** Where RFC 9162, 2.1.1 splits a tree of `size` > 1 leaves: the largest power of two below it. */
export function split(size: number): number {
  let half = 1;
  while (half * 2 < size) half *= 2;
  return half;
}

/** The complete subtrees that make up a range, from left to right: at most two for each level. */
export function subtreesOf({ begin, end }: LeafRange): readonly Subtree[] {
  const subtrees: Subtree[] = [];
  for (let at = begin; at < end; ) {
    let level = 0;
    let width = 1;
    while (at % (width * 2) === 0 && at + width * 2 <= end) {
      width *= 2;
      level++;
    }
    subtrees.push({ level, index: at / width });
    at += width;
  }
  return subtrees;
}
