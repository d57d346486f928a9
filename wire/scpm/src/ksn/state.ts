import { equal } from '@cardea/kit-octets';
import type { Secret } from '@cardea/kit-runtime';
import type { Exchange } from '../exchange/exchange.ts';
import type { NodeInput } from '../input.ts';
import type { NodeState } from '../node/state.ts';
import type { AlgorithmId } from '../suite/suite.ts';

/** A key of the domain: the user key, or a service provider's. In `hardened` it never leaves the KSN. */
export interface DomainKey {
  /** 1, or 3 to 15. */
  readonly keyIndex: number;
  /** Counts the keys of this index, from 1. */
  readonly generation: number;
  /** 16 octets. */
  readonly key: Secret;
  /** A key that is to follow (9.3.2): pushed to every device first; committed once each has confirmed it. */
  readonly next: NextKey | undefined;
}

export interface NextKey {
  readonly generation: number;
  readonly key: Secret;
  readonly committed: boolean;
}

/** One version of a key at one device. */
export interface DeviceKeyVersion {
  /** What the device calls it; grows with each that it is given. */
  readonly version: number;
  /** The domain key that it is of. */
  readonly generation: number;
}

/** What a device holds of one index. */
export interface DeviceKeyState {
  readonly keyIndex: number;
  readonly active: DeviceKeyVersion | undefined;
  /** Confirmed by the device, and not committed. */
  readonly pending: DeviceKeyVersion | undefined;
}

/** A device of the domain, as its KSN keeps it. */
export interface DeviceEntry {
  readonly address: Uint8Array;
  /** From its case (6.5); 16 octets. */
  readonly serialKey: Secret;
  /** What it told in plaintext, and what was chosen of it; `undefined` before it was asked. */
  readonly heard: readonly number[] | undefined;
  readonly algorithm: AlgorithmId;
  readonly keys: readonly DeviceKeyState[];
  /** A user key that was sent, and whose arrival is not known: tried before another is sent. */
  readonly offered: DeviceKeyVersion | undefined;
  /** Indexes of the service providers whose keys it is to hold. */
  readonly providers: readonly number[];
}

/** How it goes with a device at the moment; forgotten without power. */
export interface DeviceProgress {
  readonly address: Uint8Array;
  /** Goes without success since the last one. */
  readonly failures: number;
  /** Nothing is tried before this monotonic time, unless the device is heard. */
  readonly notBeforeMs: number;
  /** The inquiry for algorithms was sent; its answer is waited for until this monotonic time. */
  readonly inquiryUntilMs: number | undefined;
}

/** The state of a key setting node (9.1): it makes, distributes and renews the keys of one domain. */
export interface KsnState extends NodeState {
  readonly role: 'ksn';
  /** The algorithm that it chooses where a device has it. */
  readonly preferred: AlgorithmId;
  /** The Diffie-Hellman group of its runs, by its octet. */
  readonly group: number;
  /** The highest version that was given to any device. */
  readonly lastVersion: number;
  readonly domainKeys: readonly DomainKey[];
  readonly entries: readonly DeviceEntry[];
  readonly progress: readonly DeviceProgress[];
  readonly exchanges: readonly Exchange[];
}

/** What a KSN hears besides what every node does. */
export type KsnInput =
  | NodeInput
  /** After a start. */
  | { readonly kind: 'powered-on' }
  /** Brings a device into the domain (9.2.1). It has to be in setting mode. */
  | { readonly kind: 'join'; readonly device: Uint8Array; readonly serialKey: Secret }
  /** Takes a device out: the KSN forgets it, and no update waits for it. It keeps its keys until its reset. */
  | { readonly kind: 'remove'; readonly device: Uint8Array }
  /** Begins the update of the user key or a provider's (9.3), unless one is under way. `key`: 16 octets, fresh. */
  | { readonly kind: 'update-key'; readonly keyIndex: number; readonly key: Secret }
  /** Gives an update up that is not committed yet (9.3.2); devices that hold the new key erase it. */
  | { readonly kind: 'abort-update'; readonly keyIndex: number }
  /** A service provider: its key goes to these devices (9.2.2). `key`: 16 octets, fresh. */
  | {
      readonly kind: 'add-provider';
      readonly keyIndex: number;
      readonly key: Secret;
      readonly devices: readonly Uint8Array[];
    }
  /** Takes a service provider's key back from every device. */
  | { readonly kind: 'remove-provider'; readonly keyIndex: number };

/** After so many milliseconds a device that did not answer is tried again, doubled each time. */
export const PAUSE_MS = 5_000;
export const PAUSE_MAX_MS: number = 5 * 60_000;
/** An inquiry for algorithms is answered in this time, or sent again later. */
export const INQUIRY_MS = 3_000;

export function entryOf(state: KsnState, address: Uint8Array): DeviceEntry | undefined {
  return state.entries.find((entry) => equal(entry.address, address));
}

export function domainKeyOf(state: KsnState, keyIndex: number): DomainKey | undefined {
  return state.domainKeys.find((key) => key.keyIndex === keyIndex);
}

/** What a device holds of an index. */
export function deviceKeyOf(entry: DeviceEntry, keyIndex: number): DeviceKeyState {
  const found = entry.keys.find((key) => key.keyIndex === keyIndex);
  return found ?? { keyIndex, active: undefined, pending: undefined };
}
