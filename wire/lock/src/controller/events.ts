import type { LockEvent } from '@cardea/wire-profile';
import { CHAIN_PART_ID } from '../answer.ts';
import { decodeEvent } from '../event.ts';
import { decodeFrameMessage } from '../lock-message.ts';
import { frameCounter, openFrame } from '../sealed-frame.ts';
import { receiveChainPart } from './chain.ts';
import { newJob } from './jobs.ts';
import { BEYOND_MAX, type EventWindow, OWN_JOB_MS } from './state.ts';
import type { Turn } from './turn.ts';

/** How far ahead of the oldest missing event a lock sends ordinary ones. */
const UPLOAD_WINDOW = 8;

/**
 * An event of the live session, or a part of a chain head; those sealed under an older one do not open, and the lock sends them again.
 * @throws LockError when it is malformed
 */
export function receiveEvent(turn: Turn, message: Uint8Array): void {
  const frame = decodeFrameMessage('event', message);
  const session = turn.state.session;
  const plaintext = session?.keys.kind === 'hardened' ? openFrame(session.keys.frames.event, frame) : undefined;
  if (session === undefined || plaintext === undefined) return;
  if (plaintext[0] === CHAIN_PART_ID) {
    receiveChainPart(turn, frameCounter(frame), plaintext);
    return;
  }
  const event = decodeEvent(plaintext);
  if (isKnown(turn.state.events, event.sequence)) {
    // Sent again although it is durable: our acknowledgement was lost.
    if (event.sequence <= turn.state.events.acknowledged) queueAck(turn);
    return;
  }
  turn.update({ events: admit(turn, turn.state.events, event) });
  turn.emit({ kind: 'event', event, clockOffsetS: offsetOf(session.measured?.offsetMs, event) });
}

/** The record holds everything up to `sequence`: known from a start, or newly written. */
export function eventsDurable(turn: Turn, sequence: number): void {
  const { events } = turn.state;
  if (events.contiguous === undefined && events.beyond.includes(sequence)) {
    // An urgent event is durable; what the lock still owes before it is not known yet.
    turn.update({ events: { ...events, durable: Math.max(events.durable, sequence) } });
    return;
  }
  const contiguous = events.contiguous ?? sequence;
  turn.update({ events: settle({ ...events, contiguous, durable: Math.max(events.durable, sequence) }) });
  const known = turn.state.events;
  const highest = Math.min(known.durable, known.contiguous ?? 0);
  if (highest <= known.acknowledged) return;
  turn.update({ events: { ...known, acknowledged: highest } });
  // The first time it is the record's own state, which the lock has been told before.
  if (events.contiguous !== undefined) queueAck(turn);
}

/** Acknowledges what is durable without a gap, in the session that there is: acknowledgements make none. */
function queueAck(turn: Turn): void {
  const { events, jobs, session } = turn.state;
  const sequence = events.acknowledged;
  if (session === undefined || sequence === 0) return;
  const waiting = jobs.find((job) => job.goal.kind === 'event-ack' && job.number !== turn.state.flight?.job.number);
  if (waiting !== undefined) {
    const goal = { kind: 'event-ack', sequence } as const;
    turn.update({ jobs: jobs.map((job) => (job === waiting ? { ...job, goal } : job)) });
    return;
  }
  const job = newJob(turn, { kind: 'event-ack', sequence }, undefined, turn.unixMs + OWN_JOB_MS);
  turn.update({ jobs: [...turn.state.jobs, job] });
}

function isKnown(events: EventWindow, sequence: number): boolean {
  return sequence <= (events.contiguous ?? 0) || events.beyond.includes(sequence);
}

function admit(turn: Turn, events: EventWindow, event: LockEvent): EventWindow {
  const { sequence, code } = event;
  const ahead = code === 'tamper' || code === 'events_lost';
  if (events.contiguous === undefined && code === 'tamper') {
    // It came before older ones: where the lock is, its first ordinary event tells.
    return { ...events, beyond: [...events.beyond, sequence].sort((a, b) => a - b).slice(0, BEYOND_MAX) };
  }
  let contiguous = events.contiguous ?? sequence - 1;
  if (code === 'events_lost') {
    // `actor`: everything up to this sequence that has not come never will.
    if (event.actor > contiguous) turn.alarm('event_gap', `events up to ${event.actor} are lost at the lock`);
    contiguous = Math.max(contiguous, event.actor);
  } else if (!ahead && sequence > contiguous + UPLOAD_WINDOW + events.beyond.length) {
    turn.alarm('event_gap', `events ${contiguous + 1} to ${sequence - 1} have not come`);
    contiguous = sequence - 1;
  }
  const beyond = [...events.beyond, sequence].sort((a, b) => a - b).slice(0, BEYOND_MAX);
  return settle({ ...events, contiguous, beyond });
}

/** Moves the border over what is known beyond it. */
function settle(events: EventWindow): EventWindow {
  let contiguous = events.contiguous ?? 0;
  const beyond = events.beyond.filter((sequence) => {
    if (sequence === contiguous + 1) contiguous = sequence;
    return sequence > contiguous;
  });
  return { ...events, contiguous, beyond };
}

function offsetOf(offsetMs: number | undefined, event: LockEvent): number | undefined {
  return offsetMs === undefined || event.lockTimeS === 0 ? undefined : Math.round((offsetMs + 500) / 1000);
}
