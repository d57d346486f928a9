import type { BoltOperation, DeviceInput, EventCode } from '@cardea/wire-profile';
import { RESULT } from '../answer.ts';
import { clockState } from './clock.ts';
import { recordDenial } from './denials.ts';
import { recordEvent } from './events.ts';
import type { AnswerDraft, Mover } from './state.ts';
import type { Work } from './work.ts';

const DONE = {
  unlock: 'unlocked',
  lock: 'locked',
  override: 'override_unlocked',
} as const satisfies Record<BoltOperation, EventCode>;

/** Detail of `unlocked`, `locked` and `override_unlocked`: by what it was done; `mode`: by the lock itself, whose mode has changed. */
export const METHOD = { afar: 0, phone: 1, card: 2, onlinePin: 3, offlinePin: 4, levelGrant: 5, mode: 6 } as const;

/** Added to the method while the lock's clock is not valid. */
const CLOCK_NOT_VALID = 0x80;

/** The detail of an event that is done by `method` now. */
export function methodDetail(work: Work, method: number): number {
  return clockState(work) === 'valid' ? method : method | CLOCK_NOT_VALID;
}

/** Takes the bolt for somebody: nobody else moves it until it has. False when somebody has it. */
export function takeBolt(work: Work, operation: BoltOperation, by: Mover): boolean {
  if (work.state.acting !== undefined) return false;
  work.update({ acting: { token: work.id(), operation, by } });
  return true;
}

/** Moves the bolt for whoever has taken it. */
export function moveBolt(work: Work): void {
  const { acting } = work.state;
  if (acting !== undefined) work.emit({ kind: 'act', operation: acting.operation, token: acting.token });
}

/** The body has moved its bolt, or has not: the event is durable before whoever asked is answered. */
export function acted(work: Work, input: Extract<DeviceInput, { kind: 'acted' }>): void {
  const acting = work.state.acting;
  if (acting === undefined || acting.token !== input.token) return;
  work.update({ acting: undefined, status: input.status });
  const { by, operation } = acting;
  const answer: AnswerDraft = { result: input.result, detail: input.detail };
  const then = by.to && ({ kind: 'answer', to: by.to, answer } as const);
  if (input.result === 'done') recordEvent(work, DONE[operation], by.actor, by.detail, then);
  else if (input.result === 'jammed') recordEvent(work, 'jammed', by.actor, input.detail, then);
  else recordDenial(work, RESULT[input.result], then);
}
