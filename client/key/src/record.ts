import { fromHex, toHex } from '@cardea/kit-octets';
import { CARRIED_SIZE_OCTETS } from '@cardea/wire-access';
import { type DoorKey, readDoorKey, storeDoorKey } from './door-key.ts';
import { PhoneError } from './errors.ts';

/** An event of a lock that waits in the phone until the RAS can be reached. */
export interface CarriedEvent {
  /** The lock's identifier, 12 upper-case hex digits. */
  readonly identifier: string;
  /** 36 octets: sealed by the lock for the RAS. */
  readonly octets: Uint8Array;
}

/** What a phone or card keeps besides its private key. */
export interface PhoneRecord {
  /** The RAS's id of this phone; undefined before it is enrolled. */
  readonly phoneId: string | undefined;
  readonly keys: readonly DoorKey[];
  readonly carried: readonly CarriedEvent[];
  /** Orders that have reached their lock, by the lock's identifier: the hex of the last one. */
  readonly brought: Readonly<Record<string, string>>;
}

/** A phone that knows nothing yet. */
export const NEW_PHONE: PhoneRecord = { phoneId: undefined, keys: [], carried: [], brought: {} };

/** Events that a phone carries at most; the oldest go first, for the lock keeps its own. */
export const CARRIED_MAX = 200;

/** Where a phone keeps its record: written whole or not at all. What it holds is secret. */
export interface PhoneStore {
  /** Undefined when nothing was kept yet. */
  load(): Promise<string | undefined>;
  save(text: string): Promise<void>;
}

/** The record as JSON. */
export function encodePhoneRecord(record: PhoneRecord): string {
  return JSON.stringify({
    phone_id: record.phoneId ?? null,
    keys: record.keys.map(storeDoorKey),
    carried: record.carried.map(({ identifier, octets }) => ({ identifier, octets: toHex(octets) })),
    brought: record.brought,
  });
}

/** The inverse of {@link encodePhoneRecord}. @throws PhoneError `malformed` */
export function decodePhoneRecord(text: string): PhoneRecord {
  const { phone_id, keys, carried, brought } = objectOf(parse(text), 'the record');
  if (phone_id !== null && typeof phone_id !== 'string') throw malformed('phone_id must be text or null');
  if (!Array.isArray(keys) || !Array.isArray(carried)) throw malformed('keys and carried must be lists');
  return {
    phoneId: phone_id ?? undefined,
    keys: keys.map(readDoorKey),
    carried: carried.map(readCarried),
    brought: Object.fromEntries(
      Object.entries(objectOf(brought, 'brought')).map(([identifier, order]) => {
        if (typeof order !== 'string') throw malformed('brought must hold text');
        return [identifier, order];
      }),
    ),
  };
}

function readCarried(stored: unknown): CarriedEvent {
  const { identifier, octets } = objectOf(stored, 'a carried event');
  if (typeof identifier !== 'string' || !/^[0-9A-F]{12}$/.test(identifier)) {
    throw malformed('identifier of a carried event must be 12 upper-case hex digits');
  }
  if (typeof octets !== 'string' || !new RegExp(`^[0-9a-f]{${2 * CARRIED_SIZE_OCTETS}}$`).test(octets)) {
    throw malformed(`octets of a carried event must be ${CARRIED_SIZE_OCTETS} octets in hex`);
  }
  return { identifier, octets: fromHex(octets) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message would quote the secret text.
    throw malformed('the record is not JSON');
  }
}

function objectOf(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed(`${what} must be an object`);
  return { ...value };
}

const malformed = (message: string): PhoneError => new PhoneError('malformed', message);
