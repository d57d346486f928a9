import type { Store, Transaction } from '@cardea/server-core';
import { mapMethods, type TableMethod } from '@cardea/twin-building';

/** A store that says what was asked of it. */
export interface WatchedStore {
  readonly store: Store;
  /** What was asked since the last call, in order: `read`, `unit`, `doors.get`, ... */
  taken(): readonly string[];
}

/**
 * `store`, with every question noted: what a refusal costs must not tell what is behind it. `weakened` is what a weak
 * double makes of the tables; what it asks of them itself is not noted.
 */
export function watchStore(store: Store, weakened: (tx: Transaction) => Transaction = (tx) => tx): WatchedStore {
  let asked: string[] = [];
  const watched = (tx: Transaction): Transaction =>
    mapMethods(weakened(tx), (call, table, method) => (...args) => {
      if (!OF_THE_NUMBER.includes(method)) asked.push(`${table}.${method}`);
      return call(...args);
    });
  return {
    store: {
      unit(work) {
        asked.push('unit');
        return store.unit((tx) => work(watched(tx)));
      },
      read(work) {
        asked.push('read');
        return store.read((tx) => work(watched(tx)));
      },
      get commits() {
        return store.commits;
      },
      purge: () => store.purge(),
      close: () => store.close(),
    },
    taken() {
      const all = asked;
      asked = [];
      return all;
    },
  };
}

/** With which hashes a new leaf of the audit log is put together is a matter of its number alone. */
const OF_THE_NUMBER: readonly string[] = ['insertNode', 'leafHashes', 'nodeHashes'];

/** As found in the field: `get`, `update` and `remove` look for the row by its id alone, whoever asks. */
export function withoutOwners(tx: Transaction): Transaction {
  const gets = new Map<string, TableMethod>();
  const ownerOf = async (table: string, organizationId: unknown, id: unknown): Promise<unknown> => {
    for (const { id: each } of await tx.organizations.list()) if (await gets.get(table)?.(each, id)) return each;
    return organizationId;
  };
  return mapMethods(tx, (call, table, method) => {
    if (method === 'get') gets.set(table, call);
    if (method !== 'get' && method !== 'update' && method !== 'remove') return call;
    return async (organizationId, id, ...rest) => {
      const owner = typeof id === 'string' ? await ownerOf(table, organizationId, id) : organizationId;
      return call(owner, id, ...rest);
    };
  });
}
