import { modeAt } from '@cardea/wire-access';
import type { LockMode } from '@cardea/wire-profile';
import { gateClock } from './access.ts';
import { METHOD, methodDetail, moveBolt, takeBolt } from './bolt.ts';
import { clockState, lockTimeMs } from './clock.ts';
import type { Work } from './work.ts';

/** The mode in force. A power cut ends passage until the RAS has set the clock: a lock boots locked. */
export function modeNow(work: Work): LockMode {
  return modeAt(work.state.access, gateClock(work));
}

/** The body's configuration: in passage it neither relocks nor tells of a door that is held open. */
export function configureBody(work: Work): void {
  const { autoRelockS, heldOpenS } = work.state.record;
  const passage = modeNow(work) === 'passage';
  work.emit({ kind: 'configure', autoRelockS: passage ? 0 : autoRelockS, heldOpenS: passage ? 0 : heldOpenS });
}

/**
 * Brings the body into the mode in force: passage withdraws the bolt, its end and a lockdown throw it, as soon as nobody else
 * moves it and, for locking, the door is shut.
 */
export function settleMode(work: Work): void {
  // What is not in flash yet is not acted on.
  if (work.state.writes.length > 0) return;
  const mode = modeNow(work);
  if (mode !== work.state.modeShown) {
    const wants = mode === 'passage' ? 'unlock' : 'lock';
    work.update({ modeShown: mode, modeWants: wants });
    configureBody(work);
  }
  const { modeWants, status } = work.state;
  if (modeWants === undefined) return;
  const isThere = status.bits.boltOut === (modeWants === 'lock');
  if (!isThere) {
    if (work.state.acting !== undefined || (modeWants === 'lock' && status.bits.doorOpen)) return;
    takeBolt(work, modeWants, { actor: 0, detail: methodDetail(work, METHOD.mode), to: undefined });
    moveBolt(work);
  }
  work.update({ modeWants: undefined });
}

/** When the mode ends by itself, monotonic; undefined when it does not. */
export function modeDueMs(work: Work): number | undefined {
  const { untilS } = work.state.access.mode;
  if (untilS === 0 || modeNow(work) === 'normal' || clockState(work) !== 'valid') return undefined;
  return work.nowMs + Math.max(0, untilS * 1000 - lockTimeMs(work));
}
