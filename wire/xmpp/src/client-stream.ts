import type { Instant, Step } from '@cardea/kit-runtime';
import { bindFeature, bindRequest, readBindResult } from './bind/bind.ts';
import { child, type Element, is } from './element.ts';
import { XmppError } from './errors.ts';
import { bareJid } from './jid.ts';
import { startManagement } from './management/management.ts';
import {
  enableNonza,
  handledTooMuch,
  managementFeature,
  type Nonza,
  readNonza,
  resumeNonza,
} from './management/nonzas.ts';
import { BIND, MANAGEMENT, STREAMS, TLS } from './namespaces.ts';
import type { StreamHeader } from './parser.ts';
import { type Channel, UNBOUND_CHANNEL } from './sasl/channel-binding.ts';
import {
  type SaslClientContext,
  type SaslClientEffect,
  type SaslClientInput,
  type SaslClientState,
  startSaslClient,
  stepSaslClient,
} from './sasl/client.ts';
import { STREAM_END, serialize, serializeHeader } from './serializer.ts';
import { faultCondition } from './server-stream.ts';
import {
  resumeSession,
  type SessionEffect,
  type SessionInput,
  type SessionLimits,
  type SessionState,
  startSession,
  stepSession,
} from './session/session.ts';
import { type StreamCondition, streamCondition, streamError } from './stanzas.ts';
import type { StreamEvent } from './stream-reader.ts';
import { isProceed, starttlsRequest } from './tls/starttls.ts';

/*
 * The initiating entity of a client stream, on direct TLS or by STARTTLS:
 *
 *   opening (clear) -features-> upgrading -proceed-> securing -secured-> opening (tls)
 *   opening (tls) -features-> signing-in -signed in-> opening (account)
 *   opening (account) -features-> binding -result-> bound -...-> closed
 *                                 resuming -resumed-> bound
 *
 * A server that offers less than was agreed on (no STARTTLS, no channel binding, no SCRAM-SHA-256) is left.
 */

export interface ClientStreamContext extends Omit<SaslClientContext, 'channel'> {
  readonly now: Instant;
  readonly limits: SessionLimits;
  readonly negotiateWithinMs: number;
}

/** What a new connection begins with. */
export interface ClientStreamStart {
  /** Of the TLS connection, or `clear`: then STARTTLS comes first. */
  readonly channel: Channel | 'clear';
  /** 16 or more fresh octets. */
  readonly nonce: Uint8Array;
  /** A session whose connection was lost. */
  readonly session?: SessionState | undefined;
}

interface Common {
  readonly deadlineMs: number;
  readonly channel: Channel;
  readonly nonce: Uint8Array;
  readonly session: SessionState | undefined;
}

export type ClientStreamState =
  | (Common & {
      readonly phase: 'opening';
      readonly inTls: boolean;
      readonly authenticated: boolean;
      readonly headed: boolean;
    })
  | (Common & { readonly phase: 'upgrading' | 'securing' })
  | (Common & { readonly phase: 'signing-in'; readonly sasl: SaslClientState })
  | (Common & { readonly phase: 'resuming' | 'binding'; readonly managed: boolean })
  | { readonly phase: 'bound'; readonly session: SessionState }
  | { readonly phase: 'closed' };

export type ClientStreamInput =
  | StreamEvent
  | Exclude<SessionInput, { kind: 'stanza' }>
  | Exclude<SaslClientInput, { kind: 'stanza' }>
  /** The TLS handshake that `start-tls` began is done, and the server is who it should be. */
  | { readonly kind: 'secured'; readonly channel: Channel }
  | { readonly kind: 'closed' }
  /** End the stream in good order. */
  | { readonly kind: 'stop' };

