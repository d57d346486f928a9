import type { Primitives } from '@cardea/kit-crypto';
import { fromAscii, fromBase64, OctetsError, toAscii, toBase64, toHex } from '@cardea/kit-octets';
import type { Instant, Secret, Step } from '@cardea/kit-runtime';
import { child, childElements, type Element, element, is, text } from './element.ts';
import { XmppError } from './errors.ts';
import { bareJid, parseJid } from './jid.ts';
import { BIND, CLIENT, SASL, STREAMS } from './namespaces.ts';
import type { StreamHeader } from './parser.ts';
import { SCRAM_ITERATIONS, SCRAM_SHA_256, type ScramVerifier } from './scram.ts';
import {
  type ClientFirst,
  decoyVerifier,
  readClientFirst,
  type SaslFailure,
  verifyClientFinal,
  writeServerFirst,
} from './scram-server.ts';
import { STREAM_END, serialize, serializeHeader } from './serializer.ts';
import {
  type Answer,
  type SessionEffect,
  type SessionInput,
  type SessionLimits,
  type SessionState,
  startSession,
  stepSession,
} from './session.ts';
import { iq, type StreamCondition, stanzaError, streamError } from './stanzas.ts';
import type { StreamEvent } from './stream-reader.ts';

/*
 * The receiving entity of a client stream on direct TLS (RFC 6120, 7590):
 *
 *   opening -header-> offering -auth-> looking-up -verifier-> challenged -response-> opening (authenticated)
 *                        ^------------- failure, twice -----------|
 *   opening (authenticated) -header-> binding -bind-> bound -...-> closed
 *
 * Octets come in as the events of a StreamReader. A step that fails writes its stream error and closes.
 */

export interface ServerStreamContext {
  readonly primitives: Primitives;
  readonly now: Instant;
  /** The one domain that is served here. */
  readonly domain: string;
  /** The one resource that a client is given. */
  readonly resource: string;
  /** Key of {@link decoyVerifier}, 32 octets, the same for the life of the server. */
  readonly decoyKey: Secret;
  readonly limits: SessionLimits;
  /** From the first octet to a bound resource. */
  readonly negotiateWithinMs: number;
}

interface Common {
  /** Fresh octets that are left: 16 for each stream id and SCRAM nonce. */
  readonly entropy: Uint8Array;
  readonly deadlineMs: number;
  readonly failures: number;
}

export type ServerStreamState =
  | (Common & { readonly phase: 'opening'; readonly user: string | undefined })
  | (Common & { readonly phase: 'offering' })
  | (Common & { readonly phase: 'looking-up'; readonly first: ClientFirst })
  | (Common & {
      readonly phase: 'challenged';
      readonly first: ClientFirst;
      readonly message: string;
      readonly verifier: ScramVerifier;
      readonly known: boolean;
    })
  | (Common & { readonly phase: 'binding'; readonly user: string })
  | { readonly phase: 'bound'; readonly user: string; readonly session: SessionState }
  | { readonly phase: 'closed' };

export type ServerStreamInput =
  | StreamEvent
  | Exclude<SessionInput, { kind: 'stanza' }>
  /** The account of the name that `look-up` asked for, or undefined when there is none. */
  | { readonly kind: 'verifier'; readonly verifier: ScramVerifier | undefined }
  /** The transport is gone. */
  | { readonly kind: 'closed' }
  /** End the stream with this condition: `conflict` for a newer session, `system-shutdown`, ... */
  | { readonly kind: 'stop'; readonly condition: StreamCondition };

export type ServerStreamEffect =
  | { readonly kind: 'write'; readonly text: string }
  /** The peer's next octets are a new stream. */
  | { readonly kind: 'restart' }
  | { readonly kind: 'look-up'; readonly username: string }
  /** Signed in and bound. */
  | { readonly kind: 'online'; readonly user: string; readonly jid: string }
  | { readonly kind: 'requested'; readonly id: string; readonly payload: Element }
  | { readonly kind: 'answered'; readonly id: string; readonly answer: Answer }
  | { readonly kind: 'refused'; readonly id: string }
  /** Close the transport after what was written. `reason` is a constant phrase for the log. Comes once and last. */
  | { readonly kind: 'close'; readonly reason: string }
  | { readonly kind: 'wake'; readonly atMonotonicMs: number };

