import type { AlarmCode, EventCode, FailureReason, LockAttributes, LockMode, Operation } from '@cardea/wire-profile';

import type { Geofence } from './geofence/model.ts';

export type * from './geofence/model.ts';
export type * from './grant/model.ts';
export type * from './key/model.ts';
export type * from './method/model.ts';
export type { LockModeReport, LockModeRequest } from './mode/model.ts';
export type * from './person/model.ts';
export type * from './pin/model.ts';
export type * from './schedule/model.ts';
export type * from './stay/model.ts';
export type * from './visitor/model.ts';

/** The record's nouns (product.md, "Words"). Ids carry a prefix and a UUIDv7; times are Unix milliseconds. */

export interface Organization {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
}

export interface Property {
  readonly id: string;
  readonly organizationId: string;
  readonly name: string;
  /** IANA zone, such as `Europe/Berlin`. */
  readonly timeZone: string;
  /** A node serves only its own regions (seed 002, 5.4). */
  readonly region: string;
  /** Where a phone counts as being at the property. */
  readonly geofence: Geofence | null;
  /** When rooms are ready, local time `HH:MM`. */
  readonly checkInTime: string;
  /** When guests leave unless told otherwise, local time `HH:MM`. */
  readonly checkOutTime: string;
  /** Longest that a lock may decide by itself, without news from the server, in s; null: every opening is decided here. */
  readonly offlineLeaseS: number | null;
  /** Whether residents may let visitors in. */
  readonly visitors: 'on' | 'off';
  readonly createdAt: number;
}

export interface Floor {
  readonly id: string;
  readonly organizationId: string;
  readonly propertyId: string;
  readonly name: string;
  readonly level: number;
  readonly plan: FloorPlan | null;
  readonly createdAt: number;
}

/** The rectangle in which the doors of a floor are drawn, in metres or any other unit. */
export interface FloorPlan {
  readonly width: number;
  readonly height: number;
  /** How often it was drawn. */
  readonly revision: number;
}

/** Where a door is on the plan of its floor: from its left and its upper side, in the plan's unit. */
export interface PlanPosition {
  readonly x: number;
  readonly y: number;
}

/** What a door is for: a guest's own room, one that many guests share, or staff's. */
export type DoorKind = 'guest' | 'common' | 'staff';

export interface Door {
  readonly id: string;
  readonly organizationId: string;
  readonly propertyId: string;
  readonly floorId: string | null;
  /** What is written on it, unique in its property: `101`. */
  readonly name: string;
  readonly lockId: string | null;
  readonly kind: DoorKind;
  readonly position: PlanPosition | null;
  readonly createdAt: number;
}

export interface Lock {
  readonly id: string;
  readonly organizationId: string;
  /** MAC address, 12 upper-case hex digits, unique in the world. */
  readonly identifier: string;
  /** Name of the maker's profile document: `cardea`, `maker2`, `cardea-legacy`. */
  readonly maker: string;
  readonly model: string;
  readonly bluetooth: '4.0' | '4.1' | '4.2' | '5.0';
  /** `manifest` known from a maker's manifest; `bound` to this organization; `withdrawn` by an operator. */
  readonly state: 'manifest' | 'bound' | 'withdrawn';
  readonly createdAt: number;
}

/** What is last known of a lock; every reading carries when it was last proved. */
export interface LockReport {
  readonly lockId: string;
  readonly attributes: LockAttributes;
  readonly provedAt: number;
  readonly clockOffsetS: number | null;
  readonly clockErrorS: number | null;
}

export interface Gateway {
  readonly id: string;
  readonly organizationId: string;
  readonly propertyId: string;
  readonly name: string;
  /** `enrolling` until its one-time token was used. */
  readonly state: 'enrolling' | 'enrolled' | 'withdrawn';
  readonly lastSeenAt: number | null;
  readonly createdAt: number;
}

export type Role = 'owner' | 'manager' | 'front_desk' | 'maintenance' | 'cleaner' | 'resident' | 'guest';

export interface Person {
  readonly id: string;
  readonly organizationId: string;
  readonly name: string;
  /** Sign-in name: an e-mail address in lower case. */
  readonly email: string;
  readonly role: Role;
  /** The password has to be changed before anything else can be done. */
  readonly mustChangePassword: boolean;
  readonly createdAt: number;
}

export type AttemptState = 'pending' | 'sent' | 'succeeded' | 'failed' | 'expired';
export type AttemptOperation = Operation | 'bind' | 'unbind' | 'set_time' | `set_${LockMode}`;

/** One command's life. `succeeded` only ever with a receipt. */
export interface Attempt {
  readonly id: string;
  readonly organizationId: string;
  readonly doorId: string | null;
  readonly lockId: string;
  readonly actorId: string;
  readonly operation: AttemptOperation;
  readonly state: AttemptState;
  /** Why it failed or expired: a FailureReason, or `outcome_unknown` when it was sent and no receipt came. */
  readonly reason: FailureReason | 'outcome_unknown' | 'not_sent' | null;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly sentAt: number | null;
  readonly endedAt: number | null;
  /** Place in the gateway's queue, 0 = on the air; null when unknown or over. */
  readonly queuePosition: number | null;
  readonly clockOffsetS: number | null;
  readonly receipt: StoredReceipt | null;
  /** A receipt that came after the attempt had expired. */
  readonly lateReceipt: StoredReceipt | null;
  /** The grant that permits it; null: the actor's role, or it is the server's own. */
  readonly grantId: string | null;
  /** Another person had to confirm it by then; null: nobody. */
  readonly confirmBy: number | null;
}

