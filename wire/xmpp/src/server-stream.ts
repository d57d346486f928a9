import { toHex } from '@cardea/kit-octets';
import type { Instant, Step } from '@cardea/kit-runtime';
import { bindFeature, bindFirst, bindResult, readBindRequest } from './bind/bind.ts';
import { type Element, element } from './element.ts';
import { XmppError } from './errors.ts';
import { bareJid, parseJid } from './jid.ts';
import { startManagement } from './management/management.ts';
import {
  enabledNonza,
  failedNonza,
  handledTooMuch,
  managementFeature,
  type Nonza,
  readNonza,
  resumedNonza,
} from './management/nonzas.ts';
import { MANAGEMENT, SASL, STREAMS } from './namespaces.ts';
import type { StreamHeader } from './parser.ts';
import { type Channel, UNBOUND_CHANNEL } from './sasl/channel-binding.ts';
import {
  NONCE_OCTETS,
  SASL_ATTEMPTS,
  type SaslServerContext,
  type SaslServerEffect,
  type SaslServerInput,
  type SaslServerState,
  saslFailure,
  saslFeatures,
  stepSaslServer,
} from './sasl/server.ts';
import { STREAM_END, serialize, serializeHeader } from './serializer.ts';
import {
  resumeSession,
  type SessionEffect,
  type SessionInput,
  type SessionLimits,
  type SessionState,
  startSession,
  stepSession,
} from './session/session.ts';
import { type StreamCondition, streamError } from './stanzas.ts';
import type { StreamEvent } from './stream-reader.ts';
import { isStarttls, starttlsFeature, starttlsProceed } from './tls/starttls.ts';

/*
 * The receiving entity of a client stream (RFC 6120, 7590; XEP-0368 for direct TLS). One folder a phase: tls, sasl, bind,
 * session with management.
 *
 *   opening (clear) -header-> clear -starttls-> securing -secured-> opening (tls)
 *   opening (tls) -header-> signing-in -signed in-> opening (account)
 *   opening (account) -header-> binding -bind-> bound -...-> closed
 *                                binding -resume-> resuming -resumable-> bound
 *
 * Octets come in as the events of a StreamReader. A step that fails writes its stream error and closes.
 */

export interface ServerStreamContext extends Omit<SaslServerContext, 'channel'> {
  readonly now: Instant;
  /** The one resource that a client is given. */
  readonly resource: string;
  readonly limits: SessionLimits;
  /** From the first octet to a bound resource. */
  readonly negotiateWithinMs: number;
  /** How long a session whose connection was lost can be resumed (XEP-0198); 0: not at all. */
  readonly resumableForMs: number;
}

interface Common {
  /** Fresh octets that are left: stream ids, nonces, the id for resumption. */
  readonly entropy: Uint8Array;
  readonly deadlineMs: number;
  readonly channel: Channel;
}

export type ServerStreamState =
  /** Waits for the header: of the stream in the clear, of that in TLS, or of that after signing in. */
  | (Common & { readonly phase: 'opening'; readonly inTls: boolean; readonly user: string | undefined })
  | (Common & { readonly phase: 'clear' | 'securing' })
  | (Common & { readonly phase: 'signing-in'; readonly sasl: SaslServerState })
  | (Common & { readonly phase: 'binding'; readonly user: string })
  | (Common & { readonly phase: 'resuming'; readonly user: string; readonly previd: string; readonly h: number })
  | { readonly phase: 'bound'; readonly user: string; readonly entropy: Uint8Array; readonly session: SessionState }
  | { readonly phase: 'closed' };

export type ServerStreamInput =
  | StreamEvent
  | Exclude<SessionInput, { kind: 'stanza' }>
  | Exclude<SaslServerInput, { kind: 'stanza' }>
  /** The TLS handshake that `start-tls` began is done. */
  | { readonly kind: 'secured'; readonly channel: Channel }
  /** What `resume` asked for: the session, or undefined when there is none of this id and account. */
  | { readonly kind: 'resumable'; readonly session: SessionState | undefined }
  /** The transport is gone. */
  | { readonly kind: 'closed' }
  /** End the stream with this condition: `conflict` for a newer session, `system-shutdown`, ... */
  | { readonly kind: 'stop'; readonly condition: StreamCondition };

