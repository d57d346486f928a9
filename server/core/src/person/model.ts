/** The nouns of people (docs/people.md): how somebody is reached, proves who it is, and is signed in. */

/** How a message reaches somebody. */
export type Channel = 'email' | 'sms';

/** An address of a person: an e-mail address in lower case, or a phone number in E.164 (`+4930123456`). */
export interface Address {
  readonly channel: Channel;
  readonly address: string;
}

/** An address that belongs to a person: it was proved by a code, or is about to be. Unique in its organization. */
export interface Contact extends Address {
  readonly id: string;
  readonly organizationId: string;
  readonly personId: string;
  readonly verifiedAt: number;
  readonly createdAt: number;
}

/**
 * What a code is for. `register` makes a person, `invitation` gives one who was invited the first password, `recovery` a
 * new one, `contact` adds an address to a person.
 */
export type VerificationPurpose = 'register' | 'invitation' | 'recovery' | 'contact';

/** A code on its way. Of the code only an HMAC is kept; null where none was sent: then nothing fits. */
export interface Verification extends Address {
  readonly id: string;
  readonly organizationId: string;
  readonly purpose: VerificationPurpose;
  readonly personId: string | null;
  /** Of whom is about to register. */
  readonly name: string | null;
  /** HMAC-SHA-256 (32 octets) under the record's key of codes. */
  readonly codeHash: Uint8Array | null;
  readonly triesLeft: number;
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** A person's TOTP (RFC 6238): SHA-1, 6 digits, 30 s. The secret (20 octets) lies apart from it, sealed. */
export interface Totp {
  readonly personId: string;
  /** Number of the newest time step whose code was used: a code works once. */
  readonly usedStep: number;
  /** Null until the first code has shown that the authenticator holds the secret. */
  readonly confirmedAt: number | null;
  readonly createdAt: number;
}

/** A recovery code: works once in place of a second factor. */
export interface RecoveryCode {
  readonly id: string;
  readonly organizationId: string;
  readonly personId: string;
  /** Hex HMAC-SHA-256 under the record's key of codes. */
  readonly hash: string;
  readonly usedAt: number | null;
  readonly createdAt: number;
}

/** A passkey (WebAuthn credential). */
export interface Passkey {
  readonly id: string;
  readonly organizationId: string;
  readonly personId: string;
  readonly name: string;
  /** Base64url, unique in the world. */
  readonly credentialId: string;
  /** COSE_Key. */
  readonly publicKey: Uint8Array;
  /** Signature counter that was seen last; 0 of an authenticator that does not count. */
  readonly counter: number;
  readonly transports: readonly string[];
  readonly lastUsedAt: number | null;
  readonly createdAt: number;
}

/**
 * Something asked of a person that is about to sign in, or of its authenticator: for the second step, or a passkey's
 * challenge. It is no session: nothing can be done by it but the answer.
 */
export interface SignInStep {
  readonly id: string;
  readonly organizationId: string;
  /** Null where the passkey itself says who it is. */
  readonly personId: string | null;
  readonly purpose: 'second-factor' | 'passkey-registration' | 'passkey-sign-in';
  /** Hex SHA-256 of the bearer secret by which the step is answered; the token's id where a session asks. */
  readonly hash: string;
  /** WebAuthn challenge, base64url (32 octets). */
  readonly challenge: string;
  /** The account in the lock-out, under the name that was signed in by; empty where a passkey says who it is. */
  readonly account: string;
  /** What to call the device that signs in. */
  readonly device: string;
  readonly triesLeft: number;
  readonly expiresAt: number;
  readonly createdAt: number;
}

/** By what a session was begun. */
export type SignInFactor = 'password' | 'totp' | 'passkey' | 'recovery_code' | 'phone';

/** Where a session is used, for its owner to see: goes with the session. */
export interface SessionUse {
  readonly tokenId: string;
  readonly device: string;
  /** The sender that used it last. */
  readonly address: string;
  readonly factor: SignInFactor;
  readonly lastUsedAt: number;
}

/** How far a person has read what he is told: goes with the person. */
export interface NoticeMark {
  readonly personId: string;
  /** Unix ms. */
  readonly readUntil: number;
}

/** What an organization asks of its people. */
export interface SignInPolicy {
  readonly organizationId: string;
  /** `required`: roles that manage locks or give access can do nothing without one. */
  readonly secondFactor: 'required' | 'optional';
  /** `open`: whoever proves an address becomes a guest, who holds nothing; `invited`: staff invite. */
  readonly registration: 'open' | 'invited';
}
