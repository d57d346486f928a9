import { toHex } from '@cardea/kit-octets';
import type {
  DoorEnding,
  DoorKey,
  Ending,
  KeyBundle,
  LockItem,
  MethodView,
  OfflinePinGiven,
  Phone,
  ShownOfflinePin,
} from '@cardea/server-core';
import type * as api from '@cardea/wire-api';
import { time, timeOrNull } from './time.ts';

/** Until when somebody can open, as the API shows it. */
export function ending({ at, why }: Ending): api.Ending {
  return { cannot_open_after: timeOrNull(at), why };
}

/** A method at a lock as the API shows it. What the lock keeps of a PIN stays here. */
export function grantMethod({ method, doorId, leaseEndAt, ending: end }: MethodView): api.GrantMethod {
  return {
    id: method.id,
    grant_id: method.grantId,
    lock_id: method.lockId,
    door_id: doorId,
    method: method.method,
    state: method.state,
    reason: method.reason,
    tries: method.tries,
    next_try_at: timeOrNull(method.nextTryAt),
    acknowledged_at: timeOrNull(method.acknowledgedAt),
    slot: method.slot,
    lease_ends_at: timeOrNull(leaseEndAt),
    ending: ending(end),
  };
}

/** A phone or card as the API shows it. */
export function phone(row: Phone): api.Phone {
  return {
    id: row.id,
    person_id: row.personId,
    kind: row.kind,
    name: row.name,
    public_key: toHex(row.publicKey),
    state: row.state,
    lost_at: timeOrNull(row.lostAt),
    signs_in: row.signsIn,
    created_at: time(row.createdAt),
  };
}

/** A lost phone with the doors that it could open. */
export function lostPhone(lost: { readonly phone: Phone; readonly doors: readonly DoorEnding[] }): api.LostPhone {
  return {
    phone: phone(lost.phone),
    doors: lost.doors.map((door) => ({
      door_id: door.doorId,
      lock_id: door.lockId,
      grant_id: door.grantId,
      ending: ending(door.ending),
    })),
  };
}

/** The keys of a phone, revealed to it. */
export function keyBundle(bundle: KeyBundle): api.KeyBundle {
  return {
    phone_id: bundle.phoneId,
    issued_at: time(bundle.issuedAt),
    keys: bundle.keys.map(doorKey),
    without: bundle.without.map((one) => ({ grant_id: one.grantId, door_id: one.doorId, reason: one.reason })),
  };
}

function doorKey(key: DoorKey): api.DoorKey {
  return {
    grant_id: key.grantId,
    door_id: key.doorId,
    door_name: key.doorName,
    lock_id: key.lockId,
    lock_identifier: key.identifier,
    key_id: toHex(key.keyId),
    sealed_grant: toHex(key.sealed),
    level: key.level,
    presentation_key: toHex(key.presentationKey.reveal()),
    advertisement_key: toHex(key.advertisementKey.reveal()),
    operations: [...key.operations],
    issued_at: time(key.issuedAt),
    not_before: time(key.notBefore),
    not_after: timeOrNull(key.notAfter),
    lease_ends_at: time(key.leaseEndAt),
    schedule_id: key.scheduleId,
    uses: key.uses,
    no_clock: key.noClock,
    ready: key.ready,
    cannot_open_after: timeOrNull(key.cannotOpenAfter),
    order: key.order === null ? null : toHex(key.order),
  };
}

const WINDOWS = ['3h', '24h', '7d', '28d'] as const;

/** An offline PIN that was given out, without its digits. */
export function offlinePin(given: OfflinePinGiven): api.OfflinePin {
  return {
    id: given.id,
    grant_id: given.grantId,
    lock_id: given.lockId,
    window: WINDOWS[given.kind] ?? '3h',
    start_at: time(given.startAt),
    end_at: time(given.endAt),
    voided_at: timeOrNull(given.voidedAt),
    created_at: time(given.createdAt),
  };
}

/** An offline PIN with its digits, this once. */
export function shownOfflinePin({ given, doorId, pin }: ShownOfflinePin): api.MadePin['offline'][number] {
  return { door_id: doorId, pin: pin.reveal(), given: offlinePin(given) };
}

/** What was asked of a keypad. */
export function keypadReopening(doorId: string, item: LockItem): api.KeypadReopening {
  return {
    door_id: doorId,
    lock_id: item.lockId,
    state: item.state,
    reason: item.reason,
    acknowledged_at: timeOrNull(item.acknowledgedAt),
  };
}
