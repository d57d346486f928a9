import type { PhoneStore } from '@cardea/client-key';
import { type DBSchema, openDB } from 'idb';

/** What this browser keeps of the phone. The private key cannot be read; the record is secret, but opens nothing without it. */
export interface Vault {
  /** The phone's key pair; undefined when none was made yet. */
  keyPair(): Promise<CryptoKeyPair | undefined>;
  keepKeyPair(pair: CryptoKeyPair): Promise<void>;
  /** Keys, events to carry, orders brought. */
  readonly record: PhoneStore;
  /** The doors as the server last told them, so that they have their names when it cannot be asked. */
  doors(): Promise<readonly KeptDoor[]>;
  keepDoors(doors: readonly KeptDoor[]): Promise<void>;
  /** The id of the person whose phone this is; undefined before anybody signed in. */
  owner(): Promise<string | undefined>;
  keepOwner(personId: string): Promise<void>;
  /** Forgets everything: this phone opens nothing any more, and the server sees it as one that never comes back. */
  clear(): Promise<void>;
}

/** A door as the server last told of it. Times are RFC 3339. */
export interface KeptDoor {
  readonly id: string;
  readonly name: string;
  /** Of its property, IANA. */
  readonly zone: string;
  /** When it admits next; null: now, or no time is known. */
  readonly opensFrom: string | null;
  /** The end of the present stretch by the server's record; null: no end is known. */
  readonly opensUntil: string | null;
  /** What the server says of opening it through a gateway. */
  readonly fromAfar: KeptWay;
  /** Whether the lock has said that it holds a PIN of this person. */
  readonly hasPin: boolean;
}

/** Whether a way is open, and the first rule that stands against it (docs/grants.md). */
export interface KeptWay {
  readonly permitted: boolean;
  readonly opens: boolean;
  readonly against: string | null;
}

interface Kept extends DBSchema {
  kept: { key: string; value: CryptoKeyPair | string | readonly KeptDoor[] };
}

/** Opens what this browser keeps, in IndexedDB: each value is written whole or not at all. */
export async function openVault(name = 'cardea-phone'): Promise<Vault> {
  const database = await openDB<Kept>(name, 1, { upgrade: (fresh) => void fresh.createObjectStore('kept') });
  const put = async (key: string, value: Kept['kept']['value']): Promise<void> => {
    // Said to be kept only when it is on the disk, not when it is on its way there.
    const transaction = database.transaction('kept', 'readwrite', { durability: 'strict' });
    await transaction.store.put(value, key);
    await transaction.done;
  };
  return {
    async keyPair() {
      const pair = await database.get('kept', 'key');
      return typeof pair === 'object' && 'privateKey' in pair ? pair : undefined;
    },
    keepKeyPair: (pair) => put('key', pair),
    record: {
      async load() {
        const text = await database.get('kept', 'record');
        return typeof text === 'string' ? text : undefined;
      },
      save: (text) => put('record', text),
    },
    async doors() {
      const doors = await database.get('kept', 'doors');
      return Array.isArray(doors) ? (doors as readonly KeptDoor[]) : [];
    },
    keepDoors: (doors) => put('doors', doors),
    async owner() {
      const owner = await database.get('kept', 'owner');
      return typeof owner === 'string' ? owner : undefined;
    },
    keepOwner: (personId) => put('owner', personId),
    clear: () => database.clear('kept'),
  };
}
