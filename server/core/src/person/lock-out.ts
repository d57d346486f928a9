import type { Context } from '../context.ts';
import { CoreError } from '../errors.ts';

interface Rule {
  /** Failures that cost nothing. */
  readonly free: number;
  /** Longest wait, in milliseconds. */
  readonly mostMs: number;
}

/**
 * Growing waits after failed sign-ins: 1 s after the free ones, doubling up to the rule's most. What one address did to
 * one account grows longest; an account as a whole waits half a minute at most, so that a stranger who fails from many
 * addresses slows its owner down but does not lock him out.
 */
const RULES = {
  pair: { free: 5, mostMs: 15 * 60_000 },
  account: { free: 20, mostMs: 30_000 },
  address: { free: 30, mostMs: 15 * 60_000 },
} as const satisfies Record<string, Rule>;

/** After this long without a failure, what was counted is forgotten. */
const FORGET_AFTER_MS = 24 * 3_600_000;
/** How many keys of failures one sign-in looks at to forget the old ones: every this many sign-ins. */
const SWEEP_EVERY = 64;

/** Milliseconds to wait after `count` failures. */
export function waitMs(rule: Rule, count: number): number {
  return count < rule.free ? 0 : Math.min(rule.mostMs, 1000 * 2 ** Math.min(30, count - rule.free));
}

/** Counts sign-ins that failed. */
export interface LockOut {
  /**
   * Counts one try as failed before its password is looked at, so that many at once are no way around the waits.
   * @throws CoreError `locked_out` with the seconds to wait; that try is not counted
   */
  enter(email: string, from: string): Promise<void>;
  /** The password was right: forgets the failures of this account from this address, and of the account. */
  succeeded(email: string, from: string): Promise<void>;
}

/** The lock-out over the record, so that it outlives a restart. */
export function createLockOut(context: Context): LockOut {
  let tries = 0;
  const keys = (email: string, from: string): readonly (readonly [string, Rule])[] => [
    [`pair ${from} ${email}`, RULES.pair],
    [`account ${email}`, RULES.account],
    [`address ${from}`, RULES.address],
  ];
  return {
    async enter(email, from) {
      const now = context.now();
      const waitUntil = await context.write(async ({ persons }) => {
        if (tries++ % SWEEP_EVERY === 0) await persons.removeFailuresBefore(now - FORGET_AFTER_MS);
        const counts: { key: string; count: number }[] = [];
        let until = 0;
        for (const [key, rule] of keys(email, from)) {
          const known = await persons.failures(key);
          const fresh = known !== undefined && known.lastAt > now - FORGET_AFTER_MS ? known : { count: 0, lastAt: 0 };
          // A clock that stepped back must not make the wait longer than it is.
          until = Math.max(until, Math.min(fresh.lastAt, now) + waitMs(rule, fresh.count));
          counts.push({ key, count: fresh.count + 1 });
        }
        if (until > now) return until;
        for (const { key, count } of counts) await persons.setFailures(key, count, now);
        return 0;
      });
      if (waitUntil > now) {
        const retryAfterS = Math.ceil((waitUntil - now) / 1000);
        throw new CoreError('locked_out', `too many failed sign-ins: wait ${retryAfterS} s`, { retryAfterS });
      }
    },
    async succeeded(email, from) {
      await context.write(async ({ persons }) => {
        const now = context.now();
        await persons.setFailures(`pair ${from} ${email}`, 0, now);
        await persons.setFailures(`account ${email}`, 0, now);
        const address = await persons.failures(`address ${from}`);
        if (address) await persons.setFailures(`address ${from}`, Math.max(0, address.count - 1), address.lastAt);
      });
    },
  };
}
