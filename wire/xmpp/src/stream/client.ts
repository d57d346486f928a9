import type { Step } from '@cardea/kit-runtime';
import { bindFeature, bindRequest } from '../bind/bind.ts';
import { bound } from '../bind/client.ts';
import { child, type Element, is } from '../element.ts';
import { XmppError } from '../errors.ts';
import { enabled, resumed } from '../management/client.ts';
import { managementFeature, resumeNonza } from '../management/nonzas.ts';
import { BIND, MANAGEMENT, STREAMS, TLS } from '../namespaces.ts';
import type { StreamHeader } from '../parser.ts';
import { UNBOUND_CHANNEL } from '../sasl/channel-binding.ts';
import {
  type SaslClientEffect,
  type SaslClientInput,
  type SaslClientState,
  startSaslClient,
  stepSaslClient,
} from '../sasl/client.ts';
import { inSession } from '../session/client.ts';
import { streamCondition } from '../stanzas.ts';
import { isProceed, starttlsRequest } from '../tls/starttls.ts';
import { close, common, ended, fail, header, leave, write } from './client-ends.ts';
import type {
  ClientPhase,
  ClientStep,
  ClientStreamContext,
  ClientStreamEffect,
  ClientStreamInput,
  ClientStreamStart,
  ClientStreamState,
  Common,
  OpenClientState,
} from './client-types.ts';
import { faultCondition } from './faults.ts';

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
      if (is(input.stanza, 'error', STREAMS)) return streamFailed(streamCondition(input.stanza));
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

/**
 * The server has ended the stream. After `conflict` another session of this account is there: to hurry back would only
 * throw that one out in turn.
 */
function streamFailed(condition: string): ClientStep {
  return close([], `stream error: ${condition}`, condition === 'conflict');
}

function headerCame(context: ClientStreamContext, state: OpenClientState, peer: StreamHeader): ClientStep {
  if (state.phase !== 'opening' || state.headed) return fail(state, 'bad-format', 'header out of turn');
  if (peer.name !== 'stream' || peer.namespace !== STREAMS) return fail(state, 'invalid-namespace', 'not a stream');
  if (peer.attributes.from !== undefined && peer.attributes.from !== context.jid.domain) {
    return fail(state, 'host-unknown', 'another domain answers');
  }
  return { state: { ...state, headed: true }, effects: [] };
}

function stanzaCame(context: ClientStreamContext, state: OpenClientState, stanza: Element): ClientStep {
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
function upgrade(state: ClientPhase<'opening'>, features: Element): ClientStep {
  if (child(features, 'starttls', TLS) === undefined) return leave('STARTTLS is not offered');
  return { state: { phase: 'upgrading', ...common(state) }, effects: [write(starttlsRequest)] };
}

function signIn(context: ClientStreamContext, state: ClientPhase<'opening'>, features: Element): ClientStep {
  const step = startSaslClient({ ...context, channel: state.channel }, features, state.nonce);
  return afterSasl(context, state, step);
}

function signingIn(context: ClientStreamContext, state: ClientPhase<'signing-in'>, input: SaslClientInput): ClientStep {
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
function signedIn(context: ClientStreamContext, state: ClientPhase<'opening'>, features: Element): ClientStep {
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
