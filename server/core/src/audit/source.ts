import type { HashSource, TreeHash } from '@cardea/wire-audit';
import type { AuditTables } from './tables.ts';

/** Levels between stored hashes: one row for 2^8 leaves, one for 2^16, and so on. */
export const STORED_LEVELS = 8;

/** The hashes of an organization's log: of stored levels from their rows, of those between from the stored ones below. */
export function hashSource(tree: TreeHash, audit: AuditTables, organizationId: string): HashSource {
  const stored = (level: number, from: number, count: number): Promise<readonly Uint8Array[]> =>
    level === 0 ? audit.leafHashes(organizationId, from, count) : audit.nodeHashes(organizationId, level, from, count);
  return {
    async hash({ level, index }) {
      const base = level - (level % STORED_LEVELS);
      const count = 2 ** (level - base);
      const hashes = await stored(base, index * count, count);
      if (hashes.length < count) return undefined;
      return folded(tree, hashes);
    },
  };
}

/** The root of a complete tree over these hashes: 2^n of them. */
function folded(tree: TreeHash, hashes: readonly Uint8Array[]): Uint8Array {
  let row = hashes;
  while (row.length > 1) {
    const above: Uint8Array[] = [];
    for (let i = 0; i + 1 < row.length; i += 2)
      above.push(tree.node(row[i] ?? tree.empty(), row[i + 1] ?? tree.empty()));
    row = above;
  }
  return row[0] ?? tree.empty();
}
