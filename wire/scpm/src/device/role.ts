import { KEY_INDEX, type Services } from '../header.ts';
import type { HeldKey } from '../node/keys.ts';
import { fragmentEnded } from '../node/message.ts';
import type { Role } from '../node/role.ts';
import { type Purpose, REQUESTERS_MAX } from '../node/state.ts';
import { answerAlgorithms } from './algorithms.ts';
import type { DeviceTurn } from './device-turn.ts';
import { valueAnswered } from './exchange.ts';
import { serve } from './serve.ts';
import { isKsn } from './state.ts';
import { requestUpdate, updateAnswered } from './update-request.ts';

/** A device as a node. */
export function deviceRole(turn: DeviceTurn): Role {
  return {
    admits: (from, key) => admits(turn, from, key),
    activate: (_from, key) => turn.activate(key),
    serve: (from, key, services: Services, padata) => serve(turn, from, key, services, padata),
    answered(to, purpose: Purpose, end) {
      if (purpose.kind === 'message') fragmentEnded(turn, to, purpose, end);
      else if (purpose.kind === 'public-value') valueAnswered(turn, purpose, end);
      else if (purpose.kind === 'update-request') updateAnswered(turn, end);
    },
    exhausted: (to, keyIndex) => {
      if (isKsn(turn.state, to) && keyIndex !== KEY_INDEX.serial) requestUpdate(turn, keyIndex);
    },
    ordinary: (from, adata) => answerAlgorithms(turn, from, adata),
    save: () => turn.save(),
  };
}

/**
 * Who may ask under which key (6.5). The number of requesters is bounded, and none is forgotten while its key lives; but
 * whoever only ever tried to join makes room, or a device could be filled up by them for good.
 */
function admits(turn: DeviceTurn, from: Uint8Array, key: HeldKey): boolean {
  const { state } = turn;
  const hasRoom = state.peers.length <= REQUESTERS_MAX || state.peers.some((peer) => turn.isForgettable(peer));
  const isKnown = turn.peer(from) !== undefined || hasRoom;
  switch (key.keyIndex) {
    case KEY_INDEX.serial:
      return isKnown && turn.isSetting && state.ksn === undefined;
    case KEY_INDEX.user:
      // Device to device under the domain's one user key exists in `standard` alone.
      return isKsn(state, from) || (isKnown && state.settings.profile === 'standard' && key.state !== 'shared');
    default:
      return isKnown;
  }
}
