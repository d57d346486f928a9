import type { Store, Transaction } from '@cardea/server-core';

/** A store that says what was asked of it. */
export interface WatchedStore {
  readonly store: Store;
  /** What was asked since the last call, in order: `read`, `unit`, `doors.get`, ... */
  taken(): readonly string[];
}

/**
 * `store`, with every question noted: what a refusal costs must not depend on whether the thing is another tenant's. With
 * `forgetful` its tables' `get`, `list`, `update` and `remove` forget whose the row is: the weak double.
 */
export function watchStore(store: Store, forgetful: boolean): WatchedStore {
  let asked: string[] = [];
  const watched = (tx: Transaction): Transaction => {
    const seen = forgetful ? withoutOwners(tx) : tx;
    return mapMethods(
      seen,
      (table, method, call) =>
        ((...args: never[]) => {
          if (!OF_THE_NUMBER.includes(method)) asked.push(`${table}.${method}`);
          return call(...args);
        }) as Call,
    );
  };
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
export const OF_THE_NUMBER: readonly string[] = ['insertNode', 'leafHashes', 'nodeHashes'];

type Call = (...args: never[]) => unknown;
type Tables = Record<string, Record<string, Call>>;

function mapMethods(tx: Transaction, map: (table: string, method: string, call: Call) => Call): Transaction {
  const tables = tx as unknown as Tables;
  return Object.fromEntries(
    Object.entries(tables).map(([table, methods]) => [
      table,
      Object.fromEntries(
        Object.entries(methods).map(([method, call]) => [
          method,
          typeof call === 'function' ? map(table, method, call.bind(methods) as Call) : call,
        ]),
      ),
    ]),
  ) as unknown as Transaction;
}

/** As found in the field: the row is looked for by its id alone, whoever asks. */
function withoutOwners(tx: Transaction): Transaction {
  const ownerOf = async (table: string, organizationId: string, id: string): Promise<string> => {
    const { get } =
      (tx as unknown as Record<string, { get?: (org: string, id: string) => Promise<unknown> }>)[table] ?? {};
    for (const { id: each } of await tx.organizations.list()) if (await get?.(each, id)) return each;
    return organizationId;
  };
  return mapMethods(tx, (table, method, call) => {
    if (method !== 'get' && method !== 'update' && method !== 'remove') return call;
    return (async (organizationId: string, id: string, ...rest: never[]) => {
      const owner = typeof id === 'string' ? await ownerOf(table, organizationId, id) : organizationId;
      return (call as unknown as (...args: unknown[]) => unknown)(owner, id, ...rest);
    }) as unknown as Call;
  });
}