type ServerStep = Step<ServerStreamState, ServerStreamEffect>;

const ENTROPY_EACH_OCTETS = 16;
/** RFC 6120 6.4.5 lets a client try 2 to 5 times again. */
const ATTEMPTS = 3;
/** Fresh random octets that {@link initialServerStream} takes: two streams, three exchanges. */
export const SERVER_STREAM_ENTROPY_OCTETS = ENTROPY_EACH_OCTETS * (2 + ATTEMPTS);

/** State at the accepted connection. `entropy` has {@link SERVER_STREAM_ENTROPY_OCTETS} octets, used nowhere else. */
export function initialServerStream(
  context: Pick<ServerStreamContext, 'now' | 'negotiateWithinMs'>,
  entropy: Uint8Array,
): ServerStep {
  const deadlineMs = context.now.monotonicMs + context.negotiateWithinMs;
  return {
    state: { phase: 'opening', user: undefined, entropy, deadlineMs, failures: 0 },
    effects: [{ kind: 'wake', atMonotonicMs: deadlineMs }],
  };
}

/** One step of the server's side of a stream. */
export function stepServerStream(
  context: ServerStreamContext,
  state: ServerStreamState,
  input: ServerStreamInput,
): ServerStep {
  if (state.phase === 'closed') return { state, effects: [] };
  switch (input.kind) {
    case 'closed':
      return { state: { phase: 'closed' }, effects: [{ kind: 'close', reason: 'connection closed' }] };
    case 'end':
      return close([], 'stream closed by the peer');
    case 'stop':
      return fail(context, state, input.condition, `stopped: ${input.condition}`);
    case 'fault':
      return fail(context, state, faultCondition(input.condition), `fault: ${input.condition}`);
    case 'header':
      return state.phase === 'opening'
        ? headerCame(context, state, input.header)
        : fail(context, state, 'bad-format', 'header inside a stream');
    case 'verifier':
      return state.phase === 'looking-up' ? verifierCame(context, state, input.verifier) : { state, effects: [] };
    case 'stanza':
      return stanzaCame(context, state, input.stanza);
    case 'wake':
      if (state.phase === 'bound') return inSession(context, state, input);
      if (context.now.monotonicMs < state.deadlineMs) {
        return { state, effects: [{ kind: 'wake', atMonotonicMs: state.deadlineMs }] };
      }
      return fail(context, state, 'connection-timeout', 'not signed in in time');
    case 'request':
      if (state.phase !== 'bound') return { state, effects: [{ kind: 'refused', id: input.id }] };
      return inSession(context, state, input);
    case 'answer':
      return state.phase === 'bound' ? inSession(context, state, input) : { state, effects: [] };
  }
}

function headerCame(
  context: ServerStreamContext,
  state: Extract<ServerStreamState, { phase: 'opening' }>,
  header: StreamHeader,
): ServerStep {
  if (header.name !== 'stream' || header.namespace !== STREAMS) {
    return fail(context, state, 'invalid-namespace', 'not a stream');
  }
  const { to, version } = header.attributes;
  if (to !== context.domain) return fail(context, state, 'host-unknown', 'another domain');
  if (version === undefined || !/^1\.[0-9]{1,3}$/.test(version)) {
    return fail(context, state, 'unsupported-version', 'not version 1.0');
  }
  const [id, entropy] = take(state.entropy);
  const opening = serializeHeader({ from: context.domain, id: toHex(id) });
  const { deadlineMs, failures, user } = state;
  const offer =
    user === undefined
      ? element('mechanisms', SASL, {}, [element('mechanism', SASL, {}, [SCRAM_SHA_256])])
      : element('bind', BIND);
  return {
    state:
      user === undefined
        ? { phase: 'offering', entropy, deadlineMs, failures }
        : { phase: 'binding', entropy, deadlineMs, failures, user },
    effects: [{ kind: 'write', text: opening + serialize(element('features', STREAMS, {}, [offer])) }],
  };
}

