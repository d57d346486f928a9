import type { Instant, Step } from '@cardea/kit-runtime';
import { childElements, type Element } from '../element.ts';
import { XmppError } from '../errors.ts';
import {
  acknowledge,
  countDone,
  countIn,
  countOut,
  isFull,
  type Management,
  resume,
  shouldAsk,
} from '../management/management.ts';
import { ackNonza, askNonza, handledTooMuch, type Nonza, readNonza } from '../management/nonzas.ts';
import { CLIENT, MANAGEMENT } from '../namespaces.ts';
import { serialize } from '../serializer.ts';
import {
  iq,
  isPing,
  pingPayload,
  readStanzaError,
  type StanzaCondition,
  type StanzaError,
  type StreamCondition,
  stanzaError,
  streamError,
} from '../stanzas.ts';

/*
 * What both roles do once a resource is bound: iqs in both directions, each answered once; pings (XEP-0199) in both
 * directions; counts of what was handled (XEP-0198) where they were agreed; an end when the peer has been silent for
 * too long. A session outlives its stream when it can be resumed: between two streams it takes requests and answers as
 * ever, and what it writes is kept for the next one.
 */

export interface SessionLimits {
  readonly pingEveryMs: number;
  /** Without any stanza of the peer for this long, it is gone. */
  readonly deadAfterMs: number;
  /** An iq of ours is given up after this. */
  readonly answerWithinMs: number;
  /** Most unanswered iqs, ours and the peer's each. */
  readonly unanswered: number;
}

/** How an iq of ours ended. */
export type Answer =
  | { readonly kind: 'result' }
  | { readonly kind: 'error'; readonly error: StanzaError }
  | { readonly kind: 'no-answer' };

export interface SessionState {
  /** The addresses that stanzas of the peer may carry in `from` (8.1.2.1) and `to`; empty: not looked at. */
  readonly peers: readonly string[];
  readonly selves: readonly string[];
  /** What we write into `to`. */
  readonly to: string | undefined;
  readonly heardMs: number;
  readonly pingMs: number;
  readonly pings: number;
  /** Our unanswered iqs by id, with the monotonic time of giving up. */
  readonly asked: ReadonlyMap<string, number>;
  /** The peer's unanswered iqs. */
  readonly owed: ReadonlySet<string>;
  /** XEP-0198's counts, when they were agreed. */
  readonly management: Management | undefined;
}

export type SessionInput =
  | { readonly kind: 'stanza'; readonly stanza: Element }
  | { readonly kind: 'wake' }
  /**
   * Ask the peer; `id` comes back in `answered` or `refused`. After `untilMs` (Unix) it is not said again on a resumed
   * stream.
   */
  | {
      readonly kind: 'request';
      readonly id: string;
      readonly payload: Element;
      readonly untilMs?: number | undefined;
    }
  /** Answer the peer's request `id`; without `error` it is a result. */
  | { readonly kind: 'answer'; readonly id: string; readonly error?: { condition: StanzaCondition; text?: string } };

export type SessionEffect =
  | { readonly kind: 'write'; readonly text: string }
  /** The peer asks (iq set); it waits for an `answer`. */
  | { readonly kind: 'requested'; readonly id: string; readonly payload: Element }
  | { readonly kind: 'answered'; readonly id: string; readonly answer: Answer }
  /** Too many unanswered: the request was not sent. */
  | { readonly kind: 'refused'; readonly id: string }
  | FailEffect
  | { readonly kind: 'wake'; readonly atMonotonicMs: number };

interface FailEffect {
  readonly kind: 'fail';
  readonly error: Element;
  readonly reason: string;
  /** Only the connection is at fault: the session may be resumed on another. */
  readonly resumable: boolean;
}

type SessionStep = Step<SessionState, SessionEffect>;

/** The state at the moment of binding. */
export function startSession(
  limits: SessionLimits,
  now: Instant,
  addresses: Pick<SessionState, 'peers' | 'selves' | 'to'>,
): SessionStep {
  const state: SessionState = {
    ...addresses,
    heardMs: now.monotonicMs,
    pingMs: now.monotonicMs + limits.pingEveryMs,
    pings: 0,
    asked: new Map(),
    owed: new Set(),
    management: undefined,
  };
  return { state, effects: [wake(limits, state)] };
}

