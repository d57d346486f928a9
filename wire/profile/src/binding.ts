import type { Secret } from '@cardea/kit-runtime';

/** Who a lock is: fixed at manufacture. */
export interface LockIdentity {
  /** MAC address as 12 upper-case hex digits (seed 000, DDMS). */
  readonly identifier: string;
  readonly factoryKey: Secret;
}

/** What must be durable about a binding. Its secrets are sealed by the store. */
export interface BindingRecord {
  /** Counts the binding runs of this lock. */
  readonly keyVersion: number;
  /** Highest reset count ever seen; a lower one is refused. */
  readonly resetCount: number;
  readonly active: Secret | undefined;
  /** A key that the lock may already use: kept until a receipt under it. */
  readonly pending: Secret | undefined;
}
