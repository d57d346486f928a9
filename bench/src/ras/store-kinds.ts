import type { Store, Transaction } from '@cardea/server-core';
import { mapMethods } from '@cardea/twin-building';

/** How the record of a measured server is written. */
export type StoreKind =
  /** The product: units of one event-loop turn share a commit. */
  | 'durable'
  /** Each unit has a commit of its own, one after the other. */
  | 'commit-each'
  /** Reads are real, writes are forgotten: the same route without store. */
  | 'none';

/** The store of this kind over the product's own. */
export function storeOf(kind: StoreKind, store: Store): Store {
  switch (kind) {
    case 'durable':
      return store;
    case 'commit-each':
      return oneByOne(store);
    case 'none':
      return writingNothing(store);
  }
}

function oneByOne(store: Store): Store {
  let last: Promise<unknown> = Promise.resolve();
  return {
    ...passedOn(store),
    unit(work) {
      const mine = last.then(() => store.unit(work));
      last = mine.catch(() => {});
      return mine;
    },
  };
}

function writingNothing(store: Store): Store {
  let forgetful: Transaction | undefined;
  return {
    ...passedOn(store),
    unit: (work) =>
      store.read((tx) => {
        forgetful ??= forgetting(tx);
        return work(forgetful);
      }),
  };
}

function passedOn(store: Store): Store {
  return {
    unit: (work) => store.unit(work),
    read: (work) => store.read(work),
    get commits() {
      return store.commits;
    },
    purge: () => store.purge(),
    close: () => store.close(),
  };
}

/** What a method that begins like this does, it does to the record. */
const WRITES = /^(insert|update|remove|set|take|pin|append)/;

/** The same tables; what would write answers that it did. */
function forgetting(tx: Transaction): Transaction {
  return mapMethods(tx, (run, _table, method) => (WRITES.test(method) ? async () => true : run));
}
