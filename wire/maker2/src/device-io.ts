import type { PrivateKeyHandle } from '@cardea/kit-crypto';
import type { EventCode } from '@cardea/wire-profile';
import type { Maker2DurableChange } from './device-durable.ts';

/** What the body shows. */
export interface Maker2BodyStatus {
  readonly bits: {
    readonly boltOut: boolean;
    readonly jammed: boolean;
    readonly doorOpen: boolean;
    readonly tamper: boolean;
    readonly privacy: boolean;
  };
  /** 0 to 100. */
  readonly batteryPercent: number;
}

/** What happens to the device machine. The first input is `powered-on`. */
export type Maker2DeviceInput =
  /** Power has come: the binding window opens, the ring gets `booted`. */
  | { readonly kind: 'powered-on'; readonly status: Maker2BodyStatus }
  | { readonly kind: 'connected'; readonly link: number }
  | { readonly kind: 'disconnected'; readonly link: number }
  /** A whole message, put together by the link codec. */
  | { readonly kind: 'message'; readonly link: number; readonly channel: number; readonly octets: Uint8Array }
  /** The lock's button was pressed: confirms a binding that waits. */
  | { readonly kind: 'button' }
  /** A code was entered at the lock: the printed one confirms a binding that waits. */
  | { readonly kind: 'code'; readonly code: string }
  /** Somebody at the lock opens the binding window again. Ignored while bound. */
  | { readonly kind: 'open-window' }
  /** Somebody at the lock resets it to its factory state. */
  | { readonly kind: 'factory-reset' }
  /** The body shows something else now. */
  | { readonly kind: 'status'; readonly status: Maker2BodyStatus }
  /** The body has done (or not) what an `act` asked for. */
  | {
      readonly kind: 'acted';
      readonly token: number;
      readonly result: 'done' | 'jammed' | 'battery_empty' | 'privacy' | 'failed';
      readonly detail: number;
      readonly status: Maker2BodyStatus;
    }
  /** Something happened at the body that is not the outcome of an `act` (those the machine records itself). */
  | { readonly kind: 'happened'; readonly code: EventCode; readonly actor: number; readonly detail: number }
  | { readonly kind: 'wake' }
  | { readonly kind: 'persisted'; readonly id: number }
  | {
      readonly kind: 'ephemeral';
      readonly id: number;
      readonly random: Uint8Array;
      readonly publicKey: Uint8Array;
      readonly privateKey: PrivateKeyHandle;
    }
  | { readonly kind: 'random'; readonly id: number; readonly random: Uint8Array }
  /** `z`: the shared x coordinate (32), or undefined when the peer's point was not on the curve. */
  | { readonly kind: 'agreed'; readonly id: number; readonly z: Uint8Array | undefined };

/** What the device machine asks of the lock, to be done in this order. */
export type Maker2DeviceEffect =
  /** A message to a central, for the link codec. Lost silently when the link is gone. */
  | { readonly kind: 'send'; readonly link: number; readonly channel: number; readonly octets: Uint8Array }
  | { readonly kind: 'drop-link'; readonly link: number }
  /** Move the bolt; answered by `acted` with this token, once. Only one is open at a time. */
  | { readonly kind: 'act'; readonly operation: 'unlock' | 'lock'; readonly token: number }
  /** Make this change durable as a whole or not at all, in order, then answer `persisted`. */
  | { readonly kind: 'persist'; readonly id: number; readonly change: Maker2DurableChange }
  | { readonly kind: 'make-ephemeral'; readonly id: number; readonly sizeOctets: number }
  | { readonly kind: 'make-random'; readonly id: number; readonly sizeOctets: number }
  | { readonly kind: 'agree'; readonly id: number; readonly privateKey: PrivateKeyHandle; readonly peer: Uint8Array }
  /** What to advertise from now on. `address`: 12 upper-case hex digits; a bound lock's is random and changes. */
  | { readonly kind: 'advertise'; readonly address: string; readonly data: Uint8Array }
  /** A binding waits for the button or the printed code, or no longer does. */
  | { readonly kind: 'confirmation-wanted'; readonly wanted: boolean }
  /** The lock is back in its factory state: the actor clears whatever else it keeps. */
  | { readonly kind: 'cleared' }
  /** Send `wake` at this monotonic time; the newest replaces all before. */
  | { readonly kind: 'wake'; readonly atMonotonicMs: number };
