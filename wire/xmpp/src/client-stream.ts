import type { Primitives } from '@cardea/kit-crypto';
import { fromAscii, fromBase64, OctetsError, toAscii, toBase64 } from '@cardea/kit-octets';
import type { Instant, Secret, Step } from '@cardea/kit-runtime';
import { child, childElements, type Element, element, is, text } from './element.ts';
import { XmppError } from './errors.ts';
import { bareJid, type Jid } from './jid.ts';
import { BIND, CLIENT, SASL, STREAMS } from './namespaces.ts';
import type { StreamHeader } from './parser.ts';
import { SCRAM_SHA_256 } from './scram.ts';
import {
  finishScram,
  readServerFirst,
  type ScramStart,
  type ServerFirst,
  startScram,
  verifyServerFinal,
} from './scram-client.ts';
import { STREAM_END, serialize, serializeHeader } from './serializer.ts';
import { faultCondition } from './server-stream.ts';
import {
  type Answer,
  type SessionEffect,
  type SessionInput,
  type SessionLimits,
  type SessionState,
  startSession,
  stepSession,
} from './session.ts';
import { iq, type StreamCondition, streamCondition, streamError } from './stanzas.ts';
import type { StreamEvent } from './stream-reader.ts';

/*
 * The initiating entity of a client stream on direct TLS:
 *
 *   opening -header, features-> greeted -challenge-> deriving -derived-> proving -success-> opening (authenticated)
 *   opening (authenticated) -header, features-> binding -result-> bound -...-> closed
 *
 * It signs in by SCRAM-SHA-256 or not at all: a server that offers only less (attack 32) is left.
 */

export interface ClientStreamContext {
  readonly primitives: Primitives;
  readonly now: Instant;
  readonly jid: Jid;
  readonly limits: SessionLimits;
  readonly negotiateWithinMs: number;
}

interface Common {
  readonly deadlineMs: number;
  readonly scram: ScramStart;
}

export type ClientStreamState =
  | (Common & { readonly phase: 'opening'; readonly authenticated: boolean; readonly headed: boolean })
  | (Common & { readonly phase: 'greeted' })
  | (Common & { readonly phase: 'deriving'; readonly first: ServerFirst })
  | (Common & { readonly phase: 'proving'; readonly serverSignature: Uint8Array })
  | (Common & { readonly phase: 'binding' })
  | { readonly phase: 'bound'; readonly session: SessionState }
  | { readonly phase: 'closed' };

export type ClientStreamInput =
  | StreamEvent
  | Exclude<SessionInput, { kind: 'stanza' }>
  /** What `derive` asked for. */
  | { readonly kind: 'derived'; readonly saltedPassword: Secret }
  | { readonly kind: 'closed' }
  /** End the stream in good order. */
  | { readonly kind: 'stop' };

export type ClientStreamEffect =
  | { readonly kind: 'write'; readonly text: string }
  | { readonly kind: 'restart' }
  /** PBKDF2-HMAC-SHA-256 of the password, 32 octets; it is slow by design. */
  | { readonly kind: 'derive'; readonly salt: Uint8Array; readonly iterations: number }
  | { readonly kind: 'online'; readonly jid: string }
  | { readonly kind: 'requested'; readonly id: string; readonly payload: Element }
  | { readonly kind: 'answered'; readonly id: string; readonly answer: Answer }
  | { readonly kind: 'refused'; readonly id: string }
  /** Close the transport after what was written. `credentials`: trying again with the same password is of no use. */
  | { readonly kind: 'close'; readonly reason: string; readonly credentials: boolean }
  | { readonly kind: 'wake'; readonly atMonotonicMs: number };

type ClientStep = Step<ClientStreamState, ClientStreamEffect>;
const BIND_ID = 'bind-1';

