import { KEY_INDEX } from '../header.ts';
import { ask } from '../node/ask.ts';
import { lineName, protecting } from '../node/keys.ts';
import type { RequestEnd } from '../node/role.ts';
import { encodePadata } from '../padata/padata.ts';
import type { DeviceTurn } from './device-turn.ts';
import { UPDATE_REQUEST_WAITS_MS } from './state.ts';

/**
 * Asks the KSN for a new key of an index, under the old one (9.3.3): NORMAL -> REQUESTED. The serial and the maker key
 * are no master keys, and are not updated (9.3.1).
 */
export function requestUpdate(turn: DeviceTurn, keyIndex: number): void {
  const isMaster = keyIndex === KEY_INDEX.user || keyIndex >= KEY_INDEX.firstProvider;
  if (turn.state.wish !== undefined || !isMaster) return;
  turn.change({ wish: { keyIndex, tries: 0, dueAtMs: turn.nowMs } });
  askWhenDue(turn);
}

/** Asks again when it is time: three times, waiting 10, 20 and 40 s; then the device is NORMAL again. */
export function askWhenDue(turn: DeviceTurn): void {
  const { wish, ksn, keys } = turn.state;
  if (wish === undefined || turn.nowMs < wish.dueAtMs) return;
  const waitMs = UPDATE_REQUEST_WAITS_MS[wish.tries];
  const preMaster = protecting(keys, wish.keyIndex);
  if (waitMs === undefined || ksn === undefined || preMaster === undefined) {
    turn.change({ wish: undefined });
    return;
  }
  turn.change({ wish: { ...wish, tries: wish.tries + 1, dueAtMs: turn.nowMs + waitMs } });
  ask(turn, ksn, {
    purpose: { kind: 'update-request', keyIndex: wish.keyIndex },
    line: lineName(preMaster),
    services: 'auth+enc',
    padata: encodePadata({ kind: 'update-request', keyIndex: wish.keyIndex }),
    expiresAtMs: turn.nowMs + waitMs,
  });
}

/** Accepted and busy wait for what follows; a denial ends it. */
export function updateAnswered(turn: DeviceTurn, end: RequestEnd): void {
  if (end.kind === 'answered' && end.status === 'denied') turn.change({ wish: undefined });
}