function stanzaCame(
  context: ServerStreamContext,
  state: Exclude<ServerStreamState, { phase: 'closed' }>,
  stanza: Element,
): ServerStep {
  switch (state.phase) {
    case 'opening':
    case 'looking-up':
      return fail(context, state, 'policy-violation', 'stanza out of turn');
    case 'offering':
      if (stanza.namespace !== SASL) return fail(context, state, 'not-authorized', 'stanza before signing in');
      if (stanza.name !== 'auth') return saslFails(context, state, 'malformed-request');
      return authCame(context, state, stanza);
    case 'challenged':
      if (stanza.namespace !== SASL) return fail(context, state, 'not-authorized', 'stanza before signing in');
      if (stanza.name === 'abort') return saslFails(context, state, 'aborted');
      if (stanza.name !== 'response') return saslFails(context, state, 'malformed-request');
      return responseCame(context, state, stanza);
    case 'binding':
      return bindCame(context, state, stanza);
    case 'bound':
      return inSession(context, state, { kind: 'stanza', stanza });
  }
}

function authCame(
  context: ServerStreamContext,
  state: Extract<ServerStreamState, { phase: 'offering' }>,
  stanza: Element,
): ServerStep {
  if (stanza.attributes.mechanism !== SCRAM_SHA_256) return saslFails(context, state, 'invalid-mechanism');
  const first = saslMessage(stanza, (message) => readClientFirst(message, false));
  if (typeof first === 'string') return saslFails(context, state, first);
  const { entropy, deadlineMs, failures } = state;
  return {
    state: { phase: 'looking-up', entropy, deadlineMs, failures, first },
    effects: [{ kind: 'look-up', username: first.username }],
  };
}

function verifierCame(
  context: ServerStreamContext,
  state: Extract<ServerStreamState, { phase: 'looking-up' }>,
  account: ScramVerifier | undefined,
): ServerStep {
  const { first, deadlineMs, failures } = state;
  const verifier =
    account ?? decoyVerifier(context.primitives, context.decoyKey.reveal(), first.username, SCRAM_ITERATIONS.min);
  const [nonce, entropy] = take(state.entropy);
  const message = writeServerFirst(first, nonce, verifier);
  const known = account !== undefined;
  return {
    state: { phase: 'challenged', entropy, deadlineMs, failures, first, message, verifier, known },
    effects: [write(element('challenge', SASL, {}, [toBase64(fromAscii(message))]))],
  };
}

function responseCame(
  context: ServerStreamContext,
  state: Extract<ServerStreamState, { phase: 'challenged' }>,
  stanza: Element,
): ServerStep {
  const { first, verifier, entropy, deadlineMs, failures } = state;
  const signature = saslMessage(stanza, (message) => {
    const proved = verifyClientFinal(context.primitives, first, state.message, verifier, message);
    return proved === undefined || !state.known ? 'not-authorized' : { proved };
  });
  if (typeof signature === 'string') return saslFails(context, state, signature);
  return {
    state: { phase: 'opening', user: first.username, entropy, deadlineMs, failures },
    effects: [write(element('success', SASL, {}, [toBase64(fromAscii(signature.proved))])), { kind: 'restart' }],
  };
}

/** Decodes the base64 of a SASL element and hands its message on; a malformed one is the failure that fits. */
function saslMessage<T>(stanza: Element, read: (message: string) => T | SaslFailure): T | SaslFailure {
  let message: string;
  try {
    if (childElements(stanza).length > 0) return 'malformed-request';
    message = toAscii(fromBase64(text(stanza)));
  } catch (error) {
    if (error instanceof OctetsError) return 'incorrect-encoding';
    throw error;
  }
  try {
    return read(message);
  } catch (error) {
    if (error instanceof XmppError) return 'malformed-request';
    throw error;
  }
}

function saslFails(
  context: ServerStreamContext,
  state: Extract<ServerStreamState, { phase: 'offering' | 'challenged' }>,
  failure: SaslFailure,
): ServerStep {
  const failed = write(element('failure', SASL, {}, [element(failure, SASL)]));
  const { entropy, deadlineMs } = state;
  const failures = state.failures + 1;
  if (failures < ATTEMPTS) return { state: { phase: 'offering', entropy, deadlineMs, failures }, effects: [failed] };
  const { state: closed, effects } = fail(context, state, 'policy-violation', 'too many failed sign-ins');
  return { state: closed, effects: [failed, ...effects] };
}

