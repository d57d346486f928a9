import type { LockView } from '../core.ts';
import type { ChainGap, Gateway, LockChain, Person, Property } from '../model.ts';
import type { SignInPolicy } from '../person/model.ts';

/** A lock that is at a door, as far as the rules look at it. */
export interface CheckedLock extends Pick<LockView, 'id' | 'suite' | 'report' | 'stale' | 'staleReason'> {
  readonly doorId: string;
  readonly doorName: string;
  /** Whether locks of its maker have a clock at all. */
  readonly hasClock: boolean;
  readonly chained: boolean;
  readonly chain: Pick<LockChain, 'unsettledSince'> | undefined;
  /** Gaps that nothing has closed. */
  readonly gaps: readonly Pick<ChainGap, 'kind'>[];
}

/** Everything that the rules look at. Times are Unix milliseconds. */
export interface CheckFacts {
  readonly now: number;
  readonly policy: SignInPolicy;
  /** Whoever manages locks or gives access. */
  readonly staff: readonly (Pick<Person, 'id' | 'name' | 'role' | 'mustChangePassword'> & {
    readonly secondFactor: boolean;
  })[];
  readonly tokens: readonly { readonly id: string; readonly name: string; readonly expiresAt: number }[];
  readonly properties: readonly Pick<Property, 'id' | 'name' | 'offlineLeaseS'>[];
  readonly locks: readonly CheckedLock[];
  readonly gateways: readonly (Pick<Gateway, 'id' | 'name' | 'state' | 'createdAt'> & { readonly online: boolean })[];
  readonly openAlerts: number;
  /** Whether heads of the audit log go to anybody outside the record, and whether the newest has arrived. */
  readonly witnesses: readonly { readonly name: string; readonly newestAt: number | undefined }[];
  readonly retentionDays: number | undefined;
  /** Grants of guests that nothing ends. */
  readonly endless: readonly { readonly id: string; readonly personName: string }[];
}
