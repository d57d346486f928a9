import { toHex } from '@cardea/kit-octets';
import type { Element } from '../element.ts';
import { XmppError } from '../errors.ts';
import { NONCE_OCTETS } from '../sasl/server.ts';
import { STREAM_END, serialize, serializeHeader } from '../serializer.ts';
import { type StreamCondition, streamError } from '../stanzas.ts';
import type { Common, OpenServerState, ServerStep, ServerStreamContext, ServerStreamEffect } from './server-types.ts';

/** What each phase of the server needs: to write, to end, to draw from its fresh octets. */

/** A stream error is sent inside a stream: where ours is not open yet, its header goes first (RFC 6120 4.9.1.2). */
export function fail(
  context: ServerStreamContext,
  state: OpenServerState,
  condition: StreamCondition,
  reason: string,
): ServerStep {
  // Between `proceed` and the handshake there is no stream to say anything in.
  if (state.phase === 'securing') return { state: { phase: 'closed' }, effects: [{ kind: 'close', reason }] };
  const effects: ServerStreamEffect[] = [];
  if (state.phase === 'opening') {
    effects.push({ kind: 'write', text: serializeHeader({ from: context.domain, id: toHex(take(state.entropy)[0]) }) });
  }
  return close([...effects, write(streamError(condition))], reason);
}

/** The connection is lost; with stream management its session is not. */
export function ended(state: OpenServerState, reason: string, said: readonly ServerStreamEffect[] = []): ServerStep {
  const session = state.phase === 'bound' && state.session.management?.id !== undefined ? state.session : undefined;
  const effects = said.length === 0 ? [] : [...said, { kind: 'write', text: STREAM_END } as const];
  return {
    state: { phase: 'closed' },
    effects: [...effects, session === undefined ? { kind: 'close', reason } : { kind: 'close', reason, session }],
  };
}

/** Closes in good order, having said what is left to say. */
export function close(effects: readonly ServerStreamEffect[], reason: string): ServerStep {
  return {
    state: { phase: 'closed' },
    effects: [...effects, { kind: 'write', text: STREAM_END }, { kind: 'close', reason }],
  };
}

/** Writes an element. */
export function write(stanza: Element): ServerStreamEffect {
  return { kind: 'write', text: serialize(stanza) };
}

/** What is carried along into the next phase. */
export function common({ entropy, deadlineMs, channel }: Common): Common {
  return { entropy, deadlineMs, channel };
}

/** The next 16 fresh octets, and those that are left. @throws XmppError `element` */
export function take(entropy: Uint8Array): readonly [Uint8Array, Uint8Array] {
  if (entropy.length < NONCE_OCTETS) throw new XmppError('element', 'no fresh octets are left');
  return [entropy.slice(0, NONCE_OCTETS), entropy.slice(NONCE_OCTETS)];
}
