import type { Secret } from '@cardea/kit-runtime';
import type { StoredLeaf } from '@cardea/wire-audit';
import type { Event } from '../model.ts';

/** A head that was signed, as its note says it. */
export interface StoredHead {
  readonly organizationId: string;
  readonly size: number;
  /** Unix milliseconds. */
  readonly time: number;
  readonly note: string;
}

/** What opens an event's commitments, and where its leaf is. The salt is null once it was erased. */
export interface LeafSalt {
  readonly eventId: string;
  readonly organizationId: string;
  readonly number: number;
  readonly salt: Uint8Array | null;
}

/** The log's signing key: one for the installation, made at its first start. */
export interface StoredSigner {
  /** P-256, uncompressed (65 octets). */
  readonly publicKey: Uint8Array;
  /** The private scalar (32 octets), sealed at rest. */
  readonly scalar: Secret;
  readonly madeAt: number;
}

/** A head at a witness: `receipt` is what the witness gave for it. */
export interface Witnessing {
  readonly organizationId: string;
  readonly size: number;
  /** Name of the witness: `file`, `rfc3161`. */
  readonly witness: string;
  readonly witnessedAt: number;
  readonly receipt: string;
}

/** The audit log in the record: one tree of leaves an organization. Leaves, nodes and heads are only ever added. */
export interface AuditTables {
  /**
   * Counts the leaves added and the times that something was taken back since the record was opened: where it is what it
   * was, the log ends where it did.
   */
  readonly version: number;
  /** The leaf of the highest number: where the log ends. */
  newestLeaf(organizationId: string): Promise<Pick<StoredLeaf, 'number' | 'hash'> | undefined>;
  insertLeaf(organizationId: string, leaf: StoredLeaf): Promise<void>;
  /** Leaves from a number on, in their order. */
  leaves(organizationId: string, from: number, limit: number): Promise<readonly StoredLeaf[]>;
  /** Hashes of the leaves from a number on. */
  leafHashes(organizationId: string, from: number, limit: number): Promise<readonly Uint8Array[]>;
  /** Hash of a complete subtree whose level is a multiple of 8; those between are computed. */
  insertNode(organizationId: string, level: number, number: number, hash: Uint8Array): Promise<void>;
  nodeHashes(organizationId: string, level: number, from: number, limit: number): Promise<readonly Uint8Array[]>;

  insertSalt(salt: LeafSalt): Promise<void>;
  salt(organizationId: string, eventId: string): Promise<LeafSalt | undefined>;
  /** Destroys what opens an event's commitments; its leaf stays. */
  eraseSalt(organizationId: string, eventId: string): Promise<void>;
  /** K_person, sealed at rest. */
  personKey(personId: string): Promise<Secret | undefined>;
  setPersonKey(personId: string, key: Secret): Promise<void>;
  /** Destroys K_person: from then on no leaf names the person. */
  erasePersonKey(personId: string): Promise<void>;
  event(organizationId: string, eventId: string): Promise<Event | undefined>;
  /** Events of an organization that have no leaf, oldest first: those from before there was a log. */
  unlogged(organizationId: string, limit: number): Promise<readonly Event[]>;

  /** Events of which the salt is there and the event is not: neither erased nor retired, but gone. */
  missing(organizationId: string, limit: number): Promise<readonly LeafSalt[]>;

  insertHead(head: StoredHead): Promise<void>;
  /** The head of the most leaves, of at most `size` where it is given. */
  newestHead(organizationId: string, size?: number): Promise<StoredHead | undefined>;
  /** Heads of more than `after` leaves, smallest first. */
  heads(organizationId: string, after: number, limit: number): Promise<readonly StoredHead[]>;
  /** Heads of fewer than `before` leaves, largest first. */
  headsBefore(organizationId: string, before: number, limit: number): Promise<readonly StoredHead[]>;
  signer(): Promise<StoredSigner | undefined>;
  setSigner(signer: StoredSigner): Promise<void>;

  insertWitnessing(row: Witnessing): Promise<void>;
  /** Where the heads from a size on were witnessed. */
  witnessings(organizationId: string, from: number, limit: number): Promise<readonly Witnessing[]>;
  /** The newest head that a witness has. */
  newestWitnessing(organizationId: string, witness: string): Promise<Witnessing | undefined>;
}
