import type { Passwords } from '@cardea/server-core';
import { hash, verify } from '@node-rs/argon2';

/** Cost of argon2id: the memory in KiB and passes that OWASP's password storage sheet gives for one lane. */
export interface Argon2Cost {
  readonly memoryCost: number;
  readonly timeCost: number;
}

const DEFAULT_COST: Argon2Cost = { memoryCost: 19_456, timeCost: 2 };

/**
 * Passwords by argon2id, computed on the thread pool. A hash that does not exist is checked against a hash of the same
 * cost that no password fits, so that the time does not tell who has an account.
 */
export function createPasswords(cost: Argon2Cost = DEFAULT_COST): Passwords {
  const options = { ...cost, parallelism: 1 };
  // Random and forgotten: nobody knows a password that fits.
  const nobody = hash(crypto.getRandomValues(new Uint8Array(32)), options);
  return {
    hash: (password) => hash(password.reveal(), options),
    async verify(stored, password) {
      const fits = await verify(stored ?? (await nobody), password.reveal());
      return fits && stored !== undefined;
    },
  };
}
