import type { FailureReason } from '@cardea/wire-profile';
import type { AccessMethod } from '../grant/model.ts';

/**
 * Where a thing is that a lock should hold, or should not any more. `set` and `removed` are known, the others on the way;
 * `failed` waits for somebody.
 */
export type MethodState = 'unset' | 'setting' | 'set' | 'removing' | 'removed' | 'failed';

/** Why a method is not where it should be. Stable: it is the API's `reason`. */
export type MethodReason =
  | FailureReason
  /** Its conditions are decided by the server alone: no key and no PIN. */
  | 'needs_server'
  /** The property decides every opening at the server: no key and no PIN. */
  | 'offline_off'
  /** A grant of counted uses has one method only, or the locks would count apart. */
  | 'counted_elsewhere'
  /** A newer generation took its place. */
  | 'replaced'
  /** The lock was bound anew: what it held is gone, and a PIN has to be made anew. */
  | 'bound_anew'
  /** The command was sent and nothing came back. */
  | 'outcome_unknown'
  | 'not_sent';

/** What is known of one thing at one lock (docs/keys.md, "Life of a method"). */
export interface Life {
  readonly state: MethodState;
  readonly reason: MethodReason | null;
  /** How often the lock, when it could be asked, did not take it. */
  readonly tries: number;
  /** When it is its turn again; null: nothing is to be done. */
  readonly nextTryAt: number | null;
  /** When the lock said that it is so. */
  readonly acknowledgedAt: number | null;
}

/** How a grant's person opens one lock by one method. */
export interface GrantMethod extends Life {
  readonly id: string;
  readonly organizationId: string;
  readonly grantId: string;
  /** Empty after the person was erased. */
  readonly personId: string;
  readonly lockId: string;
  readonly method: AccessMethod;
  readonly scheduleId: string | null;
  readonly series: number;
  /** Of its series at this lock: what is given out of it carries this number. */
  readonly generation: number;
  /** Of a PIN that the lock keeps, 1 to 100. */
  readonly slot: number | null;
  /** What the lock keeps of that PIN, 32 octets. */
  readonly verifier: Uint8Array | null;
  /** The latest end, Unix ms, that the lock may hold for that PIN; null: it was told none. */
  readonly pinEndAt: number | null;
  /** The order that takes it away. */
  readonly orderNo: number | null;
  readonly createdAt: number;
}

/** What a lock should hold beside the methods of grants. */
export type ItemKind = 'order' | 'place' | 'schedule' | 'keypad' | 'forget';

/** One such thing at one lock. */
export interface LockItem extends Life {
  /** The lock's id, the kind, and for a schedule its number: one each. */
  readonly id: string;
  readonly organizationId: string;
  readonly lockId: string;
  readonly kind: ItemKind;
  /** Of a schedule. */
  readonly scheduleId: string | null;
  /** The lock's number of the schedule; 0 of other kinds. */
  readonly number: number;
  /** Of what is wanted: rises with each change. */
  readonly revision: number;
}

/** What the server has given out towards one lock. */
export interface LockAccess {
  /** The lock's. */
  readonly id: string;
  readonly organizationId: string;
  readonly propertyId: string;
  /** Number of the newest order, and of the newest that the lock has taken. */
  readonly orderIssued: number;
  readonly orderAcknowledged: number;
  /** Since when nothing is issued, because the lock knows of more than this record; null: all is well. */
  readonly haltedAt: number | null;
}

/** A series of one lock. */
export interface LockSeries {
  /** The lock's id and the series. */
  readonly id: string;
  readonly organizationId: string;
  readonly lockId: string;
  readonly series: number;
  /** What new keys carry. */
  readonly generation: number;
  /** What the lock is known to have risen to. */
  readonly acknowledged: number;
  readonly acknowledgedAt: number | null;
  /** The order that raises it. */
  readonly orderNo: number;
}

/** A key that a lock refuses although its seal is right. */
export interface LockDenial {
  readonly id: string;
  readonly organizationId: string;
  readonly lockId: string;
  /** 16 octets: a key's {@link KeyLease.keyId}. */
  readonly keyId: Uint8Array;
  readonly series: number;
  /** Until then the lock remembers it, Unix ms. */
  readonly leaseEndAt: number;
  readonly orderNo: number;
  readonly acknowledgedAt: number | null;
}