function bindCame(
  context: ServerStreamContext,
  state: Extract<ServerStreamState, { phase: 'binding' }>,
  stanza: Element,
): ServerStep {
  const { id, type } = stanza.attributes;
  if (!is(stanza, 'iq', CLIENT) || id === undefined || id.length > 128) {
    return fail(context, state, 'not-authorized', 'stanza before a resource is bound');
  }
  const bind = child(stanza, 'bind', BIND);
  if (type !== 'set' || bind === undefined) {
    return { state, effects: [write(iq('error', { id }, [stanzaError('not-allowed', 'bind a resource first')]))] };
  }
  // RFC 6120 7.7.2.1: we may give another resource than the one asked for; here there is only one.
  const jid = `${state.user}@${context.domain}/${context.resource}`;
  const bound = iq('result', { id }, [element('bind', BIND, {}, [element('jid', BIND, {}, [jid])])]);
  const session = startSession(context.limits, context.now, {
    peers: [jid, bareJid(parseJid(jid))],
    selves: [context.domain, jid, bareJid(parseJid(jid))],
    to: jid,
  });
  return {
    state: { phase: 'bound', user: state.user, session: session.state },
    effects: [
      write(bound),
      { kind: 'online', user: state.user, jid },
      ...session.effects.flatMap((effect) => sessionEffect(effect)),
    ],
  };
}

function inSession(
  context: ServerStreamContext,
  state: Extract<ServerStreamState, { phase: 'bound' }>,
  input: SessionInput,
): ServerStep {
  const { state: session, effects } = stepSession(context.limits, context.now, state.session, input);
  const failed = effects.find((effect) => effect.kind === 'fail');
  if (failed !== undefined) return fail(context, state, failed.condition, failed.reason);
  return { state: { ...state, session }, effects: effects.flatMap(sessionEffect) };
}

function sessionEffect(effect: SessionEffect): readonly ServerStreamEffect[] {
  if (effect.kind === 'write') return [write(effect.stanza)];
  return effect.kind === 'fail' ? [] : [effect];
}

/** A stream error is sent inside a stream: where ours is not open yet, its header goes first (RFC 6120 4.9.1.2). */
function fail(
  context: ServerStreamContext,
  state: ServerStreamState,
  condition: StreamCondition,
  reason: string,
): ServerStep {
  const effects: ServerStreamEffect[] = [];
  if (state.phase === 'opening') {
    effects.push({ kind: 'write', text: serializeHeader({ from: context.domain, id: toHex(take(state.entropy)[0]) }) });
  }
  return close([...effects, write(streamError(condition))], reason);
}

function close(effects: readonly ServerStreamEffect[], reason: string): ServerStep {
  return {
    state: { phase: 'closed' },
    effects: [...effects, { kind: 'write', text: STREAM_END }, { kind: 'close', reason }],
  };
}

function write(stanza: Element): ServerStreamEffect {
  return { kind: 'write', text: serialize(stanza) };
}

function take(entropy: Uint8Array): readonly [Uint8Array, Uint8Array] {
  if (entropy.length < ENTROPY_EACH_OCTETS) throw new XmppError('element', 'no fresh octets are left');
  return [entropy.slice(0, ENTROPY_EACH_OCTETS), entropy.slice(ENTROPY_EACH_OCTETS)];
}

/** The stream condition for a fault of the reader. */
export function faultCondition(code: XmppError['code']): StreamCondition {
  switch (code) {
    case 'bad-format':
    case 'not-well-formed':
    case 'restricted-xml':
    case 'unsupported-encoding':
    case 'policy-violation':
    case 'invalid-namespace':
    case 'host-unknown':
    case 'unsupported-version':
    case 'unsupported-stanza-type':
      return code;
    case 'invalid-xml':
    case 'jid':
    case 'sasl':
    case 'element':
      return 'bad-format';
  }
}