/** One step of a bound session. */
export function stepSession(
  limits: SessionLimits,
  now: Instant,
  state: SessionState,
  input: SessionInput,
): SessionStep {
  switch (input.kind) {
    case 'stanza': {
      const heard = { ...state, heardMs: now.monotonicMs };
      if (input.stanza.namespace === MANAGEMENT) return managed(heard, input.stanza);
      return stanzaCame(limits, heard, input.stanza);
    }
    case 'wake':
      return timePassed(limits, now, state);
    case 'request': {
      if (state.asked.size >= limits.unanswered) return { state, effects: [{ kind: 'refused', id: input.id }] };
      const asked = new Map(state.asked).set(input.id, now.monotonicMs + limits.answerWithinMs);
      const stanza = iq('set', { id: input.id, to: state.to }, [input.payload]);
      const { state: next, effects } = write({ ...state, asked }, stanza, input.id, input.untilMs);
      return { state: next, effects: [...effects, wake(limits, next)] };
    }
    case 'answer': {
      if (!state.owed.has(input.id)) return { state, effects: [] };
      const owed = new Set(state.owed);
      owed.delete(input.id);
      const { error } = input;
      const stanza =
        error === undefined
          ? iq('result', { id: input.id, to: state.to })
          : iq('error', { id: input.id, to: state.to }, [stanzaError(error.condition, error.text)]);
      const management = state.management && countDone(state.management, input.id);
      return write({ ...state, owed, management }, stanza);
    }
  }
}

/**
 * The session on a new stream, whose peer has handled `h` of our stanzas (XEP-0198 clause 5): what it has not is written
 * again, but nothing late. Undefined when `h` is not possible. Our own `h` is `state.management.handled`.
 */
export function resumeSession(
  limits: SessionLimits,
  now: Instant,
  state: SessionState,
  h: number,
): SessionStep | undefined {
  const resumed = state.management && resume(state.management, h, now.unixMs);
  if (resumed === undefined) return undefined;
  const asked = new Map([...state.asked.keys()].map((id) => [id, now.monotonicMs + limits.answerWithinMs]));
  const effects: SessionEffect[] = [];
  for (const { requestId } of resumed.late) {
    if (requestId === undefined || !asked.delete(requestId)) continue;
    effects.push({ kind: 'answered', id: requestId, answer: { kind: 'no-answer' } });
  }
  const next: SessionState = {
    ...state,
    asked,
    heardMs: now.monotonicMs,
    pingMs: now.monotonicMs + limits.pingEveryMs,
    management: resumed.state,
  };
  const text = resumed.again.map((one) => one.text).join('');
  if (text !== '') effects.push({ kind: 'write', text });
  return { state: next, effects: [...effects, wake(limits, next)] };
}

function stanzaCame(limits: SessionLimits, before: SessionState, stanza: Element): SessionStep {
  if (stanza.namespace !== CLIENT) return fail(before, 'unsupported-stanza-type', 'unknown element');
  const { from, to, id, type } = stanza.attributes;
  if (from !== undefined && before.peers.length > 0 && !before.peers.includes(from)) {
    return fail(before, 'invalid-from', 'forged from');
  }
  switch (stanza.name) {
    case 'presence':
      return { state: counted(before).state, effects: [] };
    case 'message':
      if (type === 'error') return { state: counted(before).state, effects: [] };
      return fail(before, 'unsupported-stanza-type', 'message');
    case 'iq':
      break;
    default:
      return fail(before, 'unsupported-stanza-type', 'unknown element');
  }
  if (id === undefined || id.length < 1 || id.length > 128) return fail(before, 'bad-format', 'iq without a usable id');
  if (type === 'result' || type === 'error') return answerCame(limits, counted(before).state, id, type, stanza);

  const refuse = (condition: StanzaCondition, explanation?: string): SessionStep => {
    const { state } = counted(before);
    return write(state, iq('error', { id, to: state.to }, [stanzaError(condition, explanation)]));
  };
  const [payload, second] = childElements(stanza);
  if ((type !== 'get' && type !== 'set') || payload === undefined || second !== undefined) {
    return refuse('bad-request', 'an iq is of type get or set and holds one payload');
  }
  if (to !== undefined && before.selves.length > 0 && !before.selves.includes(to)) return refuse('service-unavailable');
  if (isPing(payload) && type === 'get') {
    const { state } = counted(before);
    return write(state, iq('result', { id, to: state.to }));
  }
  if (type === 'get') return refuse('service-unavailable');

  const { state, again } = counted(before, id);
  // It came before the stream was resumed, and is being answered or was.
  if (again) return { state, effects: [] };
  if (before.owed.has(id)) return refuse('bad-request', 'this id waits for its answer');
  if (before.owed.size >= limits.unanswered) return refuse('resource-constraint', 'too many unanswered');
  if (state.management !== undefined && isFull(state.management)) return tooMuch(state);
  return { state: { ...state, owed: new Set(state.owed).add(id) }, effects: [{ kind: 'requested', id, payload }] };
}

