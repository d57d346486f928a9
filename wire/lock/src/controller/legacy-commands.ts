import { LockError } from '../errors.ts';
import { stampS } from './clock.ts';
import { type Command, freshNonce, GET_NONCE, setTime } from './command.ts';
import type { Flight, Job, Session } from './state.ts';
import type { Turn } from './turn.ts';

/**
 * What a job needs next in the legacy profile: it knows commands by the lock's time only, without a time to live, so a
 * clock that is not valid is set first. Its lock takes a command for 30 s after its stamp, whatever the attempt's expiry:
 * that is its weakness, and why nothing but a receipt may be believed.
 */
export function legacyCommand(turn: Turn, session: Session, job: Job): Command {
  const { goal } = job;
  const { measured } = session;
  const nonce = freshNonce(turn, session);
  if (goal.kind === 'set-time') return nonce === undefined ? GET_NONCE : setTime(turn, nonce, goal.stepBack, true);
  if (session.clock !== 'valid' || measured === undefined) {
    return nonce === undefined ? GET_NONCE : setTime(turn, nonce, false, false);
  }
  const at = stampS(measured, turn.unixMs);
  switch (goal.kind) {
    case 'operate':
      return {
        class: goal.class,
        body: { name: 'lock_control', operation: goal.operation, timeToLiveS: 0, stampS: at },
        final: true,
      };
    case 'bind':
      return {
        class: 'operate',
        body: { name: 'lock_control', operation: 'status', timeToLiveS: 0, stampS: at },
        final: true,
      };
    case 'unbind':
      return { class: 'own', body: { name: 'reset', stampS: at }, final: true };
    case 'chain-head':
      return { class: 'operate', body: { name: 'chain_head' }, final: true };
    case 'access-change':
      throw new LockError('kind', 'legacy locks enforce nothing by themselves');
    case 'event-ack':
      return { class: 'operate', body: { name: 'event_ack', sequence: goal.sequence, stampS: at }, final: true };
  }
}

/** How long a GET_NONCE may go without an answer before it is asked again. */
const UNHEARD_MS = 3_000;

/**
 * The counter of the next frame. The lock takes only what is above all that it has seen, in every session, and we keep
 * none: Unix time grows by itself, and faster than we send but for bursts.
 */
export function legacyNextCounter(turn: Turn): number {
  return Math.max(turn.state.legacyCounter + 1, Math.floor(turn.unixMs / 1000));
}

/**
 * When a command under way counts as unheard (monotonic milliseconds): after a restart our counters may for some seconds
 * lie below what the former process had used in a burst, and the lock is silent. A session begins with GET_NONCE, which
 * moves nothing; only that is asked again, under a higher counter.
 */
export function legacyUnheardMs({ keys, body, sentMonotonicMs }: Flight): number {
  const repeats = keys.kind === 'legacy' && body.name === 'get_nonce';
  return repeats ? sentMonotonicMs + UNHEARD_MS : Number.POSITIVE_INFINITY;
}
