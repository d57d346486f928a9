import { fromHex, toHex } from '@cardea/kit-octets';
import { Secret } from '@cardea/kit-runtime';
import type { KeyBundle } from '@cardea/wire-access';
import type { OfflineOperation } from '@cardea/wire-profile';
import { PhoneError } from './errors.ts';

/** A key of one door in a phone or card, as the RAS gave it. The lock alone can tell whether it is good. */
export interface DoorKey {
  /** The RAS's id of the door. */
  readonly doorId: string;
  /** What is written on the door. */
  readonly doorName: string;
  /** The lock's identifier, 12 upper-case hex digits. */
  readonly identifier: string;
  /** The RAS's id of the grant. */
  readonly grantId: string;
  /** 16 octets: the grant's name on the air. */
  readonly airGrantId: Uint8Array;
  /** A sealed grant (133 octets) or a signed level grant (200): opaque. */
  readonly grant: Uint8Array;
  /** Kg, 32 octets. */
  readonly presentationKey: Secret;
  /** Kadv, 16 octets: by which the lock's advertisement is recognised. */
  readonly advertisementKey: Secret;
  readonly operations: readonly OfflineOperation[];
  /** The readable copy of what the lock enforces, Unix seconds: for the screen, never for a decision. */
  readonly issuedAtS: number;
  readonly notBeforeS: number;
  readonly notAfterS: number;
  readonly leaseEndS: number;
  /** Message 24 for this lock, if the RAS had one when the key was fetched. */
  readonly order: Uint8Array | undefined;
}

/** What the exchange machine is given of a key. */
export function bundleOf(key: DoorKey): KeyBundle {
  return {
    lockId: fromHex(key.identifier.toLowerCase()),
    grantId: key.airGrantId,
    grant: key.grant,
    presentationKey: key.presentationKey,
  };
}

/** {@link DoorKey} as JSON: octets in hex. Secret as a whole. */
export interface StoredDoorKey {
  readonly door_id: string;
  readonly door_name: string;
  readonly identifier: string;
  readonly grant_id: string;
  readonly air_grant_id: string;
  readonly grant: string;
  readonly presentation_key: string;
  readonly advertisement_key: string;
  readonly operations: readonly OfflineOperation[];
  readonly issued_at_s: number;
  readonly not_before_s: number;
  readonly not_after_s: number;
  readonly lease_end_s: number;
  readonly order: string | null;
}

const OPERATIONS: readonly OfflineOperation[] = ['unlock', 'lock', 'override'];

/** The stored form of a key. */
export function storeDoorKey(key: DoorKey): StoredDoorKey {
  return {
    door_id: key.doorId,
    door_name: key.doorName,
    identifier: key.identifier,
    grant_id: key.grantId,
    air_grant_id: toHex(key.airGrantId),
    grant: toHex(key.grant),
    presentation_key: toHex(key.presentationKey.reveal()),
    advertisement_key: toHex(key.advertisementKey.reveal()),
    operations: key.operations,
    issued_at_s: key.issuedAtS,
    not_before_s: key.notBeforeS,
    not_after_s: key.notAfterS,
    lease_end_s: key.leaseEndS,
    order: key.order === undefined ? null : toHex(key.order),
  };
}

/** The inverse of {@link storeDoorKey}. @throws PhoneError `malformed`, naming the field */
export function readDoorKey(stored: unknown): DoorKey {
  const fields: Readonly<Record<string, unknown>> = typeof stored === 'object' && stored !== null ? { ...stored } : {};
  const bad = (name: string, expected: string): PhoneError =>
    new PhoneError('malformed', `${name} of a key must be ${expected}`);
  const text = (name: string): string => {
    const value = fields[name];
    if (typeof value !== 'string' || value === '') throw bad(name, 'text');
    return value;
  };
  const seconds = (name: string): number => {
    const value = fields[name];
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) throw bad(name, 'Unix seconds');
    return value;
  };
  const octets = (name: string, ...sizes: readonly number[]): Uint8Array => {
    const value = fields[name];
    const good = typeof value === 'string' && /^([0-9a-f]{2})+$/.test(value);
    if (!good || (sizes.length > 0 && !sizes.includes(value.length / 2))) {
      throw bad(name, sizes.length === 0 ? 'hex' : `${sizes.join(' or ')} octets in hex`);
    }
    return fromHex(value);
  };
  const identifier = text('identifier');
  if (!/^[0-9A-F]{12}$/.test(identifier)) throw bad('identifier', '12 upper-case hex digits');
  const listed = fields.operations;
  if (!Array.isArray(listed)) throw bad('operations', 'a list');
  return {
    doorId: text('door_id'),
    doorName: text('door_name'),
    identifier,
    grantId: text('grant_id'),
    airGrantId: octets('air_grant_id', 16),
    grant: octets('grant', 133, 200),
    presentationKey: new Secret(octets('presentation_key', 32)),
    advertisementKey: new Secret(octets('advertisement_key', 16)),
    operations: OPERATIONS.filter((one) => listed.includes(one)),
    issuedAtS: seconds('issued_at_s'),
    notBeforeS: seconds('not_before_s'),
    notAfterS: seconds('not_after_s'),
    leaseEndS: seconds('lease_end_s'),
    order: fields.order === null ? undefined : octets('order'),
  };
}
