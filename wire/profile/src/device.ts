/**
 * The profile document: what a lock is, in common objects (attributes, operations, events), the same for every maker's
 * driver. Our reading of ISO/IEC 18012-3's interworking by common objects (seed 000, "Interoperability test").
 */
export interface DeviceProfile {
  /** Stable name of the maker's protocol: `cardea`, `maker2`. */
  readonly maker: string;
  readonly title: string;
  /** `legacy` marks a protocol that its source defines weakly; it is off by default and shown wherever it is used. */
  readonly suite: 'hardened' | 'legacy';
  /** The GATT service under which its locks advertise and are connected to. */
  readonly service: string;
  readonly attributes: readonly (keyof LockAttributes)[];
  readonly operations: readonly Operation[];
  readonly events: readonly EventCode[];
}

/** What can be asked of a lock. `status` moves nothing; `override` unlocks although privacy or lockdown is on. */
export type Operation = 'unlock' | 'lock' | 'status' | 'override';

/** State that a lock has reported under its own authentication. */
export interface LockAttributes {
  readonly bolt: 'locked' | 'unlocked' | 'jammed';
  readonly door: 'open' | 'closed';
  readonly batteryPercent: number;
  readonly tamper: boolean;
  readonly privacy: boolean;
  readonly clock: 'valid' | 'uncertain' | 'unset';
}

/** What happened at a lock. */
export type EventCode =
  | 'unlocked'
  | 'locked'
  | 'relocked'
  | 'refused'
  | 'door_opened'
  | 'door_closed'
  | 'door_forced'
  | 'door_held_open'
  | 'jammed'
  | 'battery_low'
  | 'tamper'
  | 'clock_set'
  | 'booted'
  | 'bound'
  | 'reset'
  | 'manual_unlocked'
  | 'manual_locked'
  | 'events_lost'
  /** So many more were refused (`actor`) since the last `refused`; `detail` as in the last of them. */
  | 'refusals'
  /** An order (revocation) with the number in `actor` is in force. */
  | 'order_taken'
  /** A grant of a higher generation (`actor`) than the lock's has raised the series in `detail`. */
  | 'generation_raised'
  /** A change by message 25 is in force; `actor`: first octets of its digest, `detail`: its kind. */
  | 'access_changed'
  /** Too many wrong entries: the keypad is closed for `actor` seconds. */
  | 'keypad_closed'
  /** Unlocked although privacy or lockdown was on; `actor` and `detail` as of `unlocked`. */
  | 'override_unlocked';

/** One event of a lock's ring, authenticated by the lock. */
export interface LockEvent {
  /** The lock's own sequence number, from 1 without gaps. */
  readonly sequence: number;
  readonly code: EventCode;
  /** First octets of a grant id, a PIN slot, or 0. */
  readonly actor: number;
  readonly detail: number;
  /** The lock's clock, Unix seconds; 0 when it was unset. */
  readonly lockTimeS: number;
}

/** The lock's authenticated answer to one command. */
export interface Receipt {
  readonly attributes: LockAttributes;
  /** Newest event sequence at the lock. */
  readonly eventSequence: number;
  readonly lockTimeS: number;
  /** Lock time less the RAS's time at arrival of the receipt, in seconds; `undefined` when the protocol has no clock. */
  readonly clockOffsetS: number | undefined;
  /** The frame as it arrived, for the record. */
  readonly frame: Uint8Array;
}

/** Why a command did not succeed. Stable: it is the API's `reason`. */
export type FailureReason =
  | 'jammed'
  | 'battery_empty'
  | 'privacy'
  | 'not_permitted'
  | 'clock_drift'
  | 'clock_uncertain'
  | 'late'
  | 'busy'
  | 'not_bound'
  | 'key_mismatch'
  | 'refused'
  | 'out_of_range'
  | 'gateway_offline'
  | 'no_answer'
  | 'superseded'
  | 'unsupported'
  /** A bounded list of the lock has no room for it. */
  | 'full'
  /** The lock is in lockdown: only an override opens it. */
  | 'lockdown'
  | 'internal';