/** The open transport: writes our header. `nonce` has 16 or more fresh octets. @throws XmppError `sasl` for the name */
export function startClientStream(context: ClientStreamContext, nonce: Uint8Array): ClientStep {
  const deadlineMs = context.now.monotonicMs + context.negotiateWithinMs;
  const scram = startScram(context.jid.local, nonce);
  return {
    state: { phase: 'opening', authenticated: false, headed: false, scram, deadlineMs },
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
      return {
        state: { phase: 'closed' },
        effects: [{ kind: 'close', reason: 'connection closed', credentials: false }],
      };
    case 'end':
      return close([], 'stream closed by the server');
    case 'stop':
      return close([], 'stopped');
    case 'fault':
      return fail(faultCondition(input.condition), `fault: ${input.condition}`);
    case 'header':
      return headerCame(context, state, input.header);
    case 'stanza':
      if (is(input.stanza, 'error', STREAMS)) return close([], `stream error: ${streamCondition(input.stanza)}`);
      return stanzaCame(context, state, input.stanza);
    case 'derived':
      return state.phase === 'deriving' ? derived(context, state, input.saltedPassword) : { state, effects: [] };
    case 'wake':
      if (state.phase === 'bound') return inSession(context, state, input);
      if (context.now.monotonicMs < state.deadlineMs) {
        return { state, effects: [{ kind: 'wake', atMonotonicMs: state.deadlineMs }] };
      }
      return fail('connection-timeout', 'not signed in in time');
    case 'request':
      if (state.phase !== 'bound') return { state, effects: [{ kind: 'refused', id: input.id }] };
      return inSession(context, state, input);
    case 'answer':
      return state.phase === 'bound' ? inSession(context, state, input) : { state, effects: [] };
  }
}

function headerCame(
  context: ClientStreamContext,
  state: Exclude<ClientStreamState, { phase: 'closed' }>,
  peer: StreamHeader,
): ClientStep {
  if (state.phase !== 'opening' || state.headed) return fail('bad-format', 'header out of turn');
  if (peer.name !== 'stream' || peer.namespace !== STREAMS) return fail('invalid-namespace', 'not a stream');
  if (peer.attributes.from !== undefined && peer.attributes.from !== context.jid.domain) {
    return fail('host-unknown', 'another domain answers');
  }
  return { state: { ...state, headed: true }, effects: [] };
}

function stanzaCame(
  context: ClientStreamContext,
  state: Exclude<ClientStreamState, { phase: 'closed' }>,
  stanza: Element,
): ClientStep {
  switch (state.phase) {
    case 'opening':
      if (!state.headed || !is(stanza, 'features', STREAMS)) return fail('bad-format', 'no features');
      return state.authenticated ? bindOffered(context, state, stanza) : signInOffered(state, stanza);
    case 'greeted':
      if (is(stanza, 'failure', SASL)) return refused(stanza);
      if (!is(stanza, 'challenge', SASL)) return fail('bad-format', 'no challenge');
      return challenged(state, stanza);
    case 'deriving':
      return fail('policy-violation', 'stanza out of turn');
    case 'proving':
      if (is(stanza, 'failure', SASL)) return refused(stanza);
      if (!is(stanza, 'success', SASL)) return fail('bad-format', 'no outcome');
      return succeeded(context, state, stanza);
    case 'binding':
      return bound(context, state, stanza);
    case 'bound':
      return inSession(context, state, { kind: 'stanza', stanza });
  }
}

function signInOffered(state: Extract<ClientStreamState, { phase: 'opening' }>, features: Element): ClientStep {
  const offered = child(features, 'mechanisms', SASL);
  const names = offered === undefined ? [] : childElements(offered).map(text);
  if (!names.includes(SCRAM_SHA_256)) return close([], 'SCRAM-SHA-256 is not offered');
  const { scram, deadlineMs } = state;
  return {
    state: { phase: 'greeted', scram, deadlineMs },
    effects: [write(element('auth', SASL, { mechanism: SCRAM_SHA_256 }, [toBase64(fromAscii(scram.message))]))],
  };
}

function challenged(state: Extract<ClientStreamState, { phase: 'greeted' }>, stanza: Element): ClientStep {
  const { scram, deadlineMs } = state;
  const first = readSasl(stanza, (message) => readServerFirst(scram, message));
  if (first === undefined) return close([write(element('abort', SASL))], 'challenge refused');
  return {
    state: { phase: 'deriving', scram, deadlineMs, first },
    effects: [{ kind: 'derive', salt: first.salt, iterations: first.iterations }],
  };
}

