import type { Primitives, PrivateKeyHandle } from '@cardea/kit-crypto';
import type { Instant } from '@cardea/kit-runtime';
import type { EventCode, LockEvent, Operation } from './device.ts';

/** What a bolt can be asked for. */
export type BoltOperation = Exclude<Operation, 'status'>;

/** The lock's flags. */
export interface StatusBits {
  /** The door is locked. */
  readonly boltOut: boolean;
  readonly jammed: boolean;
  readonly doorOpen: boolean;
  readonly tamper: boolean;
  readonly privacy: boolean;
}

/** What the body shows: reported in receipts and, sealed, in the advertisement. */
export interface BodyStatus {
  readonly bits: StatusBits;
  /** 0 to 100. */
  readonly batteryPercent: number;
}

/** What a device machine is given besides its input. `now.unixMs` is the lock's hardware clock, right or wrong. */
export interface DeviceContext {
  readonly primitives: Primitives;
  readonly now: Instant;
}

/**
 * What happens to a lock, whoever made it: the inputs of the pure machines that are its half of a maker's protocol. The
 * first is `powered-on`.
 */
export type DeviceInput =
  /** Power has come: the binding window opens, the ring gets `booted`. `status` is what the body shows. */
  | { readonly kind: 'powered-on'; readonly status: BodyStatus }
  /** A central has connected. More than the machine serves at once are dropped. */
  | { readonly kind: 'connected'; readonly link: number }
  | { readonly kind: 'disconnected'; readonly link: number }
  /** A whole message, put together by the link codec. */
  | { readonly kind: 'message'; readonly link: number; readonly channel: number; readonly octets: Uint8Array }
  /** The lock's button was pressed: confirms a binding that waits. */
  | { readonly kind: 'button' }
  /** A code was entered at the lock: the printed one confirms a binding that waits; at a bound lock it is a PIN. */
  | { readonly kind: 'code'; readonly code: string }
  /** A contactless card is at the reader; whichever was there before is gone. */
  | { readonly kind: 'card-presented' }
  /** Its response APDU to the newest `card-command`. */
  | { readonly kind: 'card-answered'; readonly octets: Uint8Array }
  | { readonly kind: 'card-gone' }
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
      readonly result: 'done' | 'jammed' | 'battery_empty' | 'privacy' | 'failed';
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
  | { readonly kind: 'agreed'; readonly id: number; readonly z: Uint8Array | undefined }
  | { readonly kind: 'verified'; readonly id: number; readonly valid: boolean };

/** What a device machine asks of the lock, to be done in this order; `Change` is the maker's change of the flash. */
export type DeviceEffect<Change> =
  /** A message to a central, for the link codec. Lost silently when the link is gone. */
  | { readonly kind: 'send'; readonly link: number; readonly channel: number; readonly octets: Uint8Array }
  | { readonly kind: 'drop-link'; readonly link: number }
  /** Move the bolt; answered by `acted` with this token, once. Only one is open at a time. `override` unlocks although privacy is on. */
  | { readonly kind: 'act'; readonly operation: BoltOperation; readonly token: number }
  /** A command APDU for the card at the reader; answered by `card-answered`, or `card-gone`. */
  | { readonly kind: 'card-command'; readonly octets: Uint8Array }
  /** The body's configuration, after power-on and whenever it changes; 0 s is off. */
  | { readonly kind: 'configure'; readonly autoRelockS: number; readonly heldOpenS: number }
  /** Make this change durable as a whole or not at all, in order, then answer `persisted`. */
  | { readonly kind: 'persist'; readonly id: number; readonly change: Change }
  /** A fresh P-256 pair (public key uncompressed, 65 octets) and `sizeOctets` random octets; answered by `ephemeral`. */
  | { readonly kind: 'make-ephemeral'; readonly id: number; readonly sizeOctets: number }
  /** Answered by `random`. */
  | { readonly kind: 'make-random'; readonly id: number; readonly sizeOctets: number }
  /** ECDH with the peer's uncompressed point, checked to be on the curve; answered by `agreed`. */
  | { readonly kind: 'agree'; readonly id: number; readonly privateKey: PrivateKeyHandle; readonly peer: Uint8Array }
  /** ES256 over `message` by this lock's serial key; answered by `signed`. */
  | { readonly kind: 'sign'; readonly id: number; readonly message: Uint8Array }
  /** Whether `signature` (ES256, r | s) over `message` is `publicKey`'s (P-256, uncompressed); answered by `verified`. */
  | {
      readonly kind: 'verify';
      readonly id: number;
      readonly publicKey: Uint8Array;
      readonly message: Uint8Array;
      readonly signature: Uint8Array;
    }
  /** What to advertise from now on. `address`: 12 upper-case hex digits; a bound lock's is random and changes. */
  | { readonly kind: 'advertise'; readonly address: string; readonly data: Uint8Array }
  /** A binding waits for the button or the printed code (show it), or no longer does. */
  | { readonly kind: 'confirmation-wanted'; readonly wanted: boolean }
  /** The lock is back in its factory state: the actor clears whatever else it keeps (grants, PINs). */
  | { readonly kind: 'cleared' }
  /** Send `wake` at this monotonic time; the newest replaces all before. */
  | { readonly kind: 'wake'; readonly atMonotonicMs: number };

/** An atomic change of a lock's flash; `Record` is the maker's own part, everything but the events. */
export type RingChange<Record> =
  | { readonly kind: 'record'; readonly record: Record }
  /** One event more; `chain` is the running hash after it, of makers that keep one: in flash together or not at all. */
  | { readonly kind: 'event'; readonly event: LockEvent; readonly chain?: Uint8Array | undefined }
  /** These events are acknowledged or given up. */
  | { readonly kind: 'forget'; readonly sequences: readonly number[] }
  /** Factory state: this record, no events; the sequence (and the chain) go on. */
  | { readonly kind: 'reset'; readonly record: Record };
