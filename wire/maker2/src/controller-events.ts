import type { ControllerContext, ControllerEffect } from '@cardea/wire-profile';
import { decodeEventBody, type EventBody, encodeAckBody } from './body.ts';
import { type ControllerStep, type Maker2ControllerState, to } from './controller-state.ts';
import { Maker2Error } from './errors.ts';
import { MAKER2_CHANNEL } from './link.ts';
import { encodeMessage, type Message } from './message.ts';
import { open, seal } from './seal.ts';

/** An acknowledgement that did not reach the lock within this is dropped; the lock then sends its events again. */
const ACK_LIFE_MS = 10_000;

/** Takes an event: handed on when it is not known to be durable yet, else only acknowledged again. */
export function takeEvent(
  context: ControllerContext,
  state: Maker2ControllerState,
  message: Extract<Message, { kind: 'event' }>,
): ControllerStep {
  const body = openEvent(context, state, message);
  if (body === undefined) {
    return to(state, { kind: 'alarm', code: 'forged_message', detail: 'an event that the lock did not make' });
  }
  if (body.sequence <= state.ack.durable) return wantAck(state, state.ack.durable);
  const { newest } = state.ack;
  const gap: ControllerEffect[] =
    newest > 0 && body.sequence > newest + 1
      ? [{ kind: 'alarm', code: 'event_gap', detail: `${body.sequence} came after ${newest}` }]
      : [];
  const event: ControllerEffect = {
    kind: 'event',
    event: { sequence: body.sequence, code: body.code, actor: body.actor, detail: body.detail, lockTimeS: 0 },
    clockOffsetS: undefined,
  };
  const ack = { ...state.ack, newest: Math.max(newest, body.sequence) };
  return to({ ...state, ack }, ...gap, event);
}

/** Wants the lock to know that all up to `sequence` is durable. */
export function wantAck(state: Maker2ControllerState, sequence: number): ControllerStep {
  if (sequence < 1 || state.keys === undefined) return to(state);
  const durable = Math.max(state.ack.durable, sequence);
  const ack = { ...state.ack, durable, wanted: durable };
  if (ack.randomId !== undefined) return to({ ...state, ack });
  const id = state.nextId;
  return to({ ...state, nextId: id + 1, ack: { ...ack, randomId: id } }, { kind: 'make-random', id, sizeOctets: 12 });
}

/** Sends the acknowledgement of the newest durable sequence. */
export function sendAck(context: ControllerContext, before: Maker2ControllerState, nonce: Uint8Array): ControllerStep {
  const state = { ...before, ack: { ...before.ack, randomId: undefined, wanted: 0 } };
  if (state.keys === undefined || before.ack.wanted === 0) return to(state);
  const place = { kind: 'ack', lockId: state.lockId, bound: new Uint8Array(0) } as const;
  const sealed = seal(context.primitives, state.keys.ack, nonce, encodeAckBody(before.ack.wanted), place);
  return to(state, {
    kind: 'send',
    channel: MAKER2_CHANNEL,
    octets: encodeMessage({ kind: 'ack', nonce, sealed }),
    expiresAtMs: context.now.unixMs + ACK_LIFE_MS,
    attempt: undefined,
  });
}

function openEvent(
  context: ControllerContext,
  state: Maker2ControllerState,
  message: Extract<Message, { kind: 'event' }>,
): EventBody | undefined {
  if (state.keys === undefined) return undefined;
  const place = { kind: 'event', lockId: state.lockId, bound: new Uint8Array(0) } as const;
  const octets = open(context.primitives, state.keys.event, message, place);
  if (octets === undefined) return undefined;
  try {
    return decodeEventBody(octets);
  } catch (error) {
    if (error instanceof Maker2Error) return undefined;
    throw error;
  }
}
