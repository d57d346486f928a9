import type { Primitives, PrivateKeyHandle } from '@cardea/kit-crypto';
import type { Clock, Log, Random, Secret } from '@cardea/kit-runtime';
import type { BindingRecord } from '@cardea/wire-profile';
import type { FromGateway, ToGateway } from '@cardea/wire-route';
import type { AuditTables } from './audit/tables.ts';
import type { Witness } from './audit/witness.ts';
import type { DrawingTables } from './estate/drawing.ts';
import type { PositionTables } from './geofence/tables.ts';
import type { AccessTables } from './method/tables.ts';
import type { ModeTables } from './mode/tables.ts';
import type {
  Alert,
  AlertRule,
  Attempt,
  ChainGap,
  Door,
  Event,
  EventRemoval,
  Floor,
  Gateway,
  Grant,
  GrantUse,
  Lock,
  LockChain,
  LockReport,
  Organization,
  Person,
  Property,
  Restore,
  Schedule,
} from './model.ts';
import type { Notifier, Passkeys, SecondFactors } from './person/ports.ts';
import type { PeopleTables } from './person/tables.ts';
import type { StatisticsTables } from './statistics/tables.ts';
import type { StayTables } from './stay/tables.ts';
import type { PageRequest, Table } from './table.ts';
import type { VisitorTables } from './visitor/tables.ts';

/** What the core needs of the world; `server/main` and the twin hand it in. */
export interface CorePorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly primitives: Primitives;
  readonly keys: KeyAgreement;
  readonly passwords: Passwords;
  readonly scram: ScramDerivation;
  readonly uplink: Uplink;
  /** The way to mailboxes and phones; without it nobody is sent a code. */
  readonly notifier?: Notifier | undefined;
  /** Codes by time; without them nobody has that second factor. */
  readonly secondFactors?: SecondFactors | undefined;
  /** WebAuthn; without it there are no passkeys. */
  readonly passkeys?: Passkeys | undefined;
  /**
   * Where browsers find this server, as `https://hotel.example:8443`: a phone that begins a session by its key signs one of
   * them. None when left out: then no phone does.
   */
  readonly origins?: (() => readonly string[]) | undefined;
  /** Who is given the heads of the audit log; none when left out. */
  readonly witnesses?: readonly Witness[];
  readonly log: Log;
}

/** P-256, asynchronous because a real key may sit in a module of its own. */
export interface KeyAgreement {
  /** A fresh pair; the public key uncompressed (65 octets). */
  generate(): Promise<{ readonly publicKey: Uint8Array; readonly privateKey: PrivateKeyHandle }>;
  /** The shared x coordinate (32 octets), or undefined when the peer's point is not on the curve. */
  agree(privateKey: PrivateKeyHandle, peer: Uint8Array): Promise<Uint8Array | undefined>;
  /** ES256 over `message` by the uncompressed public key (65); `signature` is r | s (64). */
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean>;
  /** The public key (65) of a private scalar (32), or undefined when it is none: for a key that is kept, sealed. */
  publicKeyOf(scalar: Secret): Promise<Uint8Array | undefined>;
  /** ES256 over `message` by a private scalar: r | s (64). */
  signBy(scalar: Secret, message: Uint8Array): Promise<Uint8Array>;
}

/** Slow password hashing (argon2id), off the event loop. */
export interface Passwords {
  hash(password: Secret<string>): Promise<string>;
  /** Also takes as long for a hash that does not exist (`undefined`): nobody learns who has an account. */
  verify(hash: string | undefined, password: Secret<string>): Promise<boolean>;
}

/** What a gateway's account is checked by: SCRAM-SHA-256 (RFC 7677), its PBKDF2 off the event loop. */
export interface ScramDerivation {
  derive(password: Secret<string>, salt: Uint8Array, iterations: number): Promise<ScramVerifier>;
  /** The same for SCRAM-SHA-1 (RFC 5802), only where an operator has turned legacy sign-ins on. */
  readonly deriveLegacy?: ScramDerivation['derive'] | undefined;
}

/** The hash of a SCRAM verifier; SHA-1 is legacy. */
export type ScramHashName = 'sha256' | 'sha1';

/** The way to gateways. Each call is fire and forget: what comes back comes through `core.uplink`. */
export interface Uplink {
  /** False when the gateway has no session now. */
  send(gatewayId: string, message: ToGateway): boolean;
  /** Ends the gateway's session, if it has one. */
  disconnect(gatewayId: string): void;
}

/** What crosses to and from gateways is protocol: the route namespace defines it. */
export type { FromGateway, ToGateway };

/**
 * The record. `unit` runs in one durable transaction: when its promise resolves, everything in it survives a power cut;
 * when it throws, nothing of it is there. Units of one event-loop turn may share one commit (group commit).
 */
export interface Store {
  unit<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** Reads outside a unit, from the last commit. */
  read<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** Cleans the files of the record of everything that was removed from it: it is written anew. */
  purge(): Promise<void>;
  /** Durable commits so far (for the bench and the metrics). */
  readonly commits: number;
  close(): Promise<void>;
}

