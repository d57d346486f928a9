import { seededRandom, settle } from '@cardea/kit-node';
import { createVirtualClock, Secret, type VirtualClock } from '@cardea/kit-runtime';
import type { Store, Transaction } from '@cardea/server-core';
import { CoreError } from '@cardea/server-core';
import { createTwinRas, type TwinRas } from '@cardea/twin-building';
import { OF_THE_NUMBER } from '../tenants/watched-store.ts';
import { openTwinDoor, type TwinDoor } from '../twin-door.ts';

/** A hotel at which somebody signs in who knows, or guesses, e-mail addresses. */
export interface SignInWorld {
  readonly ras: TwinRas;
  readonly clock: VirtualClock;
  readonly app: TwinDoor;
  /** Slow hashes computed so far. */
  readonly hashes: () => number;
  /** What was asked of the record since the last call. */
  readonly asked: () => readonly string[];
  /** The outcome of one try: `in`, or why not and for how long. */
  try(email: string, password: string, from: string): Promise<{ readonly code: string; readonly waitS: number }>;
  close(): Promise<void>;
}

/** In what a double is weak: each in the one point that its part is about. */
export interface Weakness {
  /** Counts of failures of which the store forgets all, by how their key begins. */
  readonly forgets?: 'address ' | 'account ';
  /** The store does not know from where an account has signed in before. */
  readonly forgetsSenders?: boolean;
  /** No hash is computed for somebody who does not exist. */
  readonly skipsNobody?: boolean;
}

export const OWNER = { email: 'owner@twin.cardea.invalid', password: 'another long passphrase here' } as const;

export async function signInWorld(seed: number, weakness: Weakness | undefined): Promise<SignInWorld> {
  const clock = createVirtualClock(Date.UTC(2026, 0, 1), settle);
  const random = seededRandom(`attack 41 ${seed}`);
  let hashes = 0;
  let asked: string[] = [];
  const ras = await createTwinRas({
    clock,
    random,
    throughStore: (store) => watched(store, weakness ?? {}, (what) => asked.push(what)),
    throughPasswords: (passwords) => ({
      hash: passwords.hash,
      async verify(hash, password) {
        if (weakness?.skipsNobody === true && hash === undefined) return false;
        hashes++;
        return passwords.verify(hash, password);
      },
    }),
  });
  const app = openTwinDoor(ras, { clock, random });
  return {
    ras,
    clock,
    app,
    hashes: () => hashes,
    asked() {
      const all = asked;
      asked = [];
      return all;
    },
    async try(email, password, from) {
      try {
        await ras.core.access.signIn(email, new Secret(password), from);
        return { code: 'in', waitS: 0 };
      } catch (error) {
        if (!(error instanceof CoreError)) throw error;
        return { code: error.code, waitS: error.retryAfterS ?? 0 };
      }
    },
    async close() {
      await app.close();
      await ras.stop();
    },
  };
}

type Call = (...args: never[]) => unknown;

function watched(store: Store, weakness: Weakness, see: (what: string) => void): Store {
  const through = (tx: Transaction): Transaction => {
    const { persons } = tx;
    const weak: Transaction = {
      ...tx,
      persons: {
        ...persons,
        failures: async (key) =>
          weakness.forgets !== undefined && key.startsWith(weakness.forgets) ? undefined : persons.failures(key),
        signedInFrom: async (key) => (weakness.forgetsSenders === true ? undefined : persons.signedInFrom(key)),
      },
    };
    return Object.fromEntries(
      Object.entries(weak as unknown as Record<string, Record<string, Call>>).map(([table, methods]) => [
        table,
        Object.fromEntries(
          Object.entries(methods).map(([method, call]) => [
            method,
            typeof call !== 'function'
              ? call
              : (...args: never[]) => {
                  if (!OF_THE_NUMBER.includes(method)) see(`${table}.${method}`);
                  return call.apply(methods, args);
                },
          ]),
        ),
      ]),
    ) as unknown as Transaction;
  };
  return {
    unit(work) {
      see('unit');
      return store.unit((tx) => work(through(tx)));
    },
    read: (work) => store.read((tx) => work(through(tx))),
    get commits() {
      return store.commits;
    },
    close: () => store.close(),
  };
}
