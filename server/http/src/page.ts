import type { PageRequest } from '@cardea/server-core';
import { HttpRefusal } from './refusal.ts';

const DEFAULT_LIMIT = 50;

/** A page of what `list` finds, and the cursor of the next: one more is asked for, which says whether there is a next. */
export async function pageOf<T extends { readonly id: string }, Out>(
  query: { readonly cursor?: string; readonly limit?: number; readonly order?: 'oldest_first' | 'newest_first' },
  list: (page: PageRequest) => Promise<readonly T[]>,
  represent: (row: T) => Out,
): Promise<{ items: Out[]; next_cursor: string | null }> {
  const limit = query.limit ?? DEFAULT_LIMIT;
  const rows = await list({
    after: query.cursor === undefined ? undefined : idOf(query.cursor),
    limit: limit + 1,
    ...(query.order === 'newest_first' && { newestFirst: true }),
  });
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return {
    items: items.map(represent),
    next_cursor: rows.length > limit && last !== undefined ? cursorOf(last.id) : null,
  };
}

/** A cursor is opaque to clients, so that what it holds may change: now the id of the last item, in base64url. */
function cursorOf(id: string): string {
  return Buffer.from(id, 'utf8').toString('base64url');
}

function idOf(cursor: string): string {
  const id = Buffer.from(cursor, 'base64url').toString('utf8');
  if (!/^[a-z]+_[0-9A-Za-z-]{1,64}$/.test(id)) {
    throw new HttpRefusal('invalid', 'query.cursor is not one that this server gave out: begin without a cursor.', {
      field: 'query.cursor',
    });
  }
  return id;
}
