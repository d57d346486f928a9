import { Reader, Writer } from '@cardea/kit-octets';
import { LockError, writing } from './errors.ts';
import { MESSAGE } from './messages.ts';

/** Octets of a refusal. */
export const REFUSAL_SIZE_OCTETS = 10;

/** Codes of a refusal on the wire. */
export const REFUSAL = {
  unsupported: 1,
  key_version: 2,
  reset_count: 3,
  binder: 4,
  bound: 5,
  window_closed: 6,
  confirm_at_lock: 7,
  not_confirmed: 8,
  not_bound: 9,
  overwrites_spent: 10,
  confirmation: 11,
  no_session: 12,
  point: 13,
  grant: 14,
  key_busy: 15,
} as const;

/**
 * Why the lock refuses a run or has no session. `confirm_at_lock`: it waits for its button or printed code, the run
 * goes on; `not_confirmed`: nobody confirmed within 60 s; `confirmation`: confirmS was wrong; `no_session`: a frame that
 * verifies in no session of this lock; `point`: epkS is not on the curve; `grant`: a key that is not this
 * lock's, unknown, altered or another phone's, all alike; `key_busy`: others are presenting theirs, try again.
 */
export type RefusalCode = keyof typeof REFUSAL;

/** An unauthenticated hint: 1F code(1) keyVersion(4) resetCount(4). The RAS never takes a lower reset count from it. */
export interface Refusal {
  readonly code: RefusalCode;
  /** The highest key version that the lock holds, 0 when none. */
  readonly keyVersion: number;
  readonly resetCount: number;
}

/** The 10 octets of a refusal. @throws LockError `range` */
export function encodeRefusal(refusal: Refusal): Uint8Array {
  return writing(() =>
    new Writer()
      .uint('kind', MESSAGE.refusal, 1)
      .uint('code', REFUSAL[refusal.code], 1)
      .uint('key version', refusal.keyVersion, 4)
      .uint('reset count', refusal.resetCount, 4)
      .done(),
  );
}

/** The refusal in 10 octets. @throws LockError `length`, `kind`, `range` */
export function decodeRefusal(octets: Uint8Array): Refusal {
  if (octets[0] !== MESSAGE.refusal) throw new LockError('kind', 'not a refusal');
  if (octets.length !== REFUSAL_SIZE_OCTETS) {
    throw new LockError('length', `a refusal has ${REFUSAL_SIZE_OCTETS} octets, not ${octets.length}`);
  }
  const reader = new Reader(octets.subarray(1));
  const octet = reader.uint('code', 1);
  const found = Object.entries(REFUSAL).find(([, value]) => value === octet);
  if (found === undefined) throw new LockError('range', `no refusal ${octet}`);
  return {
    code: found[0] as RefusalCode,
    keyVersion: reader.uint('key version', 4),
    resetCount: reader.uint('reset count', 4),
  };
}