function answerCame(
  limits: SessionLimits,
  state: SessionState,
  id: string,
  type: 'result' | 'error',
  stanza: Element,
): SessionStep {
  // Answers to pings and to what was given up are only signs of life.
  if (!state.asked.has(id)) return { state, effects: [] };
  const asked = new Map(state.asked);
  asked.delete(id);
  const next = { ...state, asked };
  const answer: Answer = type === 'result' ? { kind: 'result' } : { kind: 'error', error: readStanzaError(stanza) };
  return { state: next, effects: [{ kind: 'answered', id, answer }, wake(limits, next)] };
}

/** An element of XEP-0198 inside a session: an ack, or a question for one. */
function managed(state: SessionState, one: Element): SessionStep {
  const { management } = state;
  if (management === undefined) return fail(state, 'unsupported-stanza-type', 'stream management is not on');
  let nonza: Nonza;
  try {
    nonza = readNonza(one);
  } catch (error) {
    if (error instanceof XmppError) return fail(state, 'bad-format', 'malformed stream management');
    throw error;
  }
  switch (nonza.kind) {
    case 'ask':
      return { state, effects: [{ kind: 'write', text: serialize(ackNonza(management.handled)) }] };
    case 'ack': {
      const acknowledged = acknowledge(management, nonza.h);
      if (acknowledged !== undefined) return { state: { ...state, management: acknowledged }, effects: [] };
      const error = handledTooMuch(nonza.h, management.sent);
      return { state, effects: [{ kind: 'fail', error, reason: 'handled count too high', resumable: false }] };
    }
    case 'enable':
    case 'enabled':
    case 'resume':
    case 'resumed':
    case 'failed':
      return fail(state, 'policy-violation', 'stream management out of turn');
  }
}

function timePassed(limits: SessionLimits, now: Instant, before: SessionState): SessionStep {
  const nowMs = now.monotonicMs;
  if (nowMs >= before.heardMs + limits.deadAfterMs) {
    const error = streamError('connection-timeout');
    return { state: before, effects: [{ kind: 'fail', error, reason: 'silence', resumable: true }] };
  }
  const effects: SessionEffect[] = [];
  let state = before;
  for (const [id, untilMs] of before.asked) {
    if (nowMs < untilMs) continue;
    const asked = new Map(state.asked);
    asked.delete(id);
    state = { ...state, asked };
    effects.push({ kind: 'answered', id, answer: { kind: 'no-answer' } });
  }
  if (nowMs >= state.pingMs) {
    const pings = state.pings + 1;
    const ping = iq('get', { id: `ping-${pings}`, to: state.to }, [pingPayload]);
    const pinged = write({ ...state, pings, pingMs: nowMs + limits.pingEveryMs }, ping, undefined, undefined, true);
    state = pinged.state;
    effects.push(...pinged.effects);
  }
  return { state, effects: [...effects, wake(limits, state)] };
}

/** Counts a stanza of the peer; `requestId` when it waits for our answer. */
function counted(state: SessionState, requestId?: string): { readonly state: SessionState; readonly again: boolean } {
  if (state.management === undefined) return { state, again: false };
  const isOwed = requestId !== undefined && state.owed.has(requestId);
  const { state: management, again } = countIn(state.management, requestId, isOwed);
  return { state: { ...state, management }, again };
}

/** Writes a stanza, and under XEP-0198 keeps it until it is acknowledged. */
function write(
  state: SessionState,
  stanza: Element,
  requestId?: string,
  untilMs?: number,
  isPingTime = false,
): SessionStep {
  const text = serialize(stanza);
  if (state.management === undefined) return { state, effects: [{ kind: 'write', text }] };
  let management = countOut(state.management, { text, requestId, untilMs });
  if (isFull(management)) return tooMuch({ ...state, management });
  const ask = shouldAsk(management, isPingTime);
  if (ask) management = { ...management, asked: true };
  return { state: { ...state, management }, effects: [{ kind: 'write', text: ask ? text + ASK : text }] };
}

const ASK = serialize(askNonza);

function tooMuch(state: SessionState): SessionStep {
  return fail(state, 'policy-violation', 'the peer leaves too much unacknowledged');
}

function fail(state: SessionState, condition: StreamCondition, reason: string): SessionStep {
  return { state, effects: [{ kind: 'fail', error: streamError(condition), reason, resumable: false }] };
}

function wake(limits: SessionLimits, state: SessionState): SessionEffect {
  let atMonotonicMs = Math.min(state.pingMs, state.heardMs + limits.deadAfterMs);
  for (const untilMs of state.asked.values()) if (untilMs < atMonotonicMs) atMonotonicMs = untilMs;
  return { kind: 'wake', atMonotonicMs };
}
