import type { Secret } from '@cardea/kit-runtime';
import type { Actor, Precondition } from '../actor.ts';
import type { Person, Role } from '../model.ts';
import type { StoredToken } from '../ports.ts';
import type { Contact, Passkey, SessionUse, SignInPolicy } from './model.ts';
import type { PersonData } from './person-data.ts';
import type { WebAuthnJson } from './ports.ts';

/** A session that has begun: its bearer secret is shown this once. */
export interface BegunSession {
  readonly token: Secret<string>;
  readonly expiresAt: number;
  readonly person: Person;
}

/** A code that was sent, or would have been: the same for an address that is known and one that is not. */
export interface AskedCode {
  readonly verificationId: string;
  readonly expiresAt: number;
}

/** Becoming somebody here, and getting back in. Nothing says whether an address is known. */
export interface RegistrationUseCases {
  /** Into `organizationId`, or the installation's own. A guest's account, once {@link confirm} has proved the address. */
  register(
    input: { readonly organizationId?: string | undefined; readonly name: string; readonly address: string },
    from: string,
  ): Promise<AskedCode>;
  /** A code by which the password can be set anew. */
  recover(
    input: { readonly organizationId?: string | undefined; readonly address: string },
    from: string,
  ): Promise<AskedCode>;
  /**
   * Proves an address by its code and sets the password; for an added address no password is set.
   * @throws CoreError `bad_code`, the same for a wrong code, a used one, an expired one and none
   */
  confirm(verificationId: string, code: Secret<string>, password: Secret<string> | undefined): Promise<Person>;
  /** Adds a person, who chooses a password by the link that is sent. */
  invite(
    actor: Actor,
    input: { readonly name: string; readonly role: Role; readonly address: string },
  ): Promise<{ person: Person; sent: AskedCode }>;
  /** The same invitation again, by a new code; the former one is void. */
  inviteAgain(actor: Actor, personId: string): Promise<AskedCode>;
  contacts(actor: Actor): Promise<readonly Contact[]>;
  /** Sends a code to one more address of the actor's. */
  addContact(actor: Actor, address: string): Promise<AskedCode>;
  removeContact(actor: Actor, id: string): Promise<void>;
}

/** What a person proves itself by. */
export interface FactorsView {
  readonly totp: boolean;
  readonly passkeys: readonly Passkey[];
  readonly recoveryCodesLeft: number;
  /** Whether the organization asks this person for a second factor. */
  readonly required: boolean;
}

/** The own second factors. */
export interface FactorUseCases {
  view(actor: Actor): Promise<FactorsView>;
  /** A fresh TOTP secret, which counts once {@link confirmTotp} has seen a code of it. */
  beginTotp(
    actor: Actor,
    password: Secret<string>,
  ): Promise<{ readonly uri: Secret<string>; readonly secret: Secret<string> }>;
  /** The first code. With the first factor of all come ten recovery codes, shown this once. */
  confirmTotp(actor: Actor, code: Secret<string>): Promise<readonly Secret<string>[]>;
  removeTotp(actor: Actor, password: Secret<string>): Promise<void>;
  /** What the browser hands to `navigator.credentials.create`. */
  beginPasskey(
    actor: Actor,
    password: Secret<string>,
  ): Promise<{ readonly stepId: string; readonly options: WebAuthnJson }>;
  addPasskey(
    actor: Actor,
    input: { readonly stepId: string; readonly name: string; readonly response: WebAuthnJson },
  ): Promise<{ readonly passkey: Passkey; readonly recoveryCodes: readonly Secret<string>[] }>;
  removePasskey(actor: Actor, id: string, password: Secret<string>): Promise<void>;
  /** Ten new ones; the former are void. */
  renewRecoveryCodes(actor: Actor, password: Secret<string>): Promise<readonly Secret<string>[]>;
  /** By staff, for somebody who has lost all of them: second factors gone, sessions ended. */
  reset(actor: Actor, personId: string): Promise<void>;
  policy(actor: Actor): Promise<SignInPolicy>;
  setPolicy(actor: Actor, change: Partial<Omit<SignInPolicy, 'organizationId'>>): Promise<SignInPolicy>;
}

/** An answer to the second step. */
export type SecondStepAnswer =
  | { readonly kind: 'totp'; readonly code: Secret<string> }
  | { readonly kind: 'recovery_code'; readonly code: Secret<string> }
  | { readonly kind: 'passkey'; readonly response: WebAuthnJson };

/** The second step of a sign-in, and sign-in by a passkey alone, which is two factors in one: what one has, and its PIN. */
export interface SecondStepUseCases {
  /** @throws CoreError `bad_code`, `locked_out` */
  answer(step: Secret<string>, answer: SecondStepAnswer, from: string): Promise<BegunSession>;
  beginPasskeySignIn(
    organizationId: string | undefined,
    device: string,
  ): Promise<{ readonly step: Secret<string>; readonly options: WebAuthnJson }>;
}

/** A session as its owner sees it. */
export interface SessionView {
  readonly token: StoredToken;
  readonly use: SessionUse | undefined;
  readonly current: boolean;
}

/** The own sessions. */
export interface SessionUseCases {
  list(actor: Actor): Promise<readonly SessionView[]>;
  remove(actor: Actor, id: string): Promise<void>;
  /** Ends all but the one that asks; API tokens stay. */
  removeOthers(actor: Actor): Promise<number>;
}

/** Everything that is held of a person. */
export interface PersonExport {
  readonly exportedAt: number;
  readonly person: Person;
  /** Everything else by its noun; secrets and their hashes are left out. */
  readonly data: PersonData;
}

/** The rights to what is held of a person. */
export interface PrivacyUseCases {
  /** For the person, and for whoever may write persons. */
  export(actor: Actor, id: string): Promise<PersonExport>;
  /**
   * Ends the person's rights, destroys everything that names the person, and cleans the files of the record. What stays are
   * facts under a pseudonym that leads to nobody. @throws CoreError `conflict` while there is a stay
   */
  erase(actor: Actor, id: string, unchanged?: Precondition<Person>): Promise<void>;
  /**
   * The same for the actor's own account, of a resident or guest who shows that it is he. @throws CoreError `bad_credentials`,
   * `locked_out`, `conflict` for staff, and while there is a stay
   */
  eraseOwn(actor: Actor, password: Secret<string>): Promise<void>;
}
