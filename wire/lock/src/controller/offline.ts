import type { Secret } from '@cardea/kit-runtime';
import {
  AccessError,
  carryKey,
  encodeChange,
  encodeOrder,
  grantKey,
  offlinePin,
  onlinePinVerifier,
  openCarried,
  orderKey,
  presentationKey,
  sealGrant,
  sealOrder,
} from '@cardea/wire-access';
import type { AccessChange, BindingRecord, LockEvent, OfflineAccess } from '@cardea/wire-profile';
import { LockError } from '../errors.ts';
import { decodeEvent } from '../event.ts';
import { lockIdOf } from '../key-agreement.ts';
import { advertisementKey } from '../key-schedule.ts';

/** The binding key in force. @throws LockError `unbound` */
export function bindingKey(record: BindingRecord | undefined): Secret {
  if (record?.active === undefined) throw new LockError('unbound', 'the lock has no binding key in force');
  return record.active;
}

/** Whether a change is within the bounds of its message. */
export function isWritable(change: AccessChange): boolean {
  try {
    if (change.kind === 'order') encodeOrder(change.order);
    else encodeChange(change);
    return true;
  } catch (error) {
    if (error instanceof AccessError) return false;
    throw error;
  }
}

/** What hardened locks enforce without the RAS: the codecs of wire/access under the keys of a binding. */
export const offlineAccess: OfflineAccess = {
  sealGrant(primitives, { identifier }, record, grant) {
    return sealGrant(primitives, grantKey(primitives, bindingKey(record).reveal()), lockIdOf(identifier), grant);
  },
  presentationKey(primitives, _, record, grantId) {
    return presentationKey(primitives, bindingKey(record).reveal(), grantId);
  },
  advertisementKey(primitives, _, record) {
    return advertisementKey(primitives, bindingKey(record).reveal());
  },
  order(primitives, _, record, order) {
    return sealOrder(primitives, orderKey(primitives, bindingKey(record).reveal()), order);
  },
  offlinePin(primitives, { identifier }, record, pin) {
    return offlinePin(primitives, bindingKey(record).reveal(), lockIdOf(identifier), pin);
  },
  pinVerifier(primitives, _, record, pin) {
    return onlinePinVerifier(primitives, bindingKey(record).reveal(), pin);
  },
  openCarried(primitives, { identifier }, record, octets) {
    const key = carryKey(primitives, bindingKey(record).reveal());
    const carried = openCarried(primitives, key, lockIdOf(identifier), octets);
    return carried && eventOf(carried);
  },
};

/** The event in a carried record. @throws LockError when the lock has sealed what is none */
function eventOf({ sequence, event: octets }: { readonly sequence: number; readonly event: Uint8Array }): LockEvent {
  const event = decodeEvent(octets);
  if (event.sequence !== sequence) throw new LockError('range', 'a carried record names another sequence');
  return event;
}