export type { PageRequest, Table };

export interface Transaction
  extends PeopleTables,
    StayTables,
    VisitorTables,
    DrawingTables,
    ModeTables,
    PositionTables,
    StatisticsTables {
  readonly organizations: {
    insert(row: Organization): Promise<void>;
    get(id: string): Promise<Organization | undefined>;
    list(): Promise<readonly Organization[]>;
  };
  readonly properties: Table<Property>;
  readonly floors: Table<Floor>;
  readonly doors: Table<Door>;
  readonly gateways: Table<Gateway> & {
    byId(id: string): Promise<Gateway | undefined>;
    /** Takes the enrolment token out, so that it is used once. */
    takeEnrolment(tokenHash: string, now: number): Promise<Gateway | undefined>;
    setEnrolment(gatewayId: string, tokenHash: string, expiresAt: number): Promise<void>;
    /** Takes every enrolment token out: none of them works any more. */
    removeEnrolments(): Promise<void>;
    /** SCRAM verifier of the gateway's own account (RFC 5802: salt, iterations, StoredKey, ServerKey). */
    setVerifier(gatewayId: string, verifier: ScramVerifier, hash?: ScramHashName): Promise<void>;
    verifier(gatewayId: string, hash?: ScramHashName): Promise<ScramVerifier | undefined>;
  };
  readonly persons: Table<Person> & {
    /** A sign-in name is unique in its organization: two organizations may know somebody of the same one. */
    byEmail(organizationId: string, email: string): Promise<Person | undefined>;
    passwordHash(personId: string): Promise<string | undefined>;
    setPasswordHash(personId: string, hash: string): Promise<void>;
    failures(key: string): Promise<{ readonly count: number; readonly lastAt: number } | undefined>;
    setFailures(key: string, count: number, lastAt: number): Promise<void>;
    /** Forgets what was counted last before `time`, and of the rest all but the newest `most`. */
    removeFailures(before: number, most: number): Promise<void>;
    /** Forgets what was counted of an account: keys that end with it. */
    removeFailuresOf(account: string): Promise<void>;
    /** When an account last signed in from a sender; `key` is of both. */
    signedInFrom(key: string): Promise<number | undefined>;
    setSignedInFrom(key: string, at: number): Promise<void>;
    removeSignedInBefore(time: number): Promise<void>;
  };
  readonly tokens: {
    insert(row: StoredToken): Promise<void>;
    byHash(hash: string): Promise<StoredToken | undefined>;
    get(organizationId: string, id: string): Promise<StoredToken | undefined>;
    list(organizationId: string, personId: string): Promise<readonly StoredToken[]>;
    remove(organizationId: string, id: string): Promise<boolean>;
    removeOfPerson(personId: string): Promise<void>;
    /** Forgets tokens that expired before `time`. */
    removeExpired(time: number): Promise<void>;
  };
  readonly locks: Table<Lock> & {
    /** What an organization knows of a lock: what another one has imported is another record. */
    byIdentifier(organizationId: string, identifier: string): Promise<Lock | undefined>;
    /** Factory key from the maker's manifest; sealed at rest. */
    factoryKey(lockId: string): Promise<Secret | undefined>;
    setFactoryKey(lockId: string, key: Secret): Promise<void>;
    serial(lockId: string): Promise<LockSerial | undefined>;
    setSerial(lockId: string, serial: LockSerial): Promise<void>;
    binding(lockId: string): Promise<BindingRecord | undefined>;
    setBinding(lockId: string, record: BindingRecord): Promise<void>;
    report(lockId: string): Promise<LockReport | undefined>;
    setReport(report: LockReport): Promise<void>;
    all(): Promise<readonly Lock[]>;
  };
  /** The verified event chains of locks. */
  readonly chains: {
    get(lockId: string): Promise<LockChain | undefined>;
    set(chain: LockChain): Promise<void>;
    readonly gaps: Table<ChainGap>;
  };
  /** Makers whose manifests an organization takes: the key of the first import is pinned. */
  readonly makers: {
    key(organizationId: string, maker: string): Promise<Uint8Array | undefined>;
    /** @throws when the organization has a key of this maker */
    pin(organizationId: string, maker: string, publicKey: Uint8Array, pinnedAt: number): Promise<void>;
  };
  readonly attempts: Table<Attempt> & {
    /** Attempts that were not over when the process ended. */
    open(): Promise<readonly Attempt[]>;
  };
  readonly events: {
    /** False when an event of this lock with this sequence is there already. */
    insert(row: Event): Promise<boolean>;
    list(organizationId: string, filter: Partial<Event>, page: PageRequest): Promise<readonly Event[]>;
    /** Those of any of these types. */
    ofTypes(
      organizationId: string,
      filter: Pick<Partial<Event>, 'doorId' | 'personId'>,
      types: readonly Event['type'][],
      page: PageRequest,
    ): Promise<readonly Event[]>;
    /** For retention alone: facts are not taken back otherwise. */
    remove(organizationId: string, id: string): Promise<boolean>;
    /** Events whose details hold this text, in any order: for erasure alone. */
    mentioning(organizationId: string, text: string, limit: number): Promise<readonly Event[]>;
    /** For erasure alone: its leaf then opens no more. */
    setDetail(organizationId: string, id: string, detail: Event['detail']): Promise<void>;
    newestSequence(lockId: string): Promise<number>;
    /** The lock's events of the highest sequences, at most `limit`, highest first. */
    newestOfLock(lockId: string, limit: number): Promise<readonly Event[]>;
    /** The lock's events above this sequence, at most `limit`, lowest first. */
    ofLockAfter(lockId: string, sequence: number, limit: number): Promise<readonly Event[]>;
  };
  /** What retention has removed. */
  readonly removals: {
    get(organizationId: string): Promise<EventRemoval | undefined>;
    set(row: EventRemoval): Promise<void>;
  };
  /** When the record came back from a backup. */
  readonly restores: {
    insert(row: Restore): Promise<void>;
    get(id: string): Promise<Restore | undefined>;
    newest(): Promise<Restore | undefined>;
  };
  readonly idempotency: {
    get(key: string): Promise<StoredAnswer | undefined>;
    set(key: string, answer: StoredAnswer): Promise<void>;
    /** How many are kept of an owner. */
    count(owner: string): Promise<number>;
    removeBefore(time: number): Promise<void>;
    /** Forgets answers whose headers name this: for erasure alone. */
    removeNaming(text: string): Promise<void>;
  };
  readonly audit: AuditTables;
  /** What is, and what should be, at the locks. */
  readonly access: AccessTables;
  readonly alerts: Table<Alert> & {
    /** The newest alert of this rule about this subject. */
    newest(organizationId: string, rule: AlertRule, subjectId: string): Promise<Alert | undefined>;
  };
  readonly grants: Table<Grant> & {
    /** The active grants of a person that reach any of these targets (ids of a door, its floor, its property). */
    ofPersonAt(organizationId: string, personId: string, targets: readonly string[]): Promise<readonly Grant[]>;
    /** The same for grants that are over, newest first, at most `limit`. */
    formerOfPersonAt(
      organizationId: string,
      personId: string,
      targets: readonly string[],
      limit: number,
    ): Promise<readonly Grant[]>;
    /** The active grants, whosesoever, that reach any of these targets, in creation order. */
    reaching(organizationId: string, targets: readonly string[], page: PageRequest): Promise<readonly Grant[]>;
    /** Active grants of every organization whose window ended by `time`. */
    endedBy(time: number, limit: number): Promise<readonly Grant[]>;
    /** When the next active grant's window ends. */
    nextEnd(): Promise<number | undefined>;
  };
  readonly grantUses: Table<GrantUse> & {
    /** Of every organization. */
    all(): Promise<readonly GrantUse[]>;
  };
  readonly schedules: Table<Schedule> & {
    /** A number that no schedule of this property ever had. */
    nextNumber(propertyId: string): Promise<number>;
  };
}

