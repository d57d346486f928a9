import type { Context } from '../context.ts';
import { CoreError } from '../errors.ts';
import { waitMs } from './lock-out.ts';

/** Five tries cost nothing, then waits double up to a quarter of an hour: 100 tries a day at most. */
const RULE = { free: 5, mostMs: 15 * 60_000 } as const;
/** After this long without a failure, what was counted is forgotten. */
const FORGET_AFTER_MS = 24 * 3_600_000;

/**
 * Growing waits before a second factor, for a person as a whole, wherever it is tried from: whoever gets there holds the
 * password already, so nobody else can lock its owner out.
 */
export interface TryLimit {
  /** Counts one try as failed before it is looked at. @throws CoreError `locked_out`; that try is not counted */
  enter(personId: string): Promise<void>;
  succeeded(personId: string): Promise<void>;
}

/** The limit over the record, so that it outlives a restart. */
export function createTryLimit(context: Context): TryLimit {
  const keyOf = (personId: string): string => `factor ${personId}`;
  return {
    async enter(personId) {
      const now = context.now();
      const until = await context.write(async ({ persons }) => {
        const known = await persons.failures(keyOf(personId));
        const fresh = known !== undefined && known.lastAt > now - FORGET_AFTER_MS ? known : { count: 0, lastAt: 0 };
        const until = Math.min(fresh.lastAt, now) + waitMs(RULE, fresh.count);
        if (until <= now) await persons.setFailures(keyOf(personId), fresh.count + 1, now);
        return until;
      });
      if (until <= now) return;
      const retryAfterS = Math.ceil((until - now) / 1000);
      throw new CoreError('locked_out', `too many wrong codes: wait ${retryAfterS} s`, { retryAfterS });
    },
    async succeeded(personId) {
      await context.write((tx) => tx.persons.setFailures(keyOf(personId), 0, context.now()));
    },
  };
}
