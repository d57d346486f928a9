import type { Primitives } from '@cardea/kit-crypto';
import type {
  BindingRecord,
  LockEvent,
  LockIdentity,
  OfflineAccess,
  OfflineGrant,
  OfflinePin,
  Order,
} from '@cardea/wire-profile';

/** {@link OfflineAccess} of one bound lock: what is sealed for it, or opened, under its active key. */
export interface LockSeals {
  /** 133 octets. */
  sealGrant(grant: OfflineGrant): Uint8Array;
  /** 32 octets. */
  presentationKey(grantId: Uint8Array): Uint8Array;
  /** 16 octets. */
  advertisementKey(): Uint8Array;
  order(order: Order): Uint8Array;
  offlinePin(pin: OfflinePin): string;
  /** 32 octets. */
  pinVerifier(pin: string): Uint8Array;
  openCarried(octets: Uint8Array): LockEvent | undefined;
}

/** The seals of a lock; undefined when its maker's locks enforce nothing by themselves, or it is not bound. */
export function lockSeals(
  access: OfflineAccess | undefined,
  primitives: Primitives,
  identity: LockIdentity,
  record: BindingRecord | undefined,
): LockSeals | undefined {
  if (access === undefined || record?.active === undefined) return undefined;
  return {
    sealGrant: (grant) => access.sealGrant(primitives, identity, record, grant),
    presentationKey: (grantId) => access.presentationKey(primitives, identity, record, grantId),
    advertisementKey: () => access.advertisementKey(primitives, identity, record),
    order: (order) => access.order(primitives, identity, record, order),
    offlinePin: (pin) => access.offlinePin(primitives, identity, record, pin),
    pinVerifier: (pin) => access.pinVerifier(primitives, identity, record, pin),
    openCarried: (octets) => access.openCarried(primitives, identity, record, octets),
  };
}