export type ClientStreamEffect =
  | { readonly kind: 'write'; readonly text: string }
  | { readonly kind: 'restart'; readonly authenticated: boolean }
  /** Begin the TLS handshake on the connection. */
  | { readonly kind: 'start-tls' }
  | Extract<SaslClientEffect, { kind: 'derive' | 'signed-in' }>
  /** A new session: what an older one still waited for has no answer. */
  | { readonly kind: 'online'; readonly jid: string }
  /** The lost session goes on. */
  | { readonly kind: 'resumed' }
  | Extract<SessionEffect, { kind: 'requested' | 'answered' | 'refused' | 'wake' }>
  /**
   * Close the transport after what was written. `credentials`: trying again with the same ones is of no use. With
   * `session` only the connection was lost: hand it to the next {@link startClientStream}.
   */
  | {
      readonly kind: 'close';
      readonly reason: string;
      readonly credentials: boolean;
      readonly session?: SessionState;
    };

type ClientStep = Step<ClientStreamState, ClientStreamEffect>;
type Open = Exclude<ClientStreamState, { phase: 'closed' }>;

/** The open transport: writes our header. */
export function startClientStream(context: ClientStreamContext, start: ClientStreamStart): ClientStep {
  const deadlineMs = context.now.monotonicMs + context.negotiateWithinMs;
  const { nonce, session } = start;
  const inTls = start.channel !== 'clear';
  const channel = start.channel === 'clear' ? UNBOUND_CHANNEL : start.channel;
  return {
    state: { phase: 'opening', inTls, authenticated: false, headed: false, deadlineMs, channel, nonce, session },
    effects: [header(context), { kind: 'wake', atMonotonicMs: deadlineMs }],
  };
}

/** One step of the client's side of a stream. */
export function stepClientStream(
  context: ClientStreamContext,
  state: ClientStreamState,
  input: ClientStreamInput,
): ClientStep {
  if (state.phase === 'closed') return { state, effects: [] };
  switch (input.kind) {
    case 'closed':
      return ended(state, 'connection closed');
    case 'end':
      return close([], 'stream closed by the server');
    case 'stop':
      return close([], 'stopped');
    case 'fault':
      return fail(state, faultCondition(input.condition), `fault: ${input.condition}`);
    case 'header':
      return headerCame(context, state, input.header);
    case 'stanza':
      if (is(input.stanza, 'error', STREAMS)) return close([], `stream error: ${streamCondition(input.stanza)}`);
      return stanzaCame(context, state, input.stanza);
    case 'secured': {
      if (state.phase !== 'securing') return { state, effects: [] };
      const { channel } = input;
      return {
        state: { phase: 'opening', inTls: true, authenticated: false, headed: false, ...common(state), channel },
        effects: [header(context)],
      };
    }
    case 'derived':
      return state.phase === 'signing-in' ? signingIn(context, state, input) : { state, effects: [] };
    case 'wake':
      if (state.phase === 'bound') return inSession(context, state, input);
      if (context.now.monotonicMs < state.deadlineMs) {
        return { state, effects: [{ kind: 'wake', atMonotonicMs: state.deadlineMs }] };
      }
      return fail(state, 'connection-timeout', 'not signed in in time');
    case 'request':
      if (state.phase !== 'bound') return { state, effects: [{ kind: 'refused', id: input.id }] };
      return inSession(context, state, input);
    case 'answer':
      return state.phase === 'bound' ? inSession(context, state, input) : { state, effects: [] };
  }
}

function headerCame(context: ClientStreamContext, state: Open, peer: StreamHeader): ClientStep {
  if (state.phase !== 'opening' || state.headed) return fail(state, 'bad-format', 'header out of turn');
  if (peer.name !== 'stream' || peer.namespace !== STREAMS) return fail(state, 'invalid-namespace', 'not a stream');
  if (peer.attributes.from !== undefined && peer.attributes.from !== context.jid.domain) {
    return fail(state, 'host-unknown', 'another domain answers');
  }
  return { state: { ...state, headed: true }, effects: [] };
}

