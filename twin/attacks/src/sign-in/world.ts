import { seededRandom, settle } from '@cardea/kit-node';
import { createVirtualClock, Secret, type VirtualClock } from '@cardea/kit-runtime';
import { CoreError, type CorePorts, type Notice, type Transaction } from '@cardea/server-core';
import { createPasskeys, secondFactors } from '@cardea/server-main';
import { createTwinRas, type TwinRas } from '@cardea/twin-building';
import { type WatchedStore, watchStore } from '../tenants/watched-store.ts';
import { openTwinDoor, type TwinDoor } from '../twin-door.ts';

/** `in`, or why not and for how long. */
export interface Outcome {
  readonly code: string;
  readonly waitS: number;
}

/** How a use case ended for whoever tried it. */
export async function outcomeOf(tried: Promise<unknown>): Promise<Outcome> {
  try {
    await tried;
    return { code: 'in', waitS: 0 };
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    return { code: error.code, waitS: error.retryAfterS ?? 0 };
  }
}

/** An address from which nobody has come yet. */
export function newcomer(number: number): string {
  return `203.0.${number >> 8}.${number & 255}`;
}

/** A hotel at which somebody signs in who knows, or guesses, e-mail addresses. */
export interface SignInWorld {
  readonly ras: TwinRas;
  readonly clock: VirtualClock;
  readonly app: TwinDoor;
  /** Slow hashes computed so far. */
  readonly hashes: () => number;
  /** Codes by time looked at so far. */
  readonly looks: () => number;
  /** What people were sent, oldest first. */
  readonly notices: readonly Notice[];
  /** What was asked of the record since the last call. */
  readonly asked: () => readonly string[];
  /** The outcome of one try: `in`, or why not and for how long. */
  try(email: string, password: string, from: string): Promise<Outcome>;
  close(): Promise<void>;
}

/** In what a double is weak: each in the one point that its part is about. */
export interface Weakness {
  /** Counts of failures of which the store forgets all, by how their key begins. */
  readonly forgets?: 'address ' | 'account ' | 'factor ';
  /** The store does not know from where an account has signed in before. */
  readonly forgetsSenders?: boolean;
  /** No hash is computed for somebody who does not exist. */
  readonly skipsNobody?: boolean;
  /** A code, or a step, that would lead nowhere is refused and not kept, and an id that nothing has is said to be none. */
  readonly refusesVain?: boolean;
  /** The store does not count the tries at a code. */
  readonly forgetsTries?: boolean;
  /** The store does not know how many codes an address was sent. */
  readonly forgetsSent?: boolean;
  /** What was used or has ended stays in the store: codes, steps of a sign-in, their challenges, time steps, counters, phones. */
  readonly keepsUsed?: boolean;
  /** Which challenge was answered is not looked at. */
  readonly anyChallenge?: boolean;
  /** Every passkey that the store knows is the owner's. */
  readonly anyPasskey?: boolean;
}

/** Where browsers find it. */
export const SITE = { id: 'twin.cardea.invalid', origin: 'https://twin.cardea.invalid' } as const;

export const OWNER = { email: 'owner@twin.cardea.invalid', password: 'another long passphrase here' } as const;

