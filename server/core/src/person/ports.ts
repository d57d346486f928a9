import type { Secret } from '@cardea/kit-runtime';
import type { Address, Channel } from './model.ts';

/** What somebody is told: the door to the outside finds the words. */
export interface Notice extends Address {
  readonly kind:
    | 'registration'
    | 'known_address'
    | 'invitation'
    | 'visit'
    | 'visitor_invitation'
    | 'recovery'
    | 'contact'
    | 'password_changed'
    | 'second_factor_removed';
  readonly organization: string;
  /** What the person is called. */
  readonly name: string;
  /** Whose visitor the person is. */
  readonly host?: string | undefined;
  /** What to answer with; null where nothing is asked. */
  readonly answer: {
    readonly verificationId: string;
    readonly code: Secret<string>;
    readonly expiresAt: number;
  } | null;
}

/** The way to people's mailboxes and phones. */
export interface Notifier {
  /** The channels that are set up. */
  readonly channels: readonly Channel[];
  /** Sends it, now or in a moment; nobody waits for it, and what cannot be sent is logged without its content. */
  send(notice: Notice): void;
  /** Destroys what is kept here of an address. */
  forget(address: string): Promise<void>;
}

/** Codes by time (TOTP, RFC 6238): SHA-1, 6 digits, 30 s, as every authenticator has it. */
export interface SecondFactors {
  /** Octets of a secret. */
  readonly secretOctets: number;
  /** The time step whose code this is, looking one step to either side; undefined when it is none, or not after `usedStep`. */
  verifyTotp(secret: Secret, code: string, nowMs: number, usedStep: number): number | undefined;
  /** `otpauth://` address for authenticators. */
  totpUri(secret: Secret, issuer: string, account: string): Secret<string>;
  /** The secret in base32, to be typed. */
  totpText(secret: Secret): Secret<string>;
}

/** A JSON object as WebAuthn (Level 3) carries it to and from `navigator.credentials`. */
export type WebAuthnJson = Readonly<Record<string, unknown>>;

/** WebAuthn for the server's own name. Challenges are made, kept and used up by the core. */
export interface Passkeys {
  /** PublicKeyCredentialCreationOptionsJSON. */
  creationOptions(input: {
    readonly challenge: string;
    readonly person: { readonly id: string; readonly name: string; readonly account: string };
    readonly known: readonly string[];
  }): Promise<WebAuthnJson>;
  /** The new credential, or undefined when the answer does not prove it. */
  verifyCreation(
    response: WebAuthnJson,
    challenge: string,
  ): Promise<
    | {
        readonly credentialId: string;
        readonly publicKey: Uint8Array;
        readonly counter: number;
        readonly transports: readonly string[];
      }
    | undefined
  >;
  /** PublicKeyCredentialRequestOptionsJSON; without `known` the authenticator offers what it has. */
  requestOptions(input: { readonly challenge: string; readonly known: readonly string[] }): Promise<WebAuthnJson>;
  /**
   * The counter after this use, or undefined when the answer does not prove the credential: signature, challenge, origin,
   * user verified. Whether the counter has risen is for the core to look at.
   */
  verifyAssertion(
    response: WebAuthnJson,
    challenge: string,
    credential: { readonly credentialId: string; readonly publicKey: Uint8Array },
  ): Promise<{ readonly counter: number } | undefined>;
}
