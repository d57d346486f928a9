import type { KeptWay } from '../kept/vault.ts';
import type { BluetoothState } from '../own/capability.ts';

/** How a door is asked: through the server and a gateway, or at the door over Bluetooth. */
export type Way = 'server' | 'bluetooth';

/** Why a way is proposed, or why there is none. */
export type WayReason =
  /** The server answers, and there is no list of devices to choose from. */
  | 'simplest'
  /** The server answers and would let one in, but does not expect to reach the lock. */
  | 'unlikely'
  /** The server does not answer: the key in this phone opens without it. */
  | 'no_server'
  /** Nobody is signed in here, so the server would not do it. */
  | 'not_signed_in'
  /** By the rules the door does not open now. */
  | 'not_now'
  /** Without the server there is nothing that would open: no key, no Web Bluetooth, or Bluetooth is off. */
  | 'no_key'
  | 'no_bluetooth'
  | 'bluetooth_off';

/** The ways that are open now, the proposed one first. */
export interface Ways {
  readonly possible: readonly Way[];
  readonly reason: WayReason;
}

/** What the choice depends on. */
export interface Situation {
  /** Whether the server answers. */
  readonly answers: boolean;
  readonly signedIn: boolean;
  /** Whether this phone has a key that opens the door now. */
  readonly hasKey: boolean;
  readonly bluetooth: BluetoothState;
  /** What the server said of its own way, as far as that still holds; undefined: it has not said. */
  readonly fromAfar: KeptWay | undefined;
}

/** Which ways there are to open a door. Whoever is at the door may take the other one where there are two. */
export function waysOf({ answers, signedIn, hasKey, bluetooth, fromAfar }: Situation): Ways {
  const server = answers && signedIn && fromAfar?.permitted !== false;
  const atDoor = hasKey && bluetooth === 'yes';
  if (server && atDoor && fromAfar?.opens === false) return { possible: ['bluetooth', 'server'], reason: 'unlikely' };
  if (server) return { possible: atDoor ? ['server', 'bluetooth'] : ['server'], reason: 'simplest' };
  const refused = answers && signedIn;
  if (atDoor) {
    return { possible: ['bluetooth'], reason: refused ? 'unlikely' : answers ? 'not_signed_in' : 'no_server' };
  }
  if (refused) return { possible: [], reason: 'not_now' };
  return {
    possible: [],
    reason: !hasKey ? 'no_key' : bluetooth === 'off' ? 'bluetooth_off' : 'no_bluetooth',
  };
}
