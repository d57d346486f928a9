import { stampS } from './clock.ts';
import { type Command, freshNonce, GET_NONCE, setTime } from './command.ts';
import type { Job, Session } from './state.ts';
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
    case 'event-ack':
      return { class: 'operate', body: { name: 'event_ack', sequence: goal.sequence, stampS: at }, final: true };
  }
}