export type * from './audit/tables.ts';
export type { Witness } from './audit/witness.ts';
export type * from './method/tables.ts';
export type * from './person/ports.ts';
export type * from './person/tables.ts';
export type * from './statistics/tables.ts';

export interface ScramVerifier {
  readonly salt: Uint8Array;
  readonly iterations: number;
  readonly storedKey: Uint8Array;
  readonly serverKey: Uint8Array;
}

/** What else a maker's manifest says about one lock. */
export interface LockSerial {
  /** P-256, uncompressed (65 octets). */
  readonly publicKey: Uint8Array;
  /** Keyed hash of the printed code (32 octets), see the manifest's own package. */
  readonly printedCodeHash: Uint8Array;
}

/** A session or an API token; only the hash of its secret is stored. */
export interface StoredToken {
  readonly id: string;
  readonly organizationId: string;
  readonly personId: string;
  readonly kind: 'session' | 'api';
  readonly name: string;
  readonly hash: string;
  readonly scopes: readonly Scope[];
  /** The phone that has begun this session by its key; null: nobody's. */
  readonly phoneId: string | null;
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** Answer of a POST under its Idempotency-Key (24 h). */
export interface StoredAnswer {
  /** Organization whose request it was. */
  readonly owner: string;
  readonly bodyHash: string;
  readonly status: number;
  readonly headers: string;
  readonly body: string;
  readonly createdAt: number;
}

/** What a token may do. Default deny. */
export type Scope =
  | 'estate:read'
  | 'estate:write'
  | 'locks:read'
  | 'locks:operate'
  | 'locks:manage'
  | 'persons:read'
  | 'persons:write'
  | 'gateways:write'
  | 'events:read'
  | 'tokens:write'
  | 'audit:read'
  | 'alerts:write'
  | 'sim:write'
  | 'organizations:write'
  | 'grants:read'
  | 'grants:write'
  | 'stays:write'
  | 'access:use';
