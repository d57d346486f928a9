import { seededRandom, settle } from '@cardea/kit-node';
import { createVirtualClock, Secret, type VirtualClock } from '@cardea/kit-runtime';
import { CoreError, type Transaction } from '@cardea/server-core';
import { createTwinRas, type TwinRas } from '@cardea/twin-building';
import { type WatchedStore, watchStore } from '../tenants/watched-store.ts';
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
  let watched: WatchedStore | undefined;
  const ras = await createTwinRas({
    clock,
    random,
    throughStore(store) {
      watched = watchStore(store, (tx) => forgetting(tx, weakness ?? {}));
      return watched.store;
    },
    throughPasswords: (passwords) => ({
      hash: passwords.hash,
      async verify(hash, password) {
        if (weakness?.skipsNobody === true && hash === undefined) return false;
        hashes++;
        return passwords.verify(hash, password);
      },
    }),
  });
  if (watched === undefined) throw new Error('the RAS did not take the store');
  const app = openTwinDoor(ras, { clock, random });
  return {
    ras,
    clock,
    app,
    hashes: () => hashes,
    asked: watched.taken,
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

function forgetting(tx: Transaction, { forgets, forgetsSenders }: Weakness): Transaction {
  const { persons } = tx;
  return {
    ...tx,
    persons: {
      ...persons,
      failures: async (key) => (forgets !== undefined && key.startsWith(forgets) ? undefined : persons.failures(key)),
      signedInFrom: async (key) => (forgetsSenders === true ? undefined : persons.signedInFrom(key)),
    },
  };
}
