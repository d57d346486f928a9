import { admitPin, bootKeypad, forgetWrongEntries, keypadForgetsMs } from '@cardea/wire-access';
import { RESULT } from '../answer.ts';
import { lockIdOf } from '../key-agreement.ts';
import { gateClock, letIn, saveAccess } from './access.ts';
import { METHOD, methodDetail } from './bolt.ts';
import { recordDenial } from './denials.ts';
import { recordEvent } from './events.ts';
import type { Work } from './work.ts';

/** Detail of a denial for an entry that is no PIN of this lock. */
export const WRONG_ENTRY = 33;

/** Power has come: how long the keypad stays closed is counted from here. */
export function startKeypad(work: Work): void {
  work.update({ keypad: bootKeypad(work.state.access.keypadWrong, work.nowMs) });
}

/**
 * An entry at the keypad of a bound lock. While it is closed, or the bolt moves, nothing entered is looked at. Wrong ones are
 * counted in flash; phones, cards and the RAS are not concerned.
 */
export function enterCode(work: Work, code: string): void {
  const { record, access, identity, keypad, acting, status } = work.state;
  if (record.active === undefined || identity.suite === 'legacy' || acting !== undefined) return;
  const context = {
    primitives: work.context.primitives,
    bindingKey: record.active.key.reveal(),
    lockId: lockIdOf(identity.identifier),
    nowMs: work.nowMs,
    clock: gateClock(work),
    privacy: status.bits.privacy,
  };
  const admission = admitPin(context, access, keypad, code);
  switch (admission.kind) {
    case 'closed':
      return;
    case 'refused':
      recordDenial(work, RESULT[admission.reason], undefined);
      return;
    case 'wrong':
      work.update({ keypad: admission.keypad });
      saveAccess(work, admission.deltas, { kind: 'nothing' });
      recordDenial(work, WRONG_ENTRY, undefined);
      if (admission.waitS > 0) recordEvent(work, 'keypad_closed', Math.round(admission.waitS), 0);
      return;
    case 'admitted': {
      const method = admission.method === 'online' ? METHOD.onlinePin : METHOD.offlinePin;
      letIn(work, 'unlock', { actor: admission.actor, detail: methodDetail(work, method), to: undefined }, admission);
    }
  }
}

/** When a wrong entry is forgotten. */
export function keypadDueMs(work: Work): number | undefined {
  return keypadForgetsMs(work.state.keypad);
}

/** Forgets one wrong entry for each day without any. */
export function forgetEntries(work: Work): void {
  const { keypad, deltas } = forgetWrongEntries(work.state.access, work.state.keypad, work.nowMs);
  work.update({ keypad });
  if (deltas.length > 0) saveAccess(work, deltas, { kind: 'nothing' });
}
