import { heldDenialsDueMs, takeDenial, tellHeldDenials } from '@cardea/wire-profile';
import { answerTo } from './answer.ts';
import { RING_SIZE_EVENTS } from './durable.ts';
import { recordEvent } from './events.ts';
import type { AnswerWrite } from './state.ts';
import type { Work } from './work.ts';

/**
 * Records a denial; `then` leaves when it is durable. What is not to be an event of its own is counted and told with others
 * later, and `then` leaves at once.
 */
export function recordDenial(work: Work, detail: number, then: AnswerWrite | undefined): void {
  const { denials, recorded } = takeDenial(work.state.denials, work.nowMs, inRing(work), detail);
  work.update({ denials });
  if (recorded) recordEvent(work, 'refused', 0, detail, then);
  else if (then !== undefined) answerTo(work, then.to, then.answer, undefined);
}

/** When denials that were counted are told. */
export function denialsDueMs(work: Work): number | undefined {
  return heldDenialsDueMs(work.state.denials, inRing(work));
}

/** Tells the denials that were counted, when it is time. */
export function tellDenials(work: Work): void {
  const { denials, told } = tellHeldDenials(work.state.denials, work.nowMs, inRing(work));
  work.update({ denials });
  if (told !== undefined) recordEvent(work, 'refusals', told.count, told.detail);
}

/** Denials in the ring; a full ring counts as full of them: they never make room for themselves. */
function inRing(work: Work): number {
  const { ring } = work.state;
  if (ring.length >= RING_SIZE_EVENTS - 1) return RING_SIZE_EVENTS;
  return ring.filter(({ event }) => event.code === 'refused' || event.code === 'refusals').length;
}
