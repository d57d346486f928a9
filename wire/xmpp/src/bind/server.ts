import type { Element } from '../element.ts';
import { bareJid, parseJid } from '../jid.ts';
import { sessionEffect } from '../session/server.ts';
import { startSession } from '../session/session.ts';
import { fail, write } from '../stream/server-ends.ts';
import type { ServerPhase, ServerStep, ServerStreamContext } from '../stream/server-types.ts';
import { bindFirst, bindResult, readBindRequest } from './bind.ts';

/** The server's phase of binding: every client of an account gets the one resource that it has. */
export function bindCame(context: ServerStreamContext, state: ServerPhase<'binding'>, stanza: Element): ServerStep {
  const asked = readBindRequest(stanza);
  switch (asked.kind) {
    case 'other':
      return fail(context, state, 'not-authorized', 'stanza before a resource is bound');
    case 'too-soon':
      return { state, effects: [write(bindFirst(asked.id))] };
    case 'bind': {
      const { user, entropy } = state;
      const jid = `${user}@${context.domain}/${context.resource}`;
      const bare = bareJid(parseJid(jid));
      const session = startSession(context.limits, context.now, {
        peers: [jid, bare],
        selves: [context.domain, jid, bare],
        to: jid,
      });
      return {
        state: { phase: 'bound', user, entropy, session: session.state },
        effects: [
          write(bindResult(asked.id, jid)),
          { kind: 'online', user, jid },
          ...session.effects.flatMap(sessionEffect),
        ],
      };
    }
  }
}
