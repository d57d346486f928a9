import type { Actor } from '../actor.ts';
import type { Ending } from '../method/endings.ts';
import type { Phone } from '../model.ts';
import type { BegunSession } from '../person/people.ts';
import type { PageRequest } from '../ports.ts';
import type { KeyBundle } from './bundle.ts';

/** A phone or card that asks to be enrolled. */
export interface NewPhone {
  readonly kind: Phone['kind'];
  readonly name: string;
  /** P-256, uncompressed, 65 octets. */
  readonly publicKey: Uint8Array;
  /** 32 octets, as given by `challenge`. */
  readonly challenge: Uint8Array;
  /** ES256 (r | s, 64) over "cardea-phone-1" | challenge | publicKey. */
  readonly signature: Uint8Array;
  /** The actor itself when left out; another's with `grants:write`. */
  readonly personId?: string;
}

/** A door that a lost phone could open by a grant, and until when. */
export interface DoorEnding {
  readonly doorId: string;
  readonly lockId: string;
  readonly grantId: string;
  readonly ending: Ending;
}

/** Phones and cards with their keys. Everybody's own with `access:use`, anybody's with `grants:write`. */
export interface PhoneUseCases {
  challenge(actor: Actor): Promise<{ readonly challenge: Uint8Array; readonly expiresAt: number }>;
  enrol(actor: Actor, input: NewPhone): Promise<Phone>;
  list(actor: Actor, filter: { readonly personId?: string }, page: PageRequest): Promise<readonly Phone[]>;
  get(actor: Actor, id: string): Promise<Phone>;
  /** Takes its keys back; the same again says where that stands. */
  lost(actor: Actor, id: string): Promise<{ readonly phone: Phone; readonly doors: readonly DoorEnding[] }>;
  /** All keys of the phone, each with a fresh lease. `emergency`, with `locks:manage`: keys that ask no clock. */
  keys(actor: Actor, id: string, emergency?: boolean): Promise<KeyBundle>;
}

/** A phone that begins a session by its key. */
export interface PhoneSignIn {
  /** The installation's own where none is named. */
  readonly organizationId?: string | undefined;
  /** P-256, uncompressed, 65 octets. */
  readonly publicKey: Uint8Array;
  /** 54 octets, as given by `challenge`. */
  readonly challenge: Uint8Array;
  /** ES256 (r | s, 64) over "cardea-sign-in-1" | challenge | publicKey | origin. */
  readonly signature: Uint8Array;
}

/** Sessions that phones begin by their keys; nothing says whether there is such a phone. */
export interface PhoneSignInUseCases {
  /** Good for 60 s, and once. */
  challenge(): Promise<{ readonly challenge: Uint8Array; readonly expiresAt: number }>;
  /**
   * A session of `access:use` alone, whatever the role. @throws CoreError `gone` of the challenge, `bad_credentials` of the
   * phone, `locked_out`
   */
  signIn(input: PhoneSignIn, from: string): Promise<BegunSession>;
}

/**
 * What became of a record that a phone has carried. `forged`: it does not open under the lock's key; so does one of before
 * the lock was bound anew, which says nothing any more.
 */
export type ReceiptResult = 'recorded' | 'known' | 'forged' | 'unknown_lock';

/** What phones carry from locks. */
export interface ReceiptUseCases {
  /** What became of each record, in order. */
  hand(
    actor: Actor,
    records: readonly { readonly identifier: string; readonly octets: Uint8Array }[],
  ): Promise<readonly ReceiptResult[]>;
}
