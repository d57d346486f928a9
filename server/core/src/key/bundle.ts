import type { Secret } from '@cardea/kit-runtime';
import type { GrantOperation, MethodReason } from '../model.ts';

/** A key for one door, as its phone or card gets it. */
export interface DoorKey {
  readonly grantId: string;
  readonly doorId: string;
  readonly doorName: string;
  readonly lockId: string;
  /** The lock's, 12 upper-case hex digits. */
  readonly identifier: string;
  /** 16 octets: the grant id that the lock sees. */
  readonly keyId: Uint8Array;
  /** Sealed for the lock (133 octets), or signed for its level (200). */
  readonly sealed: Uint8Array;
  readonly level: 'lock' | 'floor' | 'property';
  /** Kg, 32 octets. */
  readonly presentationKey: Secret;
  /** By which the lock's advertisement is recognised, 16 octets. */
  readonly advertisementKey: Secret;
  /** The readable copy of what the lock enforces. Times are Unix ms. */
  readonly operations: readonly GrantOperation[];
  readonly issuedAt: number;
  readonly notBefore: number;
  readonly notAfter: number | null;
  readonly leaseEndAt: number;
  readonly scheduleId: string | null;
  readonly uses: number | null;
  readonly noClock: boolean;
  /** Whether the lock has said that it holds what the key needs: its place, the schedule. */
  readonly ready: boolean;
  /** T, were it revoked now and the lock not told; null: nobody knows. */
  readonly cannotOpenAfter: number | null;
  /** Message 24 for this lock, which the phone brings to it; null when the lock knows all. */
  readonly order: Uint8Array | null;
}

/** Why there is no key for a door that the person may open. */
export type NoKeyReason =
  | MethodReason
  /** The grant begins after the lease that would be given now. */
  | 'not_yet'
  /** The door has no bound lock that can be served. */
  | 'no_lock'
  /** The lock knows more than this record: nothing is issued until it has been told. */
  | 'halted'
  /** A counted grant is one phone's. */
  | 'other_phone';

/** All keys of a phone: what is not in it is over. */
export interface KeyBundle {
  readonly phoneId: string;
  readonly issuedAt: number;
  readonly keys: readonly DoorKey[];
  readonly without: readonly { readonly grantId: string; readonly doorId: string; readonly reason: NoKeyReason }[];
}
