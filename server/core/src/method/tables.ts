import type { Secret } from '@cardea/kit-runtime';
import type { KeyLease, Phone, PlaceNumber, PropertyAccess } from '../key/model.ts';
import type { OfflinePinGiven } from '../pin/model.ts';
import type { Table } from '../table.ts';
import type { GrantMethod, LockAccess, LockDenial, LockItem, LockSeries } from './model.ts';

/** What is, and what should be, at the locks. */
export interface AccessTables {
  readonly methods: Table<GrantMethod> & {
    /** Those of one grant at one lock. */
    at(organizationId: string, grantId: string, lockId: string): Promise<readonly GrantMethod[]>;
  };
  readonly items: Table<LockItem>;
  readonly locks: Table<LockAccess>;
  readonly series: Table<LockSeries>;
  readonly denials: Table<LockDenial>;
  readonly phones: Table<Phone>;
  readonly leases: Table<KeyLease>;
  readonly pins: Table<OfflinePinGiven>;
  readonly properties: Table<PropertyAccess> & {
    /** Private half of the grant key: a P-256 scalar (32), sealed at rest. */
    scalar(propertyId: string): Promise<Secret | undefined>;
    setScalar(propertyId: string, scalar: Secret): Promise<void>;
  };
  readonly places: Table<PlaceNumber>;
  /** Locks of every organization where something is to be done by `time`, at most `limit`, the longest due first. */
  due(time: number, limit: number): Promise<readonly { readonly organizationId: string; readonly lockId: string }[]>;
  /** When something is to be done next. */
  nextDue(): Promise<number | undefined>;
}
