import { toHex } from '@cardea/kit-octets';
import type { Context } from '../context.ts';
import { CoreError } from '../errors.ts';

interface Rule {
  /** Failures that cost nothing. */
  readonly free: number;
  /** Longest wait, in milliseconds. */
  readonly mostMs: number;
}

/**
 * Growing waits after failed sign-ins (seed 002, 3.1.3): 1 s after the free ones, doubling up to the rule's most. What
 * one address did to one account grows longest; an account as a whole waits half a minute at most.
 *
 * Neither an account's nor an address's wait holds for a sender from which that account has signed in before: whoever
 * knows somebody's e-mail address can slow strangers down, but cannot lock its owner out.
 */
const RULES = {
  pair: { free: 5, mostMs: 15 * 60_000 },
  account: { free: 20, mostMs: 30_000 },
  address: { free: 30, mostMs: 15 * 60_000 },
} as const satisfies Record<string, Rule>;

/** After this long without a failure, what was counted is forgotten. */
const FORGET_AFTER_MS = 24 * 3_600_000;
/** After this long without a sign-in, a sender is a stranger again. */
const STRANGER_AFTER_MS = 90 * 24 * 3_600_000;
/** Every so many tries the old counts and senders are forgotten. */
const SWEEP_EVERY = 64;
/** Most counts that are kept; the oldest go first, so that tries without end do not fill the record. */
export const FAILURES_MOST = 100_000;

/** Milliseconds to wait after `count` failures. */
export function waitMs(rule: Rule, count: number): number {
  return count < rule.free ? 0 : Math.min(rule.mostMs, 1000 * 2 ** Math.min(30, count - rule.free));
}

/** Counts sign-ins that failed. */
export interface LockOut {
  /**
   * Counts one try as failed before its password is looked at, so that many at once are no way around the waits. What is
   * asked of the record does not depend on whether there is such an account.
   * @returns whether the sender is one that has signed in to the account before, or `known` says so
   * @throws CoreError `locked_out` with the seconds to wait; that try is not counted
   */
  enter(account: string, from: string, known?: 'known'): Promise<boolean>;
  /** The password was right: forgets the failures of this account from this address, and of the account. */
  succeeded(account: string, from: string, known?: 'known'): Promise<void>;
}

/** The lock-out over the record, so that it outlives a restart. */
export function createLockOut(context: Context): LockOut {
  let tries = 0;
  const keys = (account: string, from: string): readonly (readonly [string, Rule])[] => [
    [`pair ${from} ${account}`, RULES.pair],
    [`account ${account}`, RULES.account],
    [`address ${from}`, RULES.address],
  ];
  /** Hashed, because it is kept for long: the record need not say where somebody was. */
  const senderOf = (account: string, from: string): string => {
    const units = Array.from(`${from} ${account}`, (_, at) => `${from} ${account}`.charCodeAt(at));
    return toHex(context.ports.primitives.sha256(Uint8Array.from(units.flatMap((unit) => [unit >> 8, unit & 0xff]))));
  };
  return {
    async enter(account, from, known) {
      const now = context.now();
      const sender = senderOf(account, from);
      const { waitUntil, trusted } = await context.write(async ({ persons }) => {
        if (tries++ % SWEEP_EVERY === 0) {
          await persons.removeFailures(now - FORGET_AFTER_MS, FAILURES_MOST);
          await persons.removeSignedInBefore(now - STRANGER_AFTER_MS);
        }
        const lastAt = await persons.signedInFrom(sender);
        const trusted = known === 'known' || (lastAt !== undefined && lastAt > now - STRANGER_AFTER_MS);
        const counts: { key: string; count: number }[] = [];
        let until = 0;
        for (const [key, rule] of keys(account, from)) {
          const counted = await persons.failures(key);
          const fresh =
            counted !== undefined && counted.lastAt > now - FORGET_AFTER_MS ? counted : { count: 0, lastAt: 0 };
          counts.push({ key, count: fresh.count + 1 });
          if (trusted && rule !== RULES.pair) continue;
          // A clock that stepped back must not make the wait longer than it is.
          until = Math.max(until, Math.min(fresh.lastAt, now) + waitMs(rule, fresh.count));
        }
        if (until > now) return { waitUntil: until, trusted };
        for (const { key, count } of counts) await persons.setFailures(key, count, now);
        return { waitUntil: 0, trusted };
      });
      if (waitUntil > now) {
        const retryAfterS = Math.ceil((waitUntil - now) / 1000);
        throw new CoreError('locked_out', `too many failed sign-ins: wait ${retryAfterS} s`, { retryAfterS });
      }
      return trusted;
    },
    async succeeded(account, from, known) {
      await context.write(async ({ persons }) => {
        const now = context.now();
        await persons.setFailures(`pair ${from} ${account}`, 0, now);
        await persons.setFailures(`account ${account}`, 0, now);
        const address = await persons.failures(`address ${from}`);
        if (address) await persons.setFailures(`address ${from}`, Math.max(0, address.count - 1), address.lastAt);
        if (known === undefined) await persons.setSignedInFrom(senderOf(account, from), now);
      });
    },
  };
}
