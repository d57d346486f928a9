import type { BluetoothState } from '../own/capability.ts';

/** How a door is asked: through the server and a gateway, or at the door over Bluetooth. */
export type Way = 'server' | 'bluetooth';

/** Why a way is proposed, or why there is none. */
export type WayReason =
  /** There is network, and no list of devices to choose from. */
  | 'simplest'
  /** No network: the key in this phone opens without it. */
  | 'no_network'
  /** Nobody is signed in here, so the server would not do it. */
  | 'not_signed_in'
  /** There is nothing that would open: no network, and no key or no Bluetooth. */
  | 'none';

/** The ways that are open now, the proposed one first. */
export interface Ways {
  readonly possible: readonly Way[];
  readonly reason: WayReason;
}

/** What the choice depends on. */
export interface Situation {
  readonly online: boolean;
  readonly signedIn: boolean;
  readonly hasKey: boolean;
  readonly bluetooth: BluetoothState;
}

/** Which ways there are to open a door. Whoever is at the door may take the other one where there are two. */
export function waysOf({ online, signedIn, hasKey, bluetooth }: Situation): Ways {
  const server = online && signedIn;
  const atDoor = hasKey && bluetooth === 'yes';
  if (server) return { possible: atDoor ? ['server', 'bluetooth'] : ['server'], reason: 'simplest' };
  if (atDoor) return { possible: ['bluetooth'], reason: online ? 'not_signed_in' : 'no_network' };
  return { possible: [], reason: 'none' };
}