export interface StoredReceipt {
  /** The lock's newest event sequence. */
  readonly lockSequence: number;
  readonly attributes: LockAttributes;
  readonly lockTimeS: number;
  readonly clockOffsetS: number | null;
  /** Hex of the sealed frame as it arrived. */
  readonly frame: string;
  readonly receivedAt: number;
}

/** How far a lock's event chain is verified (docs/lock.md, 37 to 41), and the newest head that it signed. */
export interface LockChain {
  readonly lockId: string;
  /** Up to here every event is on record and hashes to what the lock has signed, but for the gaps. */
  readonly verifiedTo: number;
  /** h(verifiedTo). */
  readonly verifiedHash: Uint8Array | null;
  readonly headDay: number;
  readonly headSequence: number;
  readonly headHash: Uint8Array;
  readonly headSignature: Uint8Array;
  readonly headAt: number;
  /** Since when a head counts events that have not come; null when the newest head is settled. */
  readonly unsettledSince: number | null;
}

/** Events of a lock that its head counts and the record cannot show. */
export interface ChainGap {
  readonly id: string;
  readonly organizationId: string;
  readonly lockId: string;
  /**
   * `missing`: they never came, and nobody says why; `lost`: the lock said itself that its ring gave them up; `reset`: a
   * reset cleared them; `altered`: all are there, and do not hash to what the lock has signed.
   */
  readonly kind: 'missing' | 'lost' | 'reset' | 'altered';
  readonly fromSequence: number;
  readonly toSequence: number;
  readonly seenAt: number;
  /** When the events came after all and proved right. */
  readonly closedAt: number | null;
  /** h before the gap, where it is known: what the events have to lead on from. */
  readonly beforeHash: Uint8Array | null;
  /** The head that showed it. Between the gap and here events are on record, but linked to nothing before them. */
  readonly headSequence: number;
  readonly headHash: Uint8Array;
}

/** The record came back from a backup: everything after `backupMadeAt` is not in it. */
export interface Restore {
  readonly id: string;
  readonly restoredAt: number;
  readonly backupMadeAt: number;
  /**
   * Above every number that the record can have issued before it came back: whatever counts upwards towards a lock
   * (generations of grants, orders) goes on from here, never from what the backup says.
   */
  readonly generationFloor: number;
}

/** The rules of the monitor by name, which is the API's `rule`. */
export type AlertRule =
  | 'denied_burst'
  | 'refused_at_lock'
  | 'sign_in_burst'
  | 'sign_in_stuffing'
  | 'forged_messages'
  | 'clock_jump'
  | 'gateway_flapping'
  | 'event_gap'
  | 'event_chain'
  | 'key_trouble'
  | 'tamper'
  | 'unasked_open'
  | 'override_used';

/** Something that an operator should look at, with the facts that it rests on (seed 002, 6.5). */
export interface Alert {
  readonly id: string;
  readonly organizationId: string;
  readonly rule: AlertRule;
  /** Id of what it is about: a lock, gateway, person or the organization. */
  readonly subjectId: string;
  readonly propertyId: string | null;
  readonly doorId: string | null;
  readonly lockId: string | null;
  readonly gatewayId: string | null;
  readonly personId: string | null;
  readonly state: 'open' | 'acknowledged';
  /** Facts counted so far; `evidence` names the first and the last of them. */
  readonly count: number;
  readonly evidence: readonly string[];
  readonly firstAt: number;
  readonly lastAt: number;
  readonly acknowledgedAt: number | null;
  readonly acknowledgedBy: string | null;
  readonly createdAt: number;
}

/** What has been removed of an organization's events because of their age. Their leaves stay in the audit log. */
export interface EventRemoval {
  readonly organizationId: string;
  /** Events that were removed so far. */
  readonly removed: number;
  /** All of them were received before this. */
  readonly receivedBefore: number;
  readonly lastAt: number;
}

/** A fact. Events of a lock are unique by (lock, sequence). */
export interface Event {
  readonly id: string;
  readonly organizationId: string;
  readonly propertyId: string | null;
  readonly doorId: string | null;
  readonly lockId: string | null;
  readonly gatewayId: string | null;
  readonly personId: string | null;
  readonly attemptId: string | null;
  /** `lock.unlocked`, `attempt.succeeded`, `gateway.offline`, `alarm.late_receipt`, `person.signed_in`, ... */
  readonly type:
    | `lock.${EventCode}`
    | `alarm.${AlarmCode}`
    | 'alarm.certificate_not_renewed'
    | 'alarm.generation_higher'
    | 'alarm.audit_witness_failing'
    | 'alarm.audit_log_altered'
    | `${'attempt' | 'gateway' | 'person' | 'estate' | 'door' | 'audit' | 'alert' | 'grant' | 'schedule' | 'phone' | 'pin' | 'stay'}.${string}`;
  readonly lockSequence: number | null;
  /** The lock's clock, corrected by its offset; null when the lock's clock was unset. */
  readonly occurredAt: number | null;
  readonly receivedAt: number;
  readonly detail: Readonly<Record<string, string | number | boolean | null>>;
}
