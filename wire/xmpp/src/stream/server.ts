import { toHex } from '@cardea/kit-octets';
import { bindFeature } from '../bind/bind.ts';
import { bindCame } from '../bind/server.ts';
import { type Element, element } from '../element.ts';
import { managementFeature } from '../management/nonzas.ts';
import { enable, managedTooSoon, resuming } from '../management/server.ts';
import { MANAGEMENT, SASL, STREAMS } from '../namespaces.ts';
import type { StreamHeader } from '../parser.ts';
import { type Channel, UNBOUND_CHANNEL } from '../sasl/channel-binding.ts';
import {
  NONCE_OCTETS,
  SASL_ATTEMPTS,
  type SaslServerInput,
  saslFailure,
  saslFeatures,
  stepSaslServer,
} from '../sasl/server.ts';
import { serialize, serializeHeader } from '../serializer.ts';
import { inSession } from '../session/server.ts';
import { isStarttls, starttlsFeature, starttlsProceed } from '../tls/starttls.ts';
import { faultCondition } from './faults.ts';
import { close, common, ended, fail, take, write } from './server-ends.ts';
import type {
  OpenServerState,
  ServerPhase,
  ServerStep,
  ServerStreamContext,
  ServerStreamEffect,
  ServerStreamInput,
  ServerStreamState,
} from './server-types.ts';

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

function headerCame(context: ServerStreamContext, state: ServerPhase<'opening'>, header: StreamHeader): ServerStep {
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

function stanzaCame(context: ServerStreamContext, state: OpenServerState, stanza: Element): ServerStep {
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
function inTheClear(context: ServerStreamContext, state: OpenServerState, stanza: Element): ServerStep {
  const { state: closed, effects } = fail(
    context,
    state,
    'policy-violation',
    'something else than STARTTLS in the clear',
  );
  const refusal = stanza.namespace === SASL ? [write(saslFailure('encryption-required'))] : [];
  return { state: closed, effects: [...refusal, ...effects] };
}

function signingIn(context: ServerStreamContext, state: ServerPhase<'signing-in'>, input: SaslServerInput): ServerStep {
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
