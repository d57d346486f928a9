import { close, ended, write } from '../stream/client-ends.ts';
import type { ClientPhase, ClientStep, ClientStreamContext, ClientStreamEffect } from '../stream/client-types.ts';
import { type SessionEffect, type SessionInput, stepSession } from './session.ts';

/** The client's phase of the session. */
export function inSession(context: ClientStreamContext, state: ClientPhase<'bound'>, input: SessionInput): ClientStep {
  const { state: session, effects } = stepSession(context.limits, context.now, state.session, input);
  const next = { ...state, session };
  for (const effect of effects) {
    if (effect.kind !== 'fail') continue;
    const said = [write(effect.error)];
    return effect.resumable ? ended(next, effect.reason, said) : close(said, effect.reason);
  }
  return { state: next, effects: effects.flatMap(sessionEffect) };
}

/** What a session's effect is to the stream. */
export function sessionEffect(effect: SessionEffect): readonly ClientStreamEffect[] {
  return effect.kind === 'fail' ? [] : [effect];
}
