import type { Instant, Step } from '@cardea/kit-runtime';
import { childElements, type Element } from './element.ts';
import { CLIENT } from './namespaces.ts';
import {
  iq,
  isPing,
  pingPayload,
  readStanzaError,
  type StanzaCondition,
  type StanzaError,
  type StreamCondition,
  stanzaError,
} from './stanzas.ts';

/*
 * What both roles do once a resource is bound: iqs in both directions, each answered once; pings (XEP-0199) in both
 * directions; an end when the peer has been silent for too long.
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
}

export type SessionInput =
  | { readonly kind: 'stanza'; readonly stanza: Element }
  | { readonly kind: 'wake' }
  /** Ask the peer; `id` comes back in `answered` or `refused`. */
  | { readonly kind: 'request'; readonly id: string; readonly payload: Element }
  /** Answer the peer's request `id`; without `error` it is a result. */
  | { readonly kind: 'answer'; readonly id: string; readonly error?: { condition: StanzaCondition; text?: string } };

export type SessionEffect =
  | { readonly kind: 'write'; readonly stanza: Element }
  /** The peer asks (iq set); it waits for an `answer`. */
  | { readonly kind: 'requested'; readonly id: string; readonly payload: Element }
  | { readonly kind: 'answered'; readonly id: string; readonly answer: Answer }
  /** Too many unanswered: the request was not sent. */
  | { readonly kind: 'refused'; readonly id: string }
  | { readonly kind: 'fail'; readonly condition: StreamCondition; readonly reason: string }
  | { readonly kind: 'wake'; readonly atMonotonicMs: number };

/** The state at the moment of binding. */
export function startSession(
  limits: SessionLimits,
  now: Instant,
  addresses: Pick<SessionState, 'peers' | 'selves' | 'to'>,
): Step<SessionState, SessionEffect> {
  const state: SessionState = {
    ...addresses,
    heardMs: now.monotonicMs,
    pingMs: now.monotonicMs + limits.pingEveryMs,
    pings: 0,
    asked: new Map(),
    owed: new Set(),
  };
  return { state, effects: [wake(limits, state)] };
}

/** One step of a bound session. */
export function stepSession(
  limits: SessionLimits,
  now: Instant,
  state: SessionState,
  input: SessionInput,
): Step<SessionState, SessionEffect> {
  switch (input.kind) {
    case 'stanza':
      return stanzaCame(limits, { ...state, heardMs: now.monotonicMs }, input.stanza);
    case 'wake':
      return timePassed(limits, now, state);
    case 'request': {
      if (state.asked.size >= limits.unanswered) return { state, effects: [{ kind: 'refused', id: input.id }] };
      const next = { ...state, asked: new Map(state.asked).set(input.id, now.monotonicMs + limits.answerWithinMs) };
      const stanza = iq('set', { id: input.id, to: state.to }, [input.payload]);
      return { state: next, effects: [{ kind: 'write', stanza }, wake(limits, next)] };
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
      return { state: { ...state, owed }, effects: [{ kind: 'write', stanza }] };
    }
  }
}

function stanzaCame(limits: SessionLimits, state: SessionState, stanza: Element): Step<SessionState, SessionEffect> {
  const fail = (condition: StreamCondition, reason: string) => ({
    state,
    effects: [{ kind: 'fail', condition, reason } as const],
  });
  if (stanza.namespace !== CLIENT) return fail('unsupported-stanza-type', 'unknown element');
  const { from, to, id, type } = stanza.attributes;
  if (from !== undefined && state.peers.length > 0 && !state.peers.includes(from)) {
    return fail('invalid-from', 'forged from');
  }
  switch (stanza.name) {
    case 'presence':
      return { state, effects: [] };
    case 'message':
      if (type === 'error') return { state, effects: [] };
      return fail('unsupported-stanza-type', 'message');
    case 'iq':
      break;
    default:
      return fail('unsupported-stanza-type', 'unknown element');
  }
  if (id === undefined || id.length < 1 || id.length > 128) return fail('bad-format', 'iq without a usable id');
  if (type === 'result' || type === 'error') return answerCame(limits, state, id, type, stanza);

  const refuse = (condition: StanzaCondition, explanation?: string): Step<SessionState, SessionEffect> => ({
    state,
    effects: [{ kind: 'write', stanza: iq('error', { id, to: state.to }, [stanzaError(condition, explanation)]) }],
  });
  const [payload, second] = childElements(stanza);
  if ((type !== 'get' && type !== 'set') || payload === undefined || second !== undefined) {
    return refuse('bad-request', 'an iq is of type get or set and holds one payload');
  }
  if (to !== undefined && state.selves.length > 0 && !state.selves.includes(to)) return refuse('service-unavailable');
  if (isPing(payload) && type === 'get') {
    return { state, effects: [{ kind: 'write', stanza: iq('result', { id, to: state.to }) }] };
  }
  if (type === 'get') return refuse('service-unavailable');
  if (state.owed.has(id)) return refuse('bad-request', 'this id waits for its answer');
  if (state.owed.size >= limits.unanswered) return refuse('resource-constraint', 'too many unanswered');
  return { state: { ...state, owed: new Set(state.owed).add(id) }, effects: [{ kind: 'requested', id, payload }] };
}

function answerCame(
  limits: SessionLimits,
  state: SessionState,
  id: string,
  type: 'result' | 'error',
  stanza: Element,
): Step<SessionState, SessionEffect> {
  // Answers to pings and to what was given up are only signs of life.
  if (!state.asked.has(id)) return { state, effects: [] };
  const asked = new Map(state.asked);
  asked.delete(id);
  const next = { ...state, asked };
  const answer: Answer = type === 'result' ? { kind: 'result' } : { kind: 'error', error: readStanzaError(stanza) };
  return { state: next, effects: [{ kind: 'answered', id, answer }, wake(limits, next)] };
}

function timePassed(limits: SessionLimits, now: Instant, state: SessionState): Step<SessionState, SessionEffect> {
  const nowMs = now.monotonicMs;
  if (nowMs >= state.heardMs + limits.deadAfterMs) {
    return { state, effects: [{ kind: 'fail', condition: 'connection-timeout', reason: 'silence' }] };
  }
  const effects: SessionEffect[] = [];
  const asked = new Map(state.asked);
  for (const [id, untilMs] of state.asked) {
    if (nowMs < untilMs) continue;
    asked.delete(id);
    effects.push({ kind: 'answered', id, answer: { kind: 'no-answer' } });
  }
  let { pingMs, pings } = state;
  if (nowMs >= pingMs) {
    pings++;
    pingMs = nowMs + limits.pingEveryMs;
    effects.push({ kind: 'write', stanza: iq('get', { id: `ping-${pings}`, to: state.to }, [pingPayload]) });
  }
  const next = { ...state, asked, pingMs, pings };
  return { state: next, effects: [...effects, wake(limits, next)] };
}

function wake(limits: SessionLimits, state: SessionState): SessionEffect {
  const atMonotonicMs = Math.min(state.pingMs, state.heardMs + limits.deadAfterMs, ...state.asked.values());
  return { kind: 'wake', atMonotonicMs };
}
