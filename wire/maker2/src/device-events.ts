import type { DeviceContext, LockEvent } from '@cardea/wire-profile';
import { decodeAckBody, encodeEventBody } from './body.ts';
import { wrongTag } from './device-refusal.ts';
import {
  after,
  type DeviceStep,
  draw,
  MAX_EVENTS_ON_THE_WAY,
  type Maker2DeviceState,
  persist,
  to,
  withLink,
} from './device-state.ts';
import { Maker2Error } from './errors.ts';
import { MAKER2_CHANNEL } from './link.ts';
import { encodeMessage, type Message } from './message.ts';
import { open, seal } from './seal.ts';

/** Sends waiting events, oldest first, over each link on which the RAS has commanded, at most 8 on the way. */
export function sendEvents(context: DeviceContext, state: Maker2DeviceState): DeviceStep {
  const keys = state.keys.active;
  if (keys === undefined) return to(state);
  // In order and without a gap: an event that is not durable yet holds back those after it.
  const firstOpen = state.ring.findIndex(({ durable }) => !durable);
  const durable = firstOpen < 0 ? state.ring : state.ring.slice(0, firstOpen);
  const due = durable.slice(0, MAX_EVENTS_ON_THE_WAY);
  return state.links.reduce<DeviceStep>((step, { id, trusted }) => {
    if (!trusted) return step;
    return due.reduce((before, { event }) => after(before, (next) => sendEvent(context, next, id, event)), step);
  }, to(state));
}

function sendEvent(context: DeviceContext, before: Maker2DeviceState, linkId: number, event: LockEvent): DeviceStep {
  const key = before.keys.active?.event;
  const link = before.links.find(({ id }) => id === linkId);
  if (key === undefined || link === undefined || event.sequence <= link.sentUpTo) return to(before);
  const { state, octets: nonce } = draw(context.primitives, before, 'nonce', 12);
  const place = { kind: 'event', lockId: state.lockId, bound: new Uint8Array(0) } as const;
  const sealed = seal(context.primitives, key, nonce, encodeEventBody(event), place);
  return to(withLink(state, linkId, { sentUpTo: event.sequence }), {
    kind: 'send',
    link: linkId,
    channel: MAKER2_CHANNEL,
    octets: encodeMessage({ kind: 'event', nonce, sealed }),
  });
}

/** Takes an acknowledgement. It needs no challenge: a repeated or late one only says again what stays true. */
export function takeAck(
  context: DeviceContext,
  state: Maker2DeviceState,
  link: number,
  message: Extract<Message, { kind: 'ack' }>,
): DeviceStep {
  const sequence = openAck(context, state, message);
  if (sequence === undefined) return wrongTag(state, link);
  const sequences = state.ring
    .filter(({ event, durable }) => durable && event.sequence <= sequence)
    .map(({ event }) => event.sequence);
  if (sequences.length === 0) return to(state);
  const ring = state.ring.filter(({ event }) => !sequences.includes(event.sequence));
  const forgotten = persist({ ...state, ring }, { kind: 'forget', sequences }, { kind: 'nothing' });
  return after(forgotten, (next) => sendEvents(context, next));
}

function openAck(
  context: DeviceContext,
  state: Maker2DeviceState,
  message: Extract<Message, { kind: 'ack' }>,
): number | undefined {
  if (state.keys.active === undefined) return undefined;
  const place = { kind: 'ack', lockId: state.lockId, bound: new Uint8Array(0) } as const;
  const octets = open(context.primitives, state.keys.active.ack, message, place);
  if (octets === undefined) return undefined;
  try {
    return decodeAckBody(octets);
  } catch (error) {
    if (error instanceof Maker2Error) return undefined;
    throw error;
  }
}
