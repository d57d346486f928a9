import type { Element } from '../element.ts';
import { bareJid } from '../jid.ts';
import { startManagement } from '../management/management.ts';
import { enableNonza } from '../management/nonzas.ts';
import { sessionEffect } from '../session/client.ts';
import { startSession } from '../session/session.ts';
import { fail, write } from '../stream/client-ends.ts';
import type { ClientPhase, ClientStep, ClientStreamContext } from '../stream/client-types.ts';
import { readBindResult } from './bind.ts';

/** The client's phase of binding: with the resource it turns the counts on, where the server can. */
export function bound(
  context: ClientStreamContext,
  state: ClientPhase<'resuming' | 'binding'>,
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
