/** An offline PIN that was given out: the lock computes it, nobody stores it. */
export interface OfflinePinGiven {
  readonly id: string;
  readonly organizationId: string;
  readonly grantId: string;
  readonly personId: string;
  readonly lockId: string;
  /** 0: 3 hours, 1: 24 hours, 2: 7 days, 3: 28 days. */
  readonly kind: number;
  readonly startAt: number;
  readonly endAt: number;
  /** Of series 0 at its lock. */
  readonly generation: number;
  readonly createdAt: number;
  /** Since when the lock is told not to take it, by a higher generation. */
  readonly voidedAt: number | null;
}
