import type { CommandClass } from '@cardea/wire-profile';
import type { RequestBody } from '../request.ts';
import { NONCE_FRESH_MS, type Session } from './state.ts';
import type { Turn } from './turn.ts';

/** What is sent for a job. */
export interface Command {
  readonly class: CommandClass;
  readonly body: RequestBody;
  readonly final: boolean;
}

/** Asks for the lock's time and a nonce. */
export const GET_NONCE: Command = { class: 'operate', body: { name: 'get_nonce' }, final: false };

/** SET_TIME with a fresh nonce; `final` when it is what was asked for. */
export function setTime(turn: Turn, nonce: Uint8Array, stepBack: boolean, final: boolean): Command {
  const timeS = Math.round(turn.unixMs / 1000);
  return { class: 'manage', body: { name: 'set_time', nonce, stepBack, timeS }, final };
}

/** The session's nonce while it is as good as new. */
export function freshNonce(turn: Turn, session: Session): Uint8Array | undefined {
  const { nonce } = session;
  return nonce !== undefined && turn.nowMs - nonce.arrivedMonotonicMs <= NONCE_FRESH_MS ? nonce.octets : undefined;
}
