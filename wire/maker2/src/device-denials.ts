import { heldDenialsDueMs, takeDenial, tellHeldDenials } from '@cardea/wire-profile';
import { RING_SIZE_EVENTS } from './device-durable.ts';
import { type Answer, type DeviceStep, type Maker2DeviceState, recordEvent, to } from './device-state.ts';

/**
 * Records a denial: an event of its own, after which its command is answered; or counted, told with others later, and
 * answered by `answerNow`.
 */
export function recordDenial(
  state: Maker2DeviceState,
  nowMs: number,
  answer: Answer,
  answerNow: (state: Maker2DeviceState) => DeviceStep,
): DeviceStep {
  const { denials, recorded } = takeDenial(state.denials, nowMs, inRing(state), 0);
  const next = { ...state, denials };
  return recorded ? recordEvent(next, 'refused', 0, 0, answer) : answerNow(next);
}

/** When denials that were counted are told. */
export function denialsDueMs(state: Maker2DeviceState): number | undefined {
  return heldDenialsDueMs(state.denials, inRing(state));
}

/** Tells the denials that were counted, when it is time. */
export function tellDenials(state: Maker2DeviceState, nowMs: number): DeviceStep {
  const { denials, told } = tellHeldDenials(state.denials, nowMs, inRing(state));
  const next = { ...state, denials };
  return told === undefined ? to(next) : recordEvent(next, 'refusals', told.count, told.detail);
}

/** Denials in the ring; a full ring counts as full of them: they never make room for themselves. */
function inRing({ ring }: Maker2DeviceState): number {
  if (ring.length >= RING_SIZE_EVENTS - 1) return RING_SIZE_EVENTS;
  return ring.filter(({ event }) => event.code === 'refused' || event.code === 'refusals').length;
}
