import type { Notice, NoticePage } from '@cardea/wire-api';

/** The newest moment of a page at which something was told, RFC 3339; undefined for an empty one. */
export function newestOf({ items }: NoticePage): string | undefined {
  let newest: string | undefined;
  for (const { received_at: at } of items) {
    if (newest === undefined || Date.parse(at) > Date.parse(newest)) newest = at;
  }
  return newest;
}

/** A page once everything until a moment has been read. Which were new when they came stays on them. */
export function readUntil(page: NoticePage, until: string): NoticePage {
  const unread = page.items.filter(({ received_at: at }) => Date.parse(at) > Date.parse(until)).length;
  return { ...page, unread, read_until: until };
}

/** What came after an id and is not read, the oldest first. Ids are in the order in which the server was told. */
export function cameAfter({ items }: NoticePage, id: string): readonly Notice[] {
  return items.filter((notice) => !notice.read && notice.id > id).reverse();
}
