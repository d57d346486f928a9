import type { BoltOperation, EventCode } from '@cardea/wire-profile';

/** Motor time from one end to the other, unless a body is given another. */
export const TRAVEL_MS = 400;
/** After the door has closed, an auto-relock that waited for it comes this much later. */
export const RELOCK_AFTER_CLOSING_MS = 1_000;
/** At or below this the lock says that its battery is low, once. */
export const BATTERY_LOW_PERCENT = 20;
/** Above this a low battery counts as replaced, so that the next low one is told again. */
export const BATTERY_REPLACED_PERCENT = 25;

/** The mechanics of a lock: what it is, and what moves. */
export interface BodyState {
  /** True when the bolt is out: the door is locked. */
  readonly boltOut: boolean;
  /** The last motion did not arrive. Stays until one does. */
  readonly jammed: boolean;
  /** Something holds the bolt: the next motions will not arrive. The lock does not know before it tries. */
  readonly blocked: boolean;
  readonly doorOpen: boolean;
  /** Already told that it is held open. */
  readonly heldOpenTold: boolean;
  readonly batteryPercent: number;
  readonly batteryLowTold: boolean;
  readonly tamper: boolean;
  /** Set from inside: nobody unlocks from outside, but by an override. */
  readonly privacy: boolean;
  readonly motion: Motion | undefined;
  readonly travelMs: number;
  /** 0: off. */
  readonly autoRelockMs: number;
  /** 0: off. */
  readonly heldOpenMs: number;
  /** When it locks by itself, monotonic. */
  readonly relockAtMs: number | undefined;
  readonly heldOpenAtMs: number | undefined;
}

/** The bolt on its way; `token` of whoever asked, undefined for an auto-relock. */
export interface Motion {
  readonly operation: 'unlock' | 'lock';
  readonly token: number | undefined;
  /** It unlocks although privacy is on, and takes it off. */
  readonly overrides: boolean;
  readonly endsAtMs: number;
}

/** How a motion ended. */
export type ActResult = 'done' | 'jammed' | 'battery_empty' | 'privacy';

export type BodyInput =
  /** The device machine wants the bolt moved. */
  | { readonly kind: 'act'; readonly operation: BoltOperation; readonly token: number }
  /** 0 s is off. */
  | { readonly kind: 'configure'; readonly autoRelockS: number; readonly heldOpenS: number }
  | { readonly kind: 'door'; readonly open: boolean }
  /** The knob inside: mechanical, it always works. */
  | { readonly kind: 'knob'; readonly operation: 'unlock' | 'lock' }
  | { readonly kind: 'privacy'; readonly on: boolean }
  | { readonly kind: 'tamper'; readonly on: boolean }
  | { readonly kind: 'battery'; readonly percent: number }
  /** Something holds the bolt, or no longer does. */
  | { readonly kind: 'block'; readonly on: boolean }
  /** Power is back after it was gone: what moved has stopped where it was. */
  | { readonly kind: 'powered-on' }
  | { readonly kind: 'wake' };

export type BodyEffect =
  | { readonly kind: 'acted'; readonly token: number; readonly result: ActResult }
  /** For the event ring; not told for what `acted` tells. */
  | { readonly kind: 'happened'; readonly code: EventCode; readonly detail: number };

/** A new lock: shut, whole, with a full battery. */
export const NEW_BODY: BodyState = {
  boltOut: true,
  jammed: false,
  blocked: false,
  doorOpen: false,
  heldOpenTold: false,
  batteryPercent: 100,
  batteryLowTold: false,
  tamper: false,
  privacy: false,
  motion: undefined,
  travelMs: TRAVEL_MS,
  autoRelockMs: 0,
  heldOpenMs: 0,
  relockAtMs: undefined,
  heldOpenAtMs: undefined,
};