export type ServerStreamEffect =
  | { readonly kind: 'write'; readonly text: string }
  /** The peer's next octets are a new stream; `authenticated` says under which limits. */
  | { readonly kind: 'restart'; readonly authenticated: boolean }
  /** Begin the TLS handshake on the connection; nothing that came in the clear may be read any more. */
  | { readonly kind: 'start-tls' }
  | Extract<SaslServerEffect, { kind: 'look-up' | 'stretch' | 'signed-in' }>
  /** Bound: a new session. */
  | { readonly kind: 'online'; readonly user: string; readonly jid: string }
  /** The session can be resumed under this id from now on. */
  | { readonly kind: 'resumable'; readonly id: string }
  /** Find the session `previd` of this account. */
  | { readonly kind: 'resume'; readonly previd: string; readonly user: string }
  /** The session goes on here. */
  | { readonly kind: 'resumed'; readonly user: string }
  | Extract<SessionEffect, { kind: 'requested' | 'answered' | 'refused' | 'wake' }>
  /**
   * Close the transport after what was written. `reason` is a constant phrase for the log. Comes once and last. With
   * `session` only the connection was lost: the session can be resumed on another.
   */
  | { readonly kind: 'close'; readonly reason: string; readonly session?: SessionState };

type ServerStep = Step<ServerStreamState, ServerStreamEffect>;
type Open = Exclude<ServerStreamState, { phase: 'closed' }>;

const STREAMS_MOST = 3;
/**
 * Fresh random octets that {@link initialServerStream} takes: three streams (in the clear, in TLS, signed in), the
 * exchanges of SASL, the id for resumption.
 */
export const SERVER_STREAM_ENTROPY_OCTETS = NONCE_OCTETS * (STREAMS_MOST + SASL_ATTEMPTS + 1);

/**
 * State at the accepted connection. `entropy` has {@link SERVER_STREAM_ENTROPY_OCTETS} octets, used nowhere else.
 * `channel` is `clear` on a connection that has to be secured by STARTTLS first.
 */
