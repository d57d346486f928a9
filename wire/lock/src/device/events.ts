import type { EventCode, LockEvent } from '@cardea/wire-profile';
import { encodeEvent } from '../event.ts';
import { encodeFrameMessage } from '../lock-message.ts';
import { COUNTER_MAX, sealFrame } from '../sealed-frame.ts';
import { chainDurable, extendChain } from './chain.ts';
import { lockTimeS } from './clock.ts';
import { RING_SIZE_EVENTS } from './durable.ts';
import { liveSession, updateSession } from './session.ts';
import type { AfterWrite, AnswerWrite, RingEntry } from './state.ts';
import type { Work } from './work.ts';

/** Unacknowledged events that are on their way at once. */
export const UPLOAD_MAX = 8;
/** Unacknowledged events are sent again after this, */
export const RESEND_MS = 15_000;
/** but only so often over one connection; the next command over a new one begins anew. */
export const RESENDS_MAX = 4;
/** Events that make room when the ring is full. */
const DROP_EVENTS = 50;

/** Reported before everything else: a tamper alarm, and that events were lost. */
const FIRST: ReadonlySet<EventCode> = new Set(['tamper', 'events_lost']);

/**
 * Records an event under the next sequence; it is uploaded once it is durable. `answer` leaves at that time.
 * A full ring first gives up its oldest and says so.
 */
export function recordEvent(work: Work, code: EventCode, actor: number, detail: number, answer?: AnswerWrite): void {
  if (work.state.ring.length >= RING_SIZE_EVENTS - 1) dropOldest(work);
  append(work, code, actor, detail, answer);
}

function append(work: Work, code: EventCode, actor: number, detail: number, answer?: AnswerWrite): void {
  const event: LockEvent = {
    sequence: work.state.eventSequence + 1,
    code,
    actor: actor >>> 0,
    detail: Math.min(255, Math.max(0, Math.trunc(detail))),
    lockTimeS: lockTimeS(work),
  };
  const chain = extendChain(work, event);
  work.update({
    eventSequence: event.sequence,
    ring: [...work.state.ring, { event, durable: false, sentMs: undefined }],
  });
  work.persist({ kind: 'event', event, chain }, { kind: 'event', sequence: event.sequence, chain, answer });
}

function dropOldest(work: Work): void {
  const ordinary = work.state.ring.filter((entry) => !FIRST.has(entry.event.code));
  const dropped = (ordinary.length >= DROP_EVENTS ? ordinary : work.state.ring).slice(0, DROP_EVENTS);
  const last = dropped.at(-1);
  if (last === undefined) return;
  // Said first: a power cut between the two may leave a loss that was none, never one that nobody knows of.
  append(work, 'events_lost', last.event.sequence, dropped.length);
  forget(work, dropped, { kind: 'nothing' });
}

function forget(work: Work, entries: readonly RingEntry[], then: AfterWrite): void {
  const gone = new Set(entries.map((entry) => entry.event.sequence));
  work.update({ ring: work.state.ring.filter((entry) => !gone.has(entry.event.sequence)) });
  work.persist({ kind: 'forget', sequences: [...gone] }, then);
}

/** An event has reached the flash, and `chain` with it. */
export function eventDurable(work: Work, sequence: number, chain: Uint8Array): void {
  chainDurable(work, sequence, chain);
  work.update({
    ring: work.state.ring.map((entry) => (entry.event.sequence === sequence ? { ...entry, durable: true } : entry)),
  });
}

/** The newest sequence that is durable: what a receipt may name. */
export function durableSequence(work: Work): number {
  const first = work.state.ring.find((entry) => !entry.durable);
  return first === undefined ? work.state.eventSequence : first.event.sequence - 1;
}

/** EVENT_ACK: what the RAS has made durable is never sent again; false when it names what was never recorded. */
export function acknowledge(work: Work, sequence: number, then: AfterWrite): boolean {
  if (sequence > durableSequence(work)) return false;
  const entries = work.state.ring.filter((entry) => entry.event.sequence <= sequence);
  work.update({ resends: 0 });
  forget(work, entries, then);
  return true;
}

/** Sends what is not on its way: tamper first, then the oldest, at most eight at once. */
export function uploadEvents(work: Work): void {
  const session = liveSession(work);
  if (session?.keys.kind !== 'hardened') return;
  if (!work.state.links.some((each) => each.link === session.link)) return;
  const onTheirWay = work.state.ring.filter((entry) => entry.sentMs !== undefined && !FIRST.has(entry.event.code));
  const waiting = work.state.ring.filter((entry) => entry.durable && entry.sentMs === undefined);
  const batch = [
    ...waiting.filter((entry) => FIRST.has(entry.event.code)),
    ...waiting.filter((entry) => !FIRST.has(entry.event.code)),
  ].slice(0, Math.max(0, UPLOAD_MAX - onTheirWay.length));
  if (batch.length === 0 || session.eventCounter + batch.length > COUNTER_MAX) return;
  const { frames } = session.keys;
  let counter = session.eventCounter;
  for (const { event } of batch) {
    const frame = sealFrame(frames.event, ++counter, encodeEvent(event));
    work.send(session.link, session.channel, encodeFrameMessage('event', frame));
  }
  updateSession(work, { eventCounter: counter });
  const sent = new Set(batch.map((entry) => entry.event.sequence));
  work.update({
    ring: work.state.ring.map((entry) => (sent.has(entry.event.sequence) ? { ...entry, sentMs: work.nowMs } : entry)),
  });
}

/** Nothing is on its way any more: the connection or the session that carried it is gone. */
export function forgetSent(work: Work): void {
  work.update({ resends: 0, ring: work.state.ring.map((entry) => ({ ...entry, sentMs: undefined })) });
}

/** When events are sent again, or undefined when none are on their way. */
export function resendDueMs(work: Work): number | undefined {
  if (work.state.session === undefined || work.state.resends >= RESENDS_MAX) return undefined;
  const sent = work.state.ring.flatMap((entry) => (entry.sentMs === undefined ? [] : [entry.sentMs]));
  return sent.length === 0 ? undefined : Math.min(...sent) + RESEND_MS;
}

/** Sends again what was not acknowledged in time. */
export function resendEvents(work: Work): void {
  const dueMs = resendDueMs(work);
  if (dueMs === undefined || work.nowMs < dueMs) return;
  const resends = work.state.resends + 1;
  forgetSent(work);
  work.update({ resends });
  uploadEvents(work);
}
