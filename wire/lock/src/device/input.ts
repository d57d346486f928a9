import type { PrivateKeyHandle } from '@cardea/kit-crypto';
import type { EventCode } from '@cardea/wire-profile';
import type { ResultCode, StatusBits } from '../answer.ts';

/** What the body shows: reported in receipts and, sealed, in the advertisement. */
export interface BodyStatus {
  readonly bits: StatusBits;
  /** 0 to 100. */
  readonly batteryPercent: number;
}

/** What happens to the device machine. The first input after `initialDevice` is `powered-on`. */
export type DeviceInput =
  /** Power has come: the binding window opens, the ring gets `booted`. `status` is what the body shows. */
  | { readonly kind: 'powered-on'; readonly status: BodyStatus }
  /** A central has connected. More than {@link LINKS_MAX} at once are dropped. */
  | { readonly kind: 'connected'; readonly link: number }
  | { readonly kind: 'disconnected'; readonly link: number }
  /** A whole message, put together by the link codec. */
  | { readonly kind: 'message'; readonly link: number; readonly channel: number; readonly octets: Uint8Array }
  /** The lock's button was pressed: confirms a binding that waits. */
  | { readonly kind: 'button' }
  /** A code was entered at the lock: the printed one confirms a binding that waits. */
  | { readonly kind: 'code'; readonly code: string }
  /** Somebody at the lock (staff card, button) opens the binding window again. Ignored while bound. */
  | { readonly kind: 'open-window' }
  /** Somebody at the lock resets it to its factory state. */
  | { readonly kind: 'factory-reset' }
  /** The body shows something else now. */
  | { readonly kind: 'status'; readonly status: BodyStatus }
  /** The body has done (or not) what an `act` asked for. `status` is what it shows now. */
  | {
      readonly kind: 'acted';
      readonly token: number;
      readonly result: Extract<ResultCode, 'done' | 'jammed' | 'battery_empty' | 'privacy' | 'failed'>;
      /** 0 to 255, the body's own. */
      readonly detail: number;
      readonly status: BodyStatus;
    }
  /**
   * Something happened at the body that is not the outcome of an `act` (those the machine records itself): relocked,
   * door_opened, tamper, manual_unlocked ... `actor`: first octets of a grant id, a PIN slot, or 0.
   */
  | { readonly kind: 'happened'; readonly code: EventCode; readonly actor: number; readonly detail: number }
  /** The monotonic time asked for by `wake` has come. Too early or twice does no harm. */
  | { readonly kind: 'wake' }
  /** Results of effects, by id. */
  | { readonly kind: 'persisted'; readonly id: number }
  | {
      readonly kind: 'ephemeral';
      readonly id: number;
      readonly random: Uint8Array;
      readonly publicKey: Uint8Array;
      readonly privateKey: PrivateKeyHandle;
    }
  | { readonly kind: 'random'; readonly id: number; readonly random: Uint8Array }
  /** `signature`: r | s (64), or undefined when this lock was made without a serial key. */
  | { readonly kind: 'signed'; readonly id: number; readonly signature: Uint8Array | undefined }
  /** `z`: the shared x coordinate (32), or undefined when the peer's point was not on the curve. */
  | { readonly kind: 'agreed'; readonly id: number; readonly z: Uint8Array | undefined };

/** Connections that a lock serves at once. */
export const LINKS_MAX = 4;
