import type { Primitives } from '@cardea/kit-crypto';
import type { BindingRecord, LockIdentity } from './binding.ts';
import type { LockEvent } from './device.ts';

/**
 * What a phone may ask of a lock by its key: bits 0, 1 and 2 of a grant's operations. `override` opens although privacy
 * is on or the lock is in lockdown.
 */
export type OfflineOperation = 'unlock' | 'lock' | 'override';

/**
 * A grant that a lock enforces by itself: what the RAS seals for it. Its meaning is a CWT with a confirmation key (RFC
 * 8392, RFC 8747). Times are Unix seconds; the window and the lease are judged by the lock's own clock.
 */
export interface OfflineGrant {
  /** The lock does not ask its clock: generation, list of the denied and uses alone bound it. For staff only. */
  readonly noClock: boolean;
  /** 16 octets. */
  readonly grantId: Uint8Array;
  /** P-256 of the phone or card, uncompressed, 65 octets. */
  readonly phoneKey: Uint8Array;
  readonly operations: readonly OfflineOperation[];
  readonly notBeforeS: number;
  readonly notAfterS: number;
  /** Past this the phone has to fetch the grant anew, whatever `notAfterS` says. */
  readonly leaseEndS: number;
  readonly issuedAtS: number;
  /** 0 to 255: the group of grants that are replaced together. */
  readonly series: number;
  /** Of the series at this lock; the lock refuses a lower one, and takes a higher one for its own. */
  readonly generation: number;
  /** 0: any number. */
  readonly uses: number;
  /** Which of the lock's schedule tables must be open; 0: none. */
  readonly scheduleNumber: number;
}

/** Where a level grant opens: every lock of the hotel, of one floor, or one room (which may have several locks). */
export type GrantLevel = 'hotel' | 'floor' | 'room';

/** A grant for every lock of a level: instead of the lock's id it names the place; ES256 by the property's grant key. */
export interface LevelGrant extends OfflineGrant {
  readonly level: GrantLevel;
  /** 16 octets. */
  readonly hotelId: Uint8Array;
  readonly floor: number;
  readonly room: number;
}

/** Where a lock is, so that it knows which level grants are for it. */
export interface LockPlace {
  /** 16 octets. */
  readonly hotelId: Uint8Array;
  readonly floor: number;
  readonly room: number;
  /** Public half of the property's grant key: P-256, uncompressed, 65 octets. */
  readonly grantKey: Uint8Array;
}

/** Takes rights back. It adds: what a lock knows and the order does not name stays. */
export interface Order {
  /** A lock takes only a higher one than before. */
  readonly orderNo: number;
  /** Generations to rise to; one that is not higher than the lock's changes nothing. */
  readonly series: readonly { readonly series: number; readonly generation: number }[];
  /** At most 40; each may be forgotten after its lease. */
  readonly denied: readonly { readonly grantId: Uint8Array; readonly leaseEndS: number }[];
}

/** A PIN that the lock keeps, as a keyed hash only. */
export interface OnlinePin {
  /** 1 to 100: the actor of its events. */
  readonly slot: number;
  /** 32 octets: {@link OfflineAccess.pinVerifier}. */
  readonly verifier: Uint8Array;
  readonly notBeforeS: number;
  readonly notAfterS: number;
  /** 0: none. */
  readonly scheduleNumber: number;
  /** 0: any number. */
  readonly uses: number;
}

/**
 * How a lock treats those who come. `passage`: unlocked, and does not relock. `lockdown`: only `override` opens; leaving
 * from inside always works.
 */
export type LockMode = 'normal' | 'passage' | 'lockdown';

/** One change of what a lock enforces by itself, by gateway: class manage. */
export type AccessChange =
  | { readonly kind: 'order'; readonly order: Order }
  | { readonly kind: 'place'; readonly place: LockPlace }
  /** A compiled table (wire/access); undefined removes it. */
  | { readonly kind: 'schedule'; readonly number: number; readonly table: Uint8Array | undefined }
  | { readonly kind: 'pin'; readonly pin: OnlinePin }
  | { readonly kind: 'pin-removed'; readonly slot: number }
  /** Staff have looked: the keypad's wrong entries are forgotten. */
  | { readonly kind: 'keypad-reopened' }
  /** `untilS`: Unix seconds by the lock's clock; 0: until it is changed. */
  | { readonly kind: 'mode'; readonly mode: LockMode; readonly untilS: number }
  /** Erasure: uses, denied and events that nothing needs any more go, and both banks of the flash are rewritten. */
  | { readonly kind: 'forget' };

/** An offline PIN of 10 digits: of which generation, which length of window, and from when. */
export interface OfflinePin {
  readonly generation: number;
  /** 0: 3 hours, 1: 24 hours, 2: 7 days, 3: 28 days. */
  readonly kind: 0 | 1 | 2 | 3;
  /** Unix seconds, on the hour (kinds 0 and 1) or the day (2 and 3) in UTC. */
  readonly startS: number;
}

/**
 * What a maker's locks can do without the RAS; absent from a LockController whose locks cannot. All of it needs the
 * binding key, which only the maker's half knows: the active one of the record, so that a rotation voids what was issued
 * before it. Everything here @throws the maker's error for a record without an active key.
 */
export interface OfflineAccess {
  /** A grant sealed for this lock: 133 octets. */
  sealGrant(primitives: Primitives, identity: LockIdentity, record: BindingRecord, grant: OfflineGrant): Uint8Array;
  /** Kg, 32 octets: by which the phone knows the lock, and nobody else's offline exchange of this grant can be read. */
  presentationKey(
    primitives: Primitives,
    identity: LockIdentity,
    record: BindingRecord,
    grantId: Uint8Array,
  ): Uint8Array;
  /** By which a phone recognises the lock's advertisement: 16 octets. */
  advertisementKey(primitives: Primitives, identity: LockIdentity, record: BindingRecord): Uint8Array;
  /** Message 24, for a phone to carry. */
  order(primitives: Primitives, identity: LockIdentity, record: BindingRecord, order: Order): Uint8Array;
  /** 10 digits. */
  offlinePin(primitives: Primitives, identity: LockIdentity, record: BindingRecord, pin: OfflinePin): string;
  /** What the lock keeps of an online PIN: 32 octets. */
  pinVerifier(primitives: Primitives, identity: LockIdentity, record: BindingRecord, pin: string): Uint8Array;
  /** The event in a record that a phone has carried; undefined when it is not this lock's. */
  openCarried(
    primitives: Primitives,
    identity: LockIdentity,
    record: BindingRecord,
    octets: Uint8Array,
  ): LockEvent | undefined;
}