export async function signInWorld(seed: number, weakness: Weakness | undefined): Promise<SignInWorld> {
  const clock = createVirtualClock(Date.UTC(2026, 0, 1), settle);
  const random = seededRandom(`attack 41 ${seed}`);
  let hashes = 0;
  let looks = 0;
  const notices: Notice[] = [];
  let ownerId: string | undefined;
  const passkeys = createPasskeys({ id: SITE.id, origins: () => [SITE.origin] });
  let watched: WatchedStore | undefined;
  const ras = await createTwinRas({
    clock,
    random,
    throughStore(store) {
      watched = watchStore(store, (tx) => lasting(forgetting(tx, weakness ?? {}), weakness ?? {}, ownerId));
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
    people: {
      notifier: { channels: ['email', 'sms'], send: (notice) => void notices.push(notice), forget: async () => {} },
      secondFactors: {
        ...secondFactors,
        verifyTotp(...given) {
          looks++;
          return secondFactors.verifyTotp(...given);
        },
      },
      origins: () => [SITE.origin],
      passkeys: weakness?.anyChallenge === true ? unchallenged(passkeys) : passkeys,
    },
  });
  if (watched === undefined) throw new Error('the RAS did not take the store');
  ownerId = ras.owner.personId;
  const app = openTwinDoor(ras, { clock, random });
  return {
    ras,
    clock,
    app,
    hashes: () => hashes,
    looks: () => looks,
    notices,
    asked: watched.taken,
    try: (email, password, from) => outcomeOf(ras.core.access.signIn(email, new Secret(password), from)),
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

function lasting(tx: Transaction, weakness: Weakness, ownerId: string | undefined): Transaction {
  const { access, verifications, signInSteps, totps, recoveryCodes, passkeys } = tx;
  const { keepsUsed = false } = weakness;
  const owners = <T extends { readonly personId: string }>(row: T | undefined): T | undefined =>
    row !== undefined && weakness.anyPasskey === true && ownerId !== undefined ? { ...row, personId: ownerId } : row;
  return {
    ...tx,
    verifications: {
      ...verifications,
      async insert(row) {
        if (weakness.refusesVain === true && row.codeHash === null) {
          throw new CoreError('not_found', 'nothing can be done with this address');
        }
        await verifications.insert(row);
      },
      async byId(id) {
        const row = await verifications.byId(id);
        if (weakness.refusesVain === true && row === undefined)
          throw new CoreError('not_found', 'there is no such code');
        return row && keepsUsed ? { ...row, expiresAt: Number.MAX_SAFE_INTEGER } : row;
      },
      update: async (organizationId, id, change) =>
        weakness.forgetsTries === true || verifications.update(organizationId, id, change),
      remove: async (organizationId, id) => keepsUsed || verifications.remove(organizationId, id),
      askedSince: async (...given) => (weakness.forgetsSent === true ? [] : verifications.askedSince(...given)),
    },
    signInSteps: {
      ...signInSteps,
      async insert(row) {
        if (weakness.refusesVain === true && row.challenge === '') {
          throw new CoreError('not_found', 'there is no such organization');
        }
        await signInSteps.insert(row);
      },
      update: async (organizationId, id, change) => keepsUsed || signInSteps.update(organizationId, id, change),
      remove: async (organizationId, id) => keepsUsed || signInSteps.remove(organizationId, id),
    },
    access: {
      ...access,
      phones: {
        ...access.phones,
        update: async (organizationId, id, change) => keepsUsed || access.phones.update(organizationId, id, change),
      },
    },
    totps: {
      ...totps,
      update: (personId, change) => totps.update(personId, keepsUsed ? { ...change, usedStep: 0 } : change),
    },
    recoveryCodes: {
      ...recoveryCodes,
      update: async (organizationId, id, change) => keepsUsed || recoveryCodes.update(organizationId, id, change),
    },
    passkeys: {
      ...passkeys,
      get: async (organizationId, id) => owners(await passkeys.get(organizationId, id)),
      byCredential: async (id) => owners(await passkeys.byCredential(id)),
      update: async (organizationId, id, change) => keepsUsed || passkeys.update(organizationId, id, change),
    },
  };
}

/** Passkeys that take the answer's own word for what was asked. */
function unchallenged(passkeys: NonNullable<CorePorts['passkeys']>): NonNullable<CorePorts['passkeys']> {
  return {
    ...passkeys,
    verifyAssertion: (response, _, credential) => passkeys.verifyAssertion(response, challengeIn(response), credential),
  };
}

function challengeIn({ response }: Readonly<Record<string, unknown>>): string {
  const { clientDataJSON } = response as { readonly clientDataJSON: string };
  return (JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString()) as { challenge: string }).challenge;
}
