import type { Step } from '@cardea/kit-runtime';
import type { ScpmEffect } from '../effect.ts';
import type { NodeInput } from '../input.ts';
import { pump, resend, resendDueMs } from '../node/ask.ts';
import { applyNodeInput } from '../node/inputs.ts';
import { fragmentEnded, takeFragment } from '../node/message.ts';
import { receive } from '../node/receive.ts';
import type { Role } from '../node/role.ts';
import { type ScpmContext, Turn } from '../node/turn.ts';
import { encodeProviderRecord, type ProviderState } from './state.ts';

/** Name of what a control node keeps without power. */
export const PROVIDER_RECORD = 'provider';

/** A service provider's side of SCPM: messages to and from its devices, and nothing of keys. */
export function stepProvider(
  context: ScpmContext,
  state: ProviderState,
  input: NodeInput,
): Step<ProviderState, ScpmEffect> {
  const turn = new Turn(context, state);
  const role = providerRole(turn);
  applyNodeInput(turn, input);
  if (input.kind === 'frame') receive(turn, role, input.octets);
  resend(turn, role);
  for (const { address } of turn.state.peers) pump(turn, role, address);
  const dueMs = resendDueMs(turn.state);
  if (dueMs !== undefined) turn.emit({ kind: 'wake', atMonotonicMs: dueMs });
  return { state: { ...state, ...turn.state }, effects: turn.effects };
}

function providerRole(turn: Turn): Role {
  return {
    admits: () => true,
    activate: () => {},
    serve(from, key, services, padata) {
      const isMessage = padata.kind === 'lock-message' && services === 'auth+enc';
      return isMessage ? takeFragment(turn, from, key, padata) : 'not_allowed';
    },
    answered(to, purpose, end) {
      if (purpose.kind === 'message') fragmentEnded(turn, to, purpose, end);
    },
    // The domain renews a provider's key when it is asked to; the node is then given the new one.
    exhausted: () => {},
    ordinary: (from, adata) => turn.emit({ kind: 'ordinary', from, adata }),
    save: () => {
      turn.emit({ kind: 'persist', name: PROVIDER_RECORD, octets: encodeProviderRecord(turn.state) });
    },
  };
}
