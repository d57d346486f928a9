/** A phone, or a card, which is a phone key in a chip. */
export interface Phone {
  readonly id: string;
  readonly organizationId: string;
  readonly personId: string;
  readonly kind: 'phone' | 'card';
  /** P-256, uncompressed, 65 octets; its private half never leaves the phone. */
  readonly publicKey: Uint8Array;
  readonly name: string;
  readonly state: 'active' | 'lost';
  readonly lostAt: number | null;
  /** Whether it may begin sessions by its key (docs/people.md). */
  readonly signsIn: boolean;
  readonly createdAt: number;
}

/** A key given to a phone for one lock, or for every lock of a level; renewed under the same id. */
export interface KeyLease {
  readonly id: string;
  readonly organizationId: string;
  readonly personId: string;
  readonly grantId: string;
  readonly phoneId: string;
  /** Null: a level grant, for the locks of the grant's floor or property. */
  readonly lockId: string | null;
  readonly propertyId: string;
  /** 16 random octets: the grant id that the lock sees. */
  readonly keyId: Uint8Array;
  /** Its first 4 octets as a number: the actor of the lock's events. */
  readonly keyPrefix: number;
  readonly series: number;
  readonly generation: number;
  /** The lock does not ask its clock: nothing but its word ends the key. */
  readonly noClock: boolean;
  readonly issuedAt: number;
  /** Of all that was ever sealed under this id the latest. */
  readonly leaseEndAt: number;
  /** `revoked`: it is to be denied; renewed no more. */
  readonly state: 'active' | 'revoked';
  readonly revokedAt: number | null;
}

/** What a property's locks know of where they are. */
export interface PropertyAccess {
  /** The property's. */
  readonly id: string;
  readonly organizationId: string;
  /** 16 random octets. */
  readonly hotelId: Uint8Array;
  /** Public half of its grant key: P-256, uncompressed, 65 octets. */
  readonly grantKey: Uint8Array;
  /** Generation of its level grants, the same at every lock. */
  readonly levelGeneration: number;
}

/** The number by which locks know a floor or a room. */
export interface PlaceNumber {
  /** The floor's or the door's. */
  readonly id: string;
  readonly organizationId: string;
  readonly propertyId: string;
  readonly number: number;
}
