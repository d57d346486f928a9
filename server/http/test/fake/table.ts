import { type Actor, CoreError, type PageRequest } from '@cardea/server-core';

interface Row {
  readonly id: string;
  readonly organizationId: string;
}

/** A page that holds all there is. */
export const WHOLE: PageRequest = { after: undefined, limit: 100 };

/** Rows of one noun in a map, each for its own organization only. */
export interface FakeTable<T extends Row> {
  readonly rows: ReadonlyMap<string, T>;
  /** Adds a row, or puts it in place of the one of its id. */
  add(row: T): T;
  /** @throws CoreError `not_found` */
  get(actor: Actor, key: string): T;
  /** The row, once `unchanged` lets it be changed. @throws CoreError `not_found`, and what `unchanged` throws */
  open(actor: Actor, key: string, unchanged?: (row: T) => void): T;
  list(actor: Actor, page: PageRequest, filter?: (row: T) => boolean): T[];
  /** @throws CoreError `not_found`, and what `unchanged` throws */
  remove(actor: Actor, key: string, unchanged?: (row: T) => void): void;
}

/** An empty table. */
export function createTable<T extends Row>(): FakeTable<T> {
  const rows = new Map<string, T>();
  const get = (actor: Actor, key: string): T => {
    const row = rows.get(key);
    if (row === undefined || row.organizationId !== actor.organizationId)
      throw new CoreError('not_found', 'there is no such thing');
    return row;
  };
  const open: FakeTable<T>['open'] = (actor, key, unchanged) => {
    const row = get(actor, key);
    unchanged?.(row);
    return row;
  };
  return {
    rows,
    add(row) {
      rows.set(row.id, row);
      return row;
    },
    get,
    open,
    list(actor, page, filter = () => true) {
      const all = [...rows.values()].filter((row) => row.organizationId === actor.organizationId && filter(row));
      if (page.newestFirst) all.reverse();
      const from = page.after === undefined ? 0 : all.findIndex((row) => row.id === page.after) + 1;
      return all.slice(from, from + page.limit);
    },
    remove: (actor, key, unchanged) => void rows.delete(open(actor, key, unchanged).id),
  };
}