function stanzaCame(context: ClientStreamContext, state: Open, stanza: Element): ClientStep {
  switch (state.phase) {
    case 'bound':
      return stanza.namespace === MANAGEMENT && (stanza.name === 'enabled' || stanza.name === 'failed')
        ? enabled(state, stanza)
        : inSession(context, state, { kind: 'stanza', stanza });
    case 'opening':
      if (!state.headed || !is(stanza, 'features', STREAMS)) return fail(state, 'bad-format', 'no features');
      if (!state.inTls) return upgrade(state, stanza);
      return state.authenticated ? signedIn(context, state, stanza) : signIn(context, state, stanza);
    case 'upgrading':
      if (!isProceed(stanza)) return leave('STARTTLS was refused');
      return {
        state: { phase: 'securing', ...common(state) },
        effects: [{ kind: 'restart', authenticated: false }, { kind: 'start-tls' }],
      };
    case 'securing':
      return fail(state, 'policy-violation', 'stanza out of turn');
    case 'signing-in':
      return signingIn(context, state, { kind: 'stanza', stanza });
    case 'resuming':
      return resumed(context, state, stanza);
    case 'binding':
      return bound(context, state, stanza);
  }
}

/** Nothing is said in the clear but this; without an offer there is no falling back (RFC 7590 3.1, attacks 5 and 32). */
function upgrade(state: Extract<ClientStreamState, { phase: 'opening' }>, features: Element): ClientStep {
  if (child(features, 'starttls', TLS) === undefined) return leave('STARTTLS is not offered');
  return { state: { phase: 'upgrading', ...common(state) }, effects: [write(starttlsRequest)] };
}

function signIn(
  context: ClientStreamContext,
  state: Extract<ClientStreamState, { phase: 'opening' }>,
  features: Element,
): ClientStep {
  const step = startSaslClient({ ...context, channel: state.channel }, features, state.nonce);
  return afterSasl(context, state, step);
}

function signingIn(
  context: ClientStreamContext,
  state: Extract<ClientStreamState, { phase: 'signing-in' }>,
  input: SaslClientInput,
): ClientStep {
  return afterSasl(context, state, stepSaslClient({ ...context, channel: state.channel }, state.sasl, input));
}

function afterSasl(
  context: ClientStreamContext,
  state: Common,
  { state: sasl, effects }: Step<SaslClientState | undefined, SaslClientEffect>,
): ClientStep {
  const performed: ClientStreamEffect[] = [];
  for (const effect of effects) {
    switch (effect.kind) {
      case 'write':
        performed.push(write(effect.stanza));
        break;
      case 'derive':
        performed.push(effect);
        break;
      case 'leave':
        return close(performed, effect.reason, effect.credentials);
      case 'signed-in':
        return {
          state: { phase: 'opening', inTls: true, authenticated: true, headed: false, ...common(state) },
          effects: [...performed, effect, { kind: 'restart', authenticated: true }, header(context)],
        };
    }
  }
  if (sasl === undefined) throw new XmppError('sasl', 'an exchange that ended without an outcome');
  return { state: { phase: 'signing-in', ...common(state), sasl }, effects: performed };
}

/** Resumes the lost session, when there is one and the server can; else binds a resource for a new one. */
function signedIn(
  context: ClientStreamContext,
  state: Extract<ClientStreamState, { phase: 'opening' }>,
  features: Element,
): ClientStep {
  if (child(features, bindFeature.name, BIND) === undefined) return close([], 'binding is not offered');
  const managed = child(features, managementFeature.name, MANAGEMENT) !== undefined;
  const management = state.session?.management;
  if (managed && management?.id !== undefined) {
    return {
      state: { phase: 'resuming', ...common(state), managed },
      effects: [write(resumeNonza(management.id, management.handled))],
    };
  }
  return {
    state: { phase: 'binding', ...common(state), managed },
    effects: [write(bindRequest(context.jid))],
  };
}

function resumed(
  context: ClientStreamContext,
  state: Extract<ClientStreamState, { phase: 'resuming' | 'binding' }>,
  stanza: Element,
): ClientStep {
  const nonza = stanza.namespace === MANAGEMENT ? parsed(stanza) : undefined;
  const { session } = state;
  if (nonza?.kind === 'failed') {
    return { state: { ...state, phase: 'binding', session: undefined }, effects: [write(bindRequest(context.jid))] };
  }
  if (nonza?.kind !== 'resumed' || session?.management === undefined || nonza.previd !== session.management.id) {
    return fail(state, 'bad-format', 'no outcome of the resumption');
  }
  const step = resumeSession(context.limits, context.now, session, nonza.h);
  if (step === undefined) {
    return close([write(handledTooMuch(nonza.h, session.management.sent))], 'handled count too high');
  }
  return {
    state: { phase: 'bound', session: step.state },
    effects: [{ kind: 'resumed' }, ...step.effects.flatMap(sessionEffect)],
  };
}

