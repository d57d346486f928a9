import { toHex } from '@cardea/kit-octets';
import type { Element } from '../element.ts';
import { NONCE_OCTETS } from '../sasl/server.ts';
import { sessionEffect } from '../session/server.ts';
import { resumeSession, type SessionState } from '../session/session.ts';
import { close, common, fail, write } from '../stream/server-ends.ts';
import type { ServerPhase, ServerStep, ServerStreamContext } from '../stream/server-types.ts';
import { startManagement } from './management.ts';
import { enabledNonza, failedNonza, handledTooMuch, resumedNonza, tryNonza } from './nonzas.ts';

/** Stream management before a resource is bound: a session is resumed in its place, or it is too soon. */
export function managedTooSoon(
  context: ServerStreamContext,
  state: ServerPhase<'binding'>,
  stanza: Element,
): ServerStep {
  const nonza = tryNonza(stanza);
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

/** The session was looked for: it goes on here, or a resource has to be bound. */
export function resuming(
  context: ServerStreamContext,
  state: ServerPhase<'resuming'>,
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

/** The client turns the counts on. */
export function enable(context: ServerStreamContext, state: ServerPhase<'bound'>, stanza: Element): ServerStep {
  const nonza = tryNonza(stanza);
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
