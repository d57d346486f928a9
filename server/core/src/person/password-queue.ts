import type { Secret } from '@cardea/kit-runtime';
import { CoreError } from '../errors.ts';
import type { Passwords } from '../ports.ts';

/** Passwords looked at at once: each takes a thread and 19 MiB for some hundredths of a second. */
const AT_ONCE = 2;
/** Most that wait, of known senders and of strangers each. */
const WAITING_MOST = 64;

/** Checks of passwords one after the other, so that a flood of them takes neither all threads nor all memory. */
export interface PasswordQueue {
  /**
   * Whether `password` fits `hash`; those of known senders come first.
   * @throws CoreError `unavailable` when too many wait
   */
  verify(hash: string | undefined, password: Secret<string>, known: boolean): Promise<boolean>;
}

/** A queue before `passwords`. */
export function createPasswordQueue(passwords: Passwords): PasswordQueue {
  const waiting = { known: [] as (() => void)[], strange: [] as (() => void)[] };
  let running = 0;
  const turn = (lane: (() => void)[]): Promise<void> => {
    if (running < AT_ONCE) {
      running++;
      return Promise.resolve();
    }
    if (lane.length >= WAITING_MOST) {
      throw new CoreError('unavailable', 'too many people sign in at this moment', { retryAfterS: 2 });
    }
    return new Promise((resolve) => lane.push(resolve));
  };
  return {
    async verify(hash, password, known) {
      await turn(known ? waiting.known : waiting.strange);
      try {
        return await passwords.verify(hash, password);
      } finally {
        const next = waiting.known.shift() ?? waiting.strange.shift();
        if (next === undefined) running--;
        else next();
      }
    },
  };
}
