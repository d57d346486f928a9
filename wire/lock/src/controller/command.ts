import { changeDigest, orderKey, sealAccessChange, tableKey } from '@cardea/wire-access';
import type { CommandClass } from '@cardea/wire-profile';
import type { RequestBody } from '../request.ts';
import { bindingKey } from './offline.ts';
import { type Goal, NONCE_FRESH_MS, type Session } from './state.ts';
import type { Turn } from './turn.ts';

/** What is sent for a job. */
export interface Command {
  readonly class: CommandClass;
  readonly body: RequestBody;
  readonly final: boolean;
  /** A message of channel 1 that goes ahead of it. */
  readonly ahead?: Uint8Array;
}

/** Asks for the lock's time and a nonce. */
export const GET_NONCE: Command = { class: 'operate', body: { name: 'get_nonce' }, final: false };

/** SET_TIME with a fresh nonce; `final` when it is what was asked for. */
export function setTime(turn: Turn, nonce: Uint8Array, stepBack: boolean, final: boolean): Command {
  const timeS = Math.round(turn.unixMs / 1000);
  return { class: 'manage', body: { name: 'set_time', nonce, stepBack, timeS }, final };
}

/** A command that lives for a fixed time after its stamp (lock time, seconds). */
export function stampedCommand(
  turn: Turn,
  goal: Extract<Goal, { kind: 'unbind' | 'access-change' | 'event-ack' }>,
  stampS: number,
): Command {
  switch (goal.kind) {
    case 'unbind':
      return { class: 'own', body: { name: 'reset', stampS }, final: true };
    case 'event-ack':
      return { class: 'operate', body: { name: 'event_ack', sequence: goal.sequence, stampS }, final: true };
    case 'access-change': {
      // The change goes ahead, and APPLY names it. The key of its seal is the one in force: a first answer has proved it.
      const { primitives } = turn.context;
      const key = bindingKey(turn.state.record).reveal();
      const keys = { order: orderKey(primitives, key), table: tableKey(primitives, key) };
      const ahead = sealAccessChange(primitives, keys, goal.change);
      const body = { name: 'apply', digest: changeDigest(primitives, ahead), stampS } as const;
      return { class: goal.class, body, final: true, ahead };
    }
  }
}

/** The session's nonce while it is as good as new. */
export function freshNonce(turn: Turn, session: Session): Uint8Array | undefined {
  const { nonce } = session;
  return nonce !== undefined && turn.nowMs - nonce.arrivedMonotonicMs <= NONCE_FRESH_MS ? nonce.octets : undefined;
}
