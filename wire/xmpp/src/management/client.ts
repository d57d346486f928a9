import { bindRequest } from '../bind/bind.ts';
import type { Element } from '../element.ts';
import { MANAGEMENT } from '../namespaces.ts';
import { sessionEffect } from '../session/client.ts';
import { resumeSession } from '../session/session.ts';
import { close, fail, write } from '../stream/client-ends.ts';
import type { ClientPhase, ClientStep, ClientStreamContext } from '../stream/client-types.ts';
import { handledTooMuch, tryNonza } from './nonzas.ts';

/** The server's answer to `resume`: the session goes on, or a resource has to be bound. */
export function resumed(
  context: ClientStreamContext,
  state: ClientPhase<'resuming' | 'binding'>,
  stanza: Element,
): ClientStep {
  const nonza = stanza.namespace === MANAGEMENT ? tryNonza(stanza) : undefined;
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

/** The server's answer to `enable`. */
export function enabled(state: ClientPhase<'bound'>, stanza: Element): ClientStep {
  const { management } = state.session;
  const nonza = tryNonza(stanza);
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