function derived(
  context: ClientStreamContext,
  state: Extract<ClientStreamState, { phase: 'deriving' }>,
  saltedPassword: Secret,
): ClientStep {
  const { scram, deadlineMs, first } = state;
  const { message, serverSignature } = finishScram(context.primitives, scram, first, saltedPassword.reveal());
  return {
    state: { phase: 'proving', scram, deadlineMs, serverSignature },
    effects: [write(element('response', SASL, {}, [toBase64(fromAscii(message))]))],
  };
}

function succeeded(
  context: ClientStreamContext,
  state: Extract<ClientStreamState, { phase: 'proving' }>,
  stanza: Element,
): ClientStep {
  const { scram, deadlineMs, serverSignature } = state;
  // A server that cannot prove that it knows the verifier is not the one that we enrolled with.
  if (readSasl(stanza, (message) => verifyServerFinal(serverSignature, message)) !== true) {
    return close([], 'the server did not prove itself');
  }
  return {
    state: { phase: 'opening', authenticated: true, headed: false, scram, deadlineMs },
    effects: [{ kind: 'restart' }, header(context)],
  };
}

function refused(stanza: Element): ClientStep {
  const denied = child(stanza, 'not-authorized', SASL) !== undefined;
  return close([], denied ? 'sign-in refused: not-authorized' : 'sign-in refused', denied);
}

function bindOffered(
  context: ClientStreamContext,
  state: Extract<ClientStreamState, { phase: 'opening' }>,
  features: Element,
): ClientStep {
  if (child(features, 'bind', BIND) === undefined) return close([], 'binding is not offered');
  const { scram, deadlineMs } = state;
  const { resource } = context.jid;
  const wanted = resource === undefined ? [] : [element('resource', BIND, {}, [resource])];
  return {
    state: { phase: 'binding', scram, deadlineMs },
    effects: [write(iq('set', { id: BIND_ID }, [element('bind', BIND, {}, wanted)]))],
  };
}

function bound(
  context: ClientStreamContext,
  state: Extract<ClientStreamState, { phase: 'binding' }>,
  stanza: Element,
): ClientStep {
  if (!is(stanza, 'iq', CLIENT) || stanza.attributes.id !== BIND_ID) return { state, effects: [] };
  const given = child(stanza, 'bind', BIND);
  const jidElement = given === undefined ? undefined : child(given, 'jid', BIND);
  if (stanza.attributes.type !== 'result' || jidElement === undefined) return close([], 'no resource was bound');
  const jid = text(jidElement);
  const bare = bareJid(context.jid);
  if (!jid.startsWith(`${bare}/`)) return fail('not-authorized', 'another address was bound');
  const { domain } = context.jid;
  const session = startSession(context.limits, context.now, {
    peers: [domain, bare, jid],
    selves: [jid, bare],
    to: undefined,
  });
  return {
    state: { phase: 'bound', session: session.state },
    effects: [{ kind: 'online', jid }, ...session.effects.flatMap(sessionEffect)],
  };
}

function inSession(
  context: ClientStreamContext,
  state: Extract<ClientStreamState, { phase: 'bound' }>,
  input: SessionInput,
): ClientStep {
  const { state: session, effects } = stepSession(context.limits, context.now, state.session, input);
  const failed = effects.find((effect) => effect.kind === 'fail');
  if (failed !== undefined) return fail(failed.condition, failed.reason);
  return { state: { ...state, session }, effects: effects.flatMap(sessionEffect) };
}

function sessionEffect(effect: SessionEffect): readonly ClientStreamEffect[] {
  if (effect.kind === 'write') return [write(effect.stanza)];
  return effect.kind === 'fail' ? [] : [effect];
}

/** What `read` makes of a SASL element's message, or undefined when it is malformed. */
function readSasl<T>(stanza: Element, read: (message: string) => T): T | undefined {
  try {
    return read(toAscii(fromBase64(text(stanza))));
  } catch (error) {
    if (error instanceof OctetsError || error instanceof XmppError) return undefined;
    throw error;
  }
}

function fail(condition: StreamCondition, reason: string): ClientStep {
  return close([write(streamError(condition))], reason);
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
