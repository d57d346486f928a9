import { toHex } from '@cardea/kit-octets';
import { RadioError, type RadioErrorCode } from '@cardea/kit-radio';
import type { OfflineOperation } from '@cardea/wire-profile';
import { chooseKey } from './choose-key.ts';
import { bundleOf, type DoorKey } from './door-key.ts';
import { type Presented, type Presenting, presentKey } from './present.ts';
import {
  CARRIED_MAX,
  type CarriedEvent,
  decodePhoneRecord,
  encodePhoneRecord,
  NEW_PHONE,
  type PhoneRecord,
  type PhoneStore,
} from './record.ts';
import type { Way } from './way/way.ts';

/** A person stands at the door no longer than this, in all. */
export const TAP_MS = 10_000;
/** A lock that is connected to someone else comes free soon: so long one try may take, and so long it rests. */
const CONNECT_MS = 3_000;
const REST_MS = 250;

/** What a phone is made of. */
export interface PhoneParts extends Omit<Presenting, 'way'> {
  /** How it comes to a door; without one it opens none. */
  readonly way: Way | undefined;
  readonly store: PhoneStore;
}

/** What came of a tap on a door. */
export type Opening =
  | Presented
  /** The phone has no key that may do this. */
  | { readonly kind: 'no_key' }
  /** The lock was not heard, or let nobody connect: nothing was said. */
  | { readonly kind: 'not_heard' }
  | { readonly kind: 'not_connected'; readonly code: RadioErrorCode };

/** A phone with its keys: what a person holds. It asks no server to open a door. */
export interface Phone {
  /** P-256, uncompressed, 65 octets. */
  readonly publicKey: Uint8Array;
  readonly phoneId: string | undefined;
  readonly keys: readonly DoorKey[];
  /** Events that locks have given it for the RAS. */
  readonly carried: readonly CarriedEvent[];
  /** The RAS knows this phone by `phoneId` from now on. */
  enrolled(phoneId: string): Promise<void>;
  /** The keys that the RAS gives it now: what it had before is void. */
  replaceKeys(keys: readonly DoorKey[]): Promise<void>;
  /** The RAS has these: they are carried no more. */
  handedIn(events: readonly CarriedEvent[]): Promise<void>;
  /**
   * A tap on a door, by its name or id: finds its lock and presents the key. `chosen` is the place of the lock
   * where the person has pointed it out, as in a browser that may not listen: nothing is looked for then.
   */
  tap(door: string, operation: OfflineOperation, chosen?: string): Promise<Opening>;
}

/** Starts a phone with what it kept. @throws PhoneError `malformed` */
export async function openPhone(parts: PhoneParts): Promise<Phone> {
  const { store, clock, way } = parts;
  const kept = await store.load();
  let record: PhoneRecord = kept === undefined ? NEW_PHONE : decodePhoneRecord(kept);

  const keep = async (change: Partial<PhoneRecord>): Promise<void> => {
    const next = { ...record, ...change };
    await store.save(encodePhoneRecord(next));
    record = next;
  };

  const present = async (key: DoorKey, operation: OfflineOperation, chosen: string | undefined): Promise<Opening> => {
    const order =
      key.order !== undefined && record.brought[key.identifier] === toHex(key.order) ? undefined : key.order;
    if (way === undefined) return { kind: 'not_connected', code: 'unsupported' };
    const wanted = { identifier: key.identifier, advertisementKey: key.advertisementKey.reveal() };
    const untilMs = clock.monotonic() + TAP_MS;
    const leftMs = (): number => Math.max(0, untilMs - clock.monotonic());
    let code: RadioErrorCode | undefined;
    // Only what happened before a connection is tried again: afterwards the lock has been asked.
    while (leftMs() > 0) {
      const place = chosen ?? (await way.find(wanted, leftMs()));
      if (place === undefined) break;
      // What was heard a moment ago answers soon, or somebody else is quicker next time; a choice is not made twice.
      const timeoutMs = chosen === undefined ? Math.min(CONNECT_MS, leftMs()) : leftMs();
      try {
        const presented = await presentKey(
          { ...parts, way },
          { place, timeoutMs, bundle: bundleOf(key), operation, order },
        );
        await remember(key, presented);
        return presented;
      } catch (error) {
        if (!(error instanceof RadioError)) throw error;
        code = error.code;
        if (code === 'closed' || code === 'unsupported') break;
        await new Promise<void>((resolve) => void clock.after(REST_MS, resolve));
      }
    }
    return code === undefined ? { kind: 'not_heard' } : { kind: 'not_connected', code };
  };

  const remember = async (key: DoorKey, presented: Presented): Promise<void> => {
    if (presented.kind !== 'answered') return;
    const { identifier, order } = key;
    const { carried } = presented;
    await keep({
      ...(carried && { carried: [...record.carried, { identifier, octets: carried }].slice(-CARRIED_MAX) }),
      ...(order && { brought: { ...record.brought, [identifier]: toHex(order) } }),
    });
  };

  return {
    publicKey: parts.key.publicKey,
    get phoneId() {
      return record.phoneId;
    },
    get keys() {
      return record.keys;
    },
    get carried() {
      return record.carried;
    },
    enrolled: (phoneId) => keep({ phoneId }),
    replaceKeys: (keys) => keep({ keys }),
    handedIn: (events) => keep({ carried: record.carried.filter((one) => !events.includes(one)) }),
    async tap(door, operation, chosen) {
      const keys = record.keys.filter(({ doorName, doorId }) => doorName === door || doorId === door);
      const key = chooseKey(keys, operation, clock.now() / 1_000);
      return key === undefined ? { kind: 'no_key' } : present(key, operation, chosen);
    },
  };
}