function bound(
  context: ClientStreamContext,
  state: Extract<ClientStreamState, { phase: 'resuming' | 'binding' }>,
  stanza: Element,
): ClientStep {
  const result = readBindResult(stanza, context.jid);
  if (result === undefined) return { state, effects: [] };
  if ('refused' in result) return fail(state, 'not-authorized', result.refused);
  const { jid } = result;
  const bare = bareJid(context.jid);
  const session = startSession(context.limits, context.now, {
    peers: [context.jid.domain, bare, jid],
    selves: [jid, bare],
    to: undefined,
  });
  // From `enable` on our stanzas count; the server's from its `enabled` on.
  const management = state.managed ? startManagement(undefined, false) : undefined;
  return {
    state: { phase: 'bound', session: { ...session.state, management } },
    effects: [
      ...(state.managed ? [write(enableNonza)] : []),
      { kind: 'online', jid },
      ...session.effects.flatMap(sessionEffect),
    ],
  };
}

function enabled(state: Extract<ClientStreamState, { phase: 'bound' }>, stanza: Element): ClientStep {
  const { management } = state.session;
  const nonza = parsed(stanza);
  if (management === undefined || management.receiving || nonza === undefined) {
    return fail(state, 'bad-format', 'stream management out of turn');
  }
  if (nonza.kind !== 'enabled')
    return { state: { ...state, session: { ...state.session, management: undefined } }, effects: [] };
  const id = nonza.resume ? nonza.id : undefined;
  return {
    state: { ...state, session: { ...state.session, management: { ...management, id, receiving: true } } },
    effects: [],
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
  context: ClientStreamContext,
  state: Extract<ClientStreamState, { phase: 'bound' }>,
  input: SessionInput,
): ClientStep {
  const { state: session, effects } = stepSession(context.limits, context.now, state.session, input);
  const next = { ...state, session };
  for (const effect of effects) {
    if (effect.kind !== 'fail') continue;
    const said = [write(effect.error)];
    return effect.resumable ? ended(next, effect.reason, said) : close(said, effect.reason);
  }
  return { state: next, effects: effects.flatMap(sessionEffect) };
}

function sessionEffect(effect: SessionEffect): readonly ClientStreamEffect[] {
  return effect.kind === 'fail' ? [] : [effect];
}

function fail(state: Open, condition: StreamCondition, reason: string): ClientStep {
  // Between `proceed` and the handshake there is no stream to say anything in.
  if (state.phase === 'securing') {
    return { state: { phase: 'closed' }, effects: [{ kind: 'close', reason, credentials: false }] };
  }
  return close([write(streamError(condition))], reason);
}

function leave(reason: string): ClientStep {
  return close([], reason);
}

/** The connection is lost; a session with stream management is not, nor one that was about to be resumed. */
function ended(state: Open, reason: string, said: readonly ClientStreamEffect[] = []): ClientStep {
  const session = state.phase !== 'bound' || state.session.management?.id !== undefined ? state.session : undefined;
  const effects = said.length === 0 ? [] : [...said, { kind: 'write', text: STREAM_END } as const];
  const end = { kind: 'close', reason, credentials: false } as const;
  return {
    state: { phase: 'closed' },
    effects: [...effects, session === undefined ? end : { ...end, session }],
  };
}

function close(effects: readonly ClientStreamEffect[], reason: string, credentials = false): ClientStep {
  return {
    state: { phase: 'closed' },
    effects: [...effects, { kind: 'write', text: STREAM_END }, { kind: 'close', reason, credentials }],
  };
}

function header(context: ClientStreamContext): ClientStreamEffect {
  return { kind: 'write', text: serializeHeader({ to: context.jid.domain, from: undefined }) };
}

function write(stanza: Element): ClientStreamEffect {
  return { kind: 'write', text: serialize(stanza) };
}

function common({ deadlineMs, channel, nonce, session }: Common): Common {
  return { deadlineMs, channel, nonce, session };
}