export function initialServerStream(
  context: Pick<ServerStreamContext, 'now' | 'negotiateWithinMs'>,
  entropy: Uint8Array,
  channel: Channel | 'clear',
): ServerStep {
  const deadlineMs = context.now.monotonicMs + context.negotiateWithinMs;
  const inTls = channel !== 'clear';
  return {
    state: {
      phase: 'opening',
      inTls,
      user: undefined,
      entropy,
      deadlineMs,
      channel: inTls ? channel : UNBOUND_CHANNEL,
    },
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
      return ended(state, 'connection closed');
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
    case 'stanza':
      return stanzaCame(context, state, input.stanza);
    case 'secured':
      if (state.phase !== 'securing') return { state, effects: [] };
      return {
        state: { phase: 'opening', inTls: true, user: undefined, ...common(state), channel: input.channel },
        effects: [],
      };
    case 'verifier':
    case 'stretched':
      return state.phase === 'signing-in' ? signingIn(context, state, input) : { state, effects: [] };
    case 'resumable':
      return state.phase === 'resuming' ? resuming(context, state, input.session) : { state, effects: [] };
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
  const rest = { ...common(state), entropy };
  const { user } = state;
  const [next, features] = !state.inTls
    ? [{ phase: 'clear', ...rest } as const, [starttlsFeature]]
    : user === undefined
      ? [
          { phase: 'signing-in', ...rest, sasl: { phase: 'offering', entropy: nonces(entropy), failures: 0 } } as const,
          saslFeatures({ ...context, channel: state.channel }),
        ]
      : [{ phase: 'binding', ...rest, user } as const, boundFeatures(context)];
  return {
    state: next,
    effects: [
      {
        kind: 'write',
        text:
          serializeHeader({ from: context.domain, id: toHex(id) }) +
          serialize(element('features', STREAMS, {}, features)),
      },
    ],
  };
}

function boundFeatures(context: ServerStreamContext): readonly Element[] {
  return context.resumableForMs > 0 ? [bindFeature, managementFeature] : [bindFeature];
}

function stanzaCame(context: ServerStreamContext, state: Open, stanza: Element): ServerStep {
  switch (state.phase) {
    case 'bound':
      return stanza.namespace === MANAGEMENT && stanza.name === 'enable'
        ? enable(context, state, stanza)
        : inSession(context, state, { kind: 'stanza', stanza });
    case 'opening':
    case 'securing':
    case 'resuming':
      return fail(context, state, 'policy-violation', 'stanza out of turn');
    case 'clear':
      if (isStarttls(stanza)) {
        return {
          state: { phase: 'securing', ...common(state) },
          effects: [write(starttlsProceed), { kind: 'restart', authenticated: false }, { kind: 'start-tls' }],
        };
      }
      return inTheClear(context, state, stanza);
    case 'signing-in':
      return signingIn(context, state, { kind: 'stanza', stanza });
    case 'binding':
      return stanza.namespace === MANAGEMENT
        ? managedTooSoon(context, state, stanza)
        : bindCame(context, state, stanza);
  }
}

/** RFC 6120 6.5.4: no mechanism, and nothing else, before TLS. What was said is not looked at. */
function inTheClear(context: ServerStreamContext, state: Open, stanza: Element): ServerStep {
  const { state: closed, effects } = fail(
    context,
    state,
    'policy-violation',
    'something else than STARTTLS in the clear',
  );
  const refusal = stanza.namespace === SASL ? [write(saslFailure('encryption-required'))] : [];
  return { state: closed, effects: [...refusal, ...effects] };
}

function signingIn(
  context: ServerStreamContext,
  state: Extract<ServerStreamState, { phase: 'signing-in' }>,
  input: SaslServerInput,
): ServerStep {
  const { state: sasl, effects } = stepSaslServer({ ...context, channel: state.channel }, state.sasl, input);
  let next: ServerStreamState = { ...state, sasl };
  const performed: ServerStreamEffect[] = [];
  for (const effect of effects) {
    switch (effect.kind) {
      case 'write':
        performed.push(write(effect.stanza));
        break;
      case 'fail': {
        const end = fail(context, state, effect.condition, effect.reason);
        return { state: end.state, effects: [...performed, ...end.effects] };
      }
      case 'signed-in':
        next = {
          phase: 'opening',
          inTls: true,
          user: effect.user,
          ...common(state),
          entropy: state.entropy.slice(state.entropy.length - AFTER_SASL_OCTETS),
        };
        performed.push(effect, { kind: 'restart', authenticated: true });
        break;
      case 'look-up':
      case 'stretch':
        performed.push(effect);
        break;
    }
  }
  return { state: next, effects: performed };
}

/** After signing in: one more stream, one id for resumption. */
const AFTER_SASL_OCTETS = NONCE_OCTETS * 2;

/** The part of `entropy` that is the exchanges'. */
function nonces(entropy: Uint8Array): Uint8Array {
  return entropy.slice(0, entropy.length - AFTER_SASL_OCTETS);
}

function bindCame(
  context: ServerStreamContext,
  state: Extract<ServerStreamState, { phase: 'binding' }>,
  stanza: Element,
): ServerStep {
  const asked = readBindRequest(stanza);
  switch (asked.kind) {
    case 'other':
      return fail(context, state, 'not-authorized', 'stanza before a resource is bound');
    case 'too-soon':
      return { state, effects: [write(bindFirst(asked.id))] };
    case 'bind': {
      const { user, entropy } = state;
      const jid = `${user}@${context.domain}/${context.resource}`;
      const bare = bareJid(parseJid(jid));
      const session = startSession(context.limits, context.now, {
        peers: [jid, bare],
        selves: [context.domain, jid, bare],
        to: jid,
      });
      return {
        state: { phase: 'bound', user, entropy, session: session.state },
        effects: [
          write(bindResult(asked.id, jid)),
          { kind: 'online', user, jid },
          ...session.effects.flatMap(sessionEffect),
        ],
      };
    }
  }
}

/** Stream management before a resource is bound: a session is resumed in its place, or it is too soon. */
function managedTooSoon(
  context: ServerStreamContext,
  state: Extract<ServerStreamState, { phase: 'binding' }>,
  stanza: Element,
): ServerStep {
  const nonza = parsed(stanza);
  if (nonza === undefined) return fail(context, state, 'bad-format', 'malformed stream management');
  if (nonza.kind !== 'resume' || context.resumableForMs <= 0) {
    return { state, effects: [write(failedNonza('unexpected-request'))] };
  }
  const { previd, h } = nonza;
  const { user } = state;
  return {
    state: { phase: 'resuming', ...common(state), user, previd, h },
    effects: [{ kind: 'resume', previd, user }],
  };
}

function resuming(
  context: ServerStreamContext,
  state: Extract<ServerStreamState, { phase: 'resuming' }>,
  session: SessionState | undefined,
): ServerStep {
  const { user, entropy, previd, h } = state;
  if (session?.management === undefined) {
    return {
      state: { phase: 'binding', user, ...common(state) },
      effects: [write(failedNonza('item-not-found'))],
    };
  }
  const resumed = resumeSession(context.limits, context.now, session, h);
  if (resumed === undefined) {
    return close([write(handledTooMuch(h, session.management.sent))], 'handled count too high');
  }
  return {
    state: { phase: 'bound', user, entropy, session: resumed.state },
    effects: [
      write(resumedNonza(previd, session.management.handled)),
      { kind: 'resumed', user },
      ...resumed.effects.flatMap(sessionEffect),
    ],
  };
}

function enable(
  context: ServerStreamContext,
  state: Extract<ServerStreamState, { phase: 'bound' }>,
  stanza: Element,
): ServerStep {
  const nonza = parsed(stanza);
  if (nonza?.kind !== 'enable') return fail(context, state, 'bad-format', 'malformed stream management');
  if (state.session.management !== undefined || context.resumableForMs <= 0) {
    return { state, effects: [write(failedNonza('unexpected-request'))] };
  }
  const id = nonza.resume ? toHex(state.entropy.slice(-NONCE_OCTETS)) : undefined;
  const session = { ...state.session, management: startManagement(id, true) };
  return {
    state: { ...state, session },
    effects: [
      write(enabledNonza(id, Math.floor(context.resumableForMs / 1000))),
      ...(id === undefined ? [] : [{ kind: 'resumable', id } as const]),
    ],
  };
}

function parsed(stanza: Element): Nonza | undefined {
  try {
    return readNonza(stanza);
  } catch (error) {
    if (error instanceof XmppError) return undefined;
    throw error;
  }
}

function inSession(
  context: ServerStreamContext,
  state: Extract<ServerStreamState, { phase: 'bound' }>,
  input: SessionInput,
): ServerStep {
  const { state: session, effects } = stepSession(context.limits, context.now, state.session, input);
  const next = { ...state, session };
  for (const effect of effects) {
    if (effect.kind !== 'fail') continue;
    const said = [write(effect.error)];
    return effect.resumable ? ended(next, effect.reason, said) : close(said, effect.reason);
  }
  return { state: next, effects: effects.flatMap(sessionEffect) };
}

function sessionEffect(effect: SessionEffect): readonly ServerStreamEffect[] {
  return effect.kind === 'fail' ? [] : [effect];
}

/** A stream error is sent inside a stream: where ours is not open yet, its header goes first (RFC 6120 4.9.1.2). */
function fail(context: ServerStreamContext, state: Open, condition: StreamCondition, reason: string): ServerStep {
  // Between `proceed` and the handshake there is no stream to say anything in.
  if (state.phase === 'securing') return { state: { phase: 'closed' }, effects: [{ kind: 'close', reason }] };
  const effects: ServerStreamEffect[] = [];
  if (state.phase === 'opening') {
    effects.push({ kind: 'write', text: serializeHeader({ from: context.domain, id: toHex(take(state.entropy)[0]) }) });
  }
  return close([...effects, write(streamError(condition))], reason);
}

/** The connection is lost; with stream management its session is not. */
function ended(state: Open, reason: string, said: readonly ServerStreamEffect[] = []): ServerStep {
  const session = state.phase === 'bound' && state.session.management?.id !== undefined ? state.session : undefined;
  const effects = said.length === 0 ? [] : [...said, { kind: 'write', text: STREAM_END } as const];
  return {
    state: { phase: 'closed' },
    effects: [...effects, session === undefined ? { kind: 'close', reason } : { kind: 'close', reason, session }],
  };
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

function common({ entropy, deadlineMs, channel }: Common): Common {
  return { entropy, deadlineMs, channel };
}

function take(entropy: Uint8Array): readonly [Uint8Array, Uint8Array] {
  if (entropy.length < NONCE_OCTETS) throw new XmppError('element', 'no fresh octets are left');
  return [entropy.slice(0, NONCE_OCTETS), entropy.slice(NONCE_OCTETS)];
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
