import type { Element } from '../element.ts';
import { STREAM_END, serialize, serializeHeader } from '../serializer.ts';
import { type StreamCondition, streamError } from '../stanzas.ts';
import type { ClientStep, ClientStreamContext, ClientStreamEffect, Common, OpenClientState } from './client-types.ts';

/** What each phase of the client needs: to write and to end. */

/** Ends with a stream error. */
export function fail(state: OpenClientState, condition: StreamCondition, reason: string): ClientStep {
  // Between `proceed` and the handshake there is no stream to say anything in.
  if (state.phase === 'securing') {
    return { state: { phase: 'closed' }, effects: [{ kind: 'close', reason, credentials: false }] };
  }
  return close([write(streamError(condition))], reason);
}

/** Ends without a word: the server is not one to talk to. */
export function leave(reason: string): ClientStep {
  return close([], reason);
}

/** The connection is lost; a session with stream management is not, nor one that was about to be resumed. */
export function ended(state: OpenClientState, reason: string, said: readonly ClientStreamEffect[] = []): ClientStep {
  const session = state.phase !== 'bound' || state.session.management?.id !== undefined ? state.session : undefined;
  const effects = said.length === 0 ? [] : [...said, { kind: 'write', text: STREAM_END } as const];
  const end = { kind: 'close', reason, credentials: false } as const;
  return {
    state: { phase: 'closed' },
    effects: [...effects, session === undefined ? end : { ...end, session }],
  };
}

/** Closes in good order, having said what is left to say. */
export function close(effects: readonly ClientStreamEffect[], reason: string, credentials = false): ClientStep {
  return {
    state: { phase: 'closed' },
    effects: [...effects, { kind: 'write', text: STREAM_END }, { kind: 'close', reason, credentials }],
  };
}

/** Our header. */
export function header(context: ClientStreamContext): ClientStreamEffect {
  return { kind: 'write', text: serializeHeader({ to: context.jid.domain, from: undefined }) };
}

/** Writes an element. */
export function write(stanza: Element): ClientStreamEffect {
  return { kind: 'write', text: serialize(stanza) };
}

/** What is carried along into the next phase. */
export function common({ deadlineMs, channel, nonce, session }: Common): Common {
  return { deadlineMs, channel, nonce, session };
}
