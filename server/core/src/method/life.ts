import type { Life, MethodReason, MethodState } from './model.ts';

/** So often may a lock, when it can be asked, not take something; then it is for somebody to look at. */
export const TRIES_MOST = 8;
const BACKOFF_FIRST_MS = 60_000;
const BACKOFF_MOST_MS = 3_600_000;
/** A lock that could not be asked is asked again after this, or as soon as it proves itself. */
const UNASKED_AGAIN_MS = 15 * 60_000;

/** What happens to a thing that a lock should hold, or should not. Times are Unix ms. */
export type LifeInput =
  /** It should be there, as it is now: the lock has to be told. */
  | { readonly kind: 'want'; readonly at: number }
  /** It is there without a word of the lock: a key in a phone. */
  | { readonly kind: 'hold' }
  /** It should not be there any more: the lock has to be told. */
  | { readonly kind: 'drop'; readonly at: number }
  /** The lock has said so; `renewAt` is when it has to be told again. */
  | { readonly kind: 'acknowledge'; readonly at: number; readonly renewAt?: number }
  /** It cannot be there, whatever the lock knows: its time is over, or it never was. */
  | { readonly kind: 'gone' }
  /** The lock was asked and did not take it. */
  | { readonly kind: 'refuse'; readonly at: number; readonly reason: MethodReason }
  /** The lock could not be asked: that is no try. */
  | { readonly kind: 'miss'; readonly at: number; readonly reason: MethodReason }
  /** Trying again would change nothing. */
  | { readonly kind: 'fail'; readonly reason: MethodReason }
  /** The lock has proved that it can be asked. */
  | { readonly kind: 'prove'; readonly at: number };

/** Nothing is there and nothing is asked for. */
export const UNSET: Life = { state: 'unset', reason: null, tries: 0, nextTryAt: null, acknowledgedAt: null };

/**
 * ```
 *             want               acknowledge
 *   unset ----------> setting --------------> set ---- want ----> setting
 *     |  hold            |  refuse x 8, fail    |
 *     +-----> set        +--------> failed      | drop
 *     |                               |         v          acknowledge, gone
 *     +---- drop ----> removed        +---> removing ----------------------> removed
 *                                      drop     | refuse x 8, fail
 *                                               +--------> failed
 * ```
 * The same input again changes nothing more.
 */
export function live(before: Life, input: LifeInput): Life {
  const { state, reason, tries, nextTryAt, acknowledgedAt } = next(before, input);
  return { state, reason, tries, nextTryAt, acknowledgedAt };
}

function next(life: Life, input: LifeInput): Life {
  switch (input.kind) {
    case 'want':
      return { state: 'setting', reason: null, tries: 0, nextTryAt: input.at, acknowledgedAt: null };
    case 'hold':
      return { ...settled('set'), acknowledgedAt: life.state === 'set' ? life.acknowledgedAt : null };
    case 'drop':
      if (life.state === 'unset' || life.state === 'removed') return settled('removed');
      if (life.state === 'removing') return life;
      return { state: 'removing', reason: null, tries: 0, nextTryAt: input.at, acknowledgedAt: null };
    case 'acknowledge':
      if (life.state === 'unset' || life.state === 'removed') return life;
      return {
        ...settled(isGoing(life) ? 'removed' : 'set'),
        nextTryAt: isGoing(life) ? null : (input.renewAt ?? null),
        acknowledgedAt: input.at,
      };
    case 'gone':
      return life.state === 'removed' ? life : settled('removed');
    case 'refuse':
      return refused(life, input.at, input.reason);
    case 'miss':
      if (life.nextTryAt === null) return life;
      return { ...life, reason: input.reason, nextTryAt: input.at + UNASKED_AGAIN_MS };
    case 'fail':
      return { state: 'failed', reason: input.reason, tries: life.tries, nextTryAt: null, acknowledgedAt: null };
    case 'prove':
      if (!isUnderWay(life) || life.tries > 0) return life;
      return life.nextTryAt !== null && life.nextTryAt <= input.at ? life : { ...life, nextTryAt: input.at };
  }
}

/** Whether the lock has still to be told. */
export function isUnderWay({ state }: Pick<Life, 'state'>): boolean {
  return state === 'setting' || state === 'removing';
}

/** Whether it is its turn; what is `set` comes again when it has to be renewed. */
export function isDue({ nextTryAt }: Pick<Life, 'nextTryAt'>, now: number): boolean {
  return nextTryAt !== null && nextTryAt <= now;
}

/** When a try is made again after the lock has refused `tries` times. */
export function backoffMs(tries: number): number {
  return Math.min(BACKOFF_MOST_MS, BACKOFF_FIRST_MS * 2 ** (tries - 1));
}

function refused(life: Life, at: number, reason: MethodReason): Life {
  if (!isUnderWay(life)) return life;
  const tries = life.tries + 1;
  if (tries >= TRIES_MOST) return { state: 'failed', reason, tries, nextTryAt: null, acknowledgedAt: null };
  return { ...life, reason, tries, nextTryAt: at + backoffMs(tries) };
}

function isGoing({ state }: Life): boolean {
  return state === 'removing';
}

function settled(state: MethodState): Life {
  return { state, reason: null, tries: 0, nextTryAt: null, acknowledgedAt: null };
}
