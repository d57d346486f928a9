import { equal } from '@cardea/kit-octets';
import type { Exchange } from '../exchange/exchange.ts';
import type { NodeInput } from '../input.ts';
import type { HeldKey } from '../node/keys.ts';
import type { NodeState } from '../node/state.ts';
import type { AlgorithmId } from '../suite/suite.ts';

/** A device takes its user key for so long after its button was pressed (9.2.1 c) 2)). */
export const SETTING_MODE_MS: number = 30 * 60_000;

/** A device asks for an update so often, waiting so long for each (9.3.3). */
export const UPDATE_REQUEST_WAITS_MS: readonly number[] = [10_000, 20_000, 40_000];

/** The state of a device (9.2, 9.3): a constrained node whose keys a KSN sets. */
export interface DeviceState extends NodeState {
  readonly role: 'device';
  /** What it can do, told in plaintext (9.2.1 e)) and confirmed under its keys. */
  readonly algorithms: readonly AlgorithmId[];
  /** The KSN that set the user key; `undefined` in the factory state. */
  readonly ksn: Uint8Array | undefined;
  /** The highest version that each index has had: a lower one is refused, also after the key is gone. */
  readonly floors: readonly { readonly keyIndex: number; readonly version: number }[];
  /** Setting mode ends at this monotonic time. */
  readonly settingUntilMs: number | undefined;
  readonly exchange: Exchange | undefined;
  /** An update that this device asks for (9.3.3). */
  readonly wish: UpdateWish | undefined;
}

/** An update that a device asks for: accepted or not, it waits, and asks again. */
export interface UpdateWish {
  readonly keyIndex: number;
  readonly tries: number;
  /** Monotonic. */
  readonly dueAtMs: number;
}

/** What a device hears besides what every node does. */
export type DeviceInput =
  | NodeInput
  /** `random`: 4 octets; `standard` begins its SNFs by chance (7.2.3). */
  | { readonly kind: 'powered-on'; readonly random: Uint8Array }
  /** The button: the device takes a user key for {@link SETTING_MODE_MS}, if it has none. */
  | { readonly kind: 'setting-mode' }
  /** The reset at the device itself: all keys but those of the factory are gone. */
  | { readonly kind: 'reset' }
  /** Asks the KSN for a new key of this index (9.3.3). */
  | { readonly kind: 'request-update'; readonly keyIndex: number };

/** Where a key of a device stands (Figures 23 and 25, whose text is lost: 9.3.2 and 9.3.3 of the resolutions). */
export type KeyStanding = 'NORMAL' | 'REQUESTED' | 'DH_EXCHANGED' | 'NEW_KEY_PENDING';

/** Where the key of an index stands. */
export function standingOf(state: DeviceState, keyIndex: number): KeyStanding {
  if (state.keys.some((key) => key.keyIndex === keyIndex && key.state === 'pending')) return 'NEW_KEY_PENDING';
  if (state.exchange?.run.keyIndex === keyIndex && state.exchange.shared !== undefined) return 'DH_EXCHANGED';
  return state.wish?.keyIndex === keyIndex ? 'REQUESTED' : 'NORMAL';
}

export function isKsn(state: DeviceState, address: Uint8Array): boolean {
  return state.ksn !== undefined && equal(state.ksn, address);
}

/** The key of an index in a state. */
export function keyOf(state: DeviceState, keyIndex: number, is: HeldKey['state']): HeldKey | undefined {
  return state.keys.find((key) => key.keyIndex === keyIndex && key.state === is);
}
