import type { Secret } from '@cardea/kit-runtime';
import type { Table } from '../table.ts';
import type {
  Contact,
  NoticeMark,
  Passkey,
  RecoveryCode,
  SessionUse,
  SignInPolicy,
  SignInStep,
  Totp,
  Verification,
} from './model.ts';

/** The record of people beside the persons themselves. What belongs to a person or a token goes with it. */
export interface PeopleTables {
  /** How far each person has read what he is told. */
  readonly noticeMarks: {
    get(personId: string): Promise<NoticeMark | undefined>;
    set(row: NoticeMark): Promise<void>;
  };
  readonly contacts: Table<Contact> & {
    byAddress(organizationId: string, address: string): Promise<Contact | undefined>;
  };
  readonly verifications: Table<Verification> & {
    byId(id: string): Promise<Verification | undefined>;
    /** When codes for this address were asked for since `since`, oldest first. */
    askedSince(organizationId: string, address: string, since: number): Promise<readonly number[]>;
    removeOfAddress(organizationId: string, address: string): Promise<void>;
    removeExpired(time: number): Promise<void>;
  };
  readonly totps: {
    get(personId: string): Promise<Totp | undefined>;
    /** The shared secret, sealed at rest. */
    secret(personId: string): Promise<Secret | undefined>;
    insert(totp: Totp, secret: Secret): Promise<void>;
    update(personId: string, change: Pick<Totp, 'usedStep' | 'confirmedAt'>): Promise<void>;
    remove(personId: string): Promise<boolean>;
  };
  readonly recoveryCodes: Table<RecoveryCode>;
  readonly passkeys: Table<Passkey> & {
    byCredential(credentialId: string): Promise<Passkey | undefined>;
  };
  readonly signInSteps: Table<SignInStep> & {
    byHash(hash: string): Promise<SignInStep | undefined>;
    removeExpired(time: number): Promise<void>;
  };
  readonly sessionUses: {
    get(tokenId: string): Promise<SessionUse | undefined>;
    set(use: SessionUse): Promise<void>;
  };
  readonly policies: {
    get(organizationId: string): Promise<SignInPolicy | undefined>;
    set(policy: SignInPolicy): Promise<void>;
  };
  /** Secrets of the server's own by name, sealed at rest. */
  readonly secrets: {
    get(name: string): Promise<Secret | undefined>;
    set(name: string, secret: Secret): Promise<void>;
  };
}
