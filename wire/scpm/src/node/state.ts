import type { AddressSize } from '../address.ts';
import type { Services } from '../header.ts';
import type { IvLayout } from '../suite/iv.ts';
import type { ScpmProfile } from '../suite/suite-of.ts';
import type { HeldKey, Line, LineName } from './keys.ts';

/** What every node of a domain agrees on. */
export interface DomainSettings {
  readonly profile: ScpmProfile;
  readonly addressSize: AddressSize;
  /** `standard` only. */
  readonly ivLayout: IvLayout;
}

/** What a request was sent for: comes back with its answer. */
export type Purpose =
  /** One fragment of a lock message; `token` is the sender's own name of the message. */
  | { readonly kind: 'message'; readonly token: number; readonly last: boolean }
  /** One fragment of a Diffie-Hellman public value. */
  | { readonly kind: 'public-value'; readonly exchangeId: number }
  /** A key of the index in this version (operations 10, 11, 22). */
  | { readonly kind: 'set-key'; readonly keyIndex: number; readonly version: number }
  | { readonly kind: 'commit'; readonly keyIndex: number; readonly version: number }
  | { readonly kind: 'abort'; readonly keyIndex: number; readonly version: number }
  | { readonly kind: 'forget-key'; readonly keyIndex: number }
  | { readonly kind: 'update-request'; readonly keyIndex: number };

/** A request that waits for its turn. */
export interface Request {
  readonly purpose: Purpose;
  /** The key that is to protect it. */
  readonly line: LineName;
  readonly services: Services;
  readonly padata: Uint8Array;
  /** Not sent after this monotonic time, nor again. */
  readonly expiresAtMs: number | undefined;
}

/** The one request to a peer that has no answer yet. */
export interface Outstanding {
  /** `undefined` of an inquiry for the SNF. */
  readonly request: Request | undefined;
  /** Of an inquiry: what its answer has to copy. */
  readonly nonce: Uint8Array | undefined;
  readonly line: LineName;
  readonly snf: number;
  /** As it was sent; sent again as it is (9.2.1). */
  readonly frame: Uint8Array;
  /** What a failure answer has to copy. */
  readonly body: Uint8Array;
  readonly tries: number;
  /** Monotonic: sent again, or given up. */
  readonly dueAtMs: number;
}

/** Another node, as this one knows it. */
export interface Peer {
  readonly address: Uint8Array;
  /** Keys that this node shares with this peer alone (a KSN has a key for each device). */
  readonly keys: readonly HeldKey[];
  /** Bounded by the keys: one for each. */
  readonly lines: readonly Line[];
  /**
   * Lines whose next SNF is known to be unused. Before anything is sent on another one (after a start, after a request
   * without answer), an inquiry settles it: it is authenticated only, so it uses up a number that may have been used
   * for an encryption that never arrived, and what was sent under that number is too late from then on.
   */
  readonly settled: readonly LineName[];
  /** Lines on which requests came while it was not known what was served before ({@link Line.isCurrent}). */
  readonly doubted: readonly LineName[];
  readonly queue: readonly Request[];
  readonly outstanding: Outstanding | undefined;
  /** A lock message of which fragments have come. */
  readonly inbound: Inbound | undefined;
}

/** A lock message of which fragments have come. */
export interface Inbound {
  readonly line: LineName;
  readonly message: number;
  readonly total: number;
  readonly parts: readonly Uint8Array[];
}

/** What a node of either role keeps. */
export interface NodeState {
  readonly settings: DomainSettings;
  readonly address: Uint8Array;
  /** Keys that hold for every peer (a device has one for each index, whoever asks). */
  readonly keys: readonly HeldKey[];
  readonly peers: readonly Peer[];
  /** Octets of randomness that were asked for in advance. */
  readonly random: Uint8Array;
  readonly randomAsked: boolean;
  /** What the first request under a key has to carry: {@link FIRST_SNF}, or in `standard` a number by chance (7.2.3). */
  readonly firstSnf: number;
  /**
   * Monotonic time of the last failure that was told without proof of who asked (`standard`, or a key for
   * confidentiality only): one a second, whatever address asks.
   */
  readonly failureToldAtMs: number;
  readonly nextId: number;
}

/** A request is sent again after so long, twice as long each time, at most {@link RETRY_MAX_MS}. */
export const RETRY_MS = 1_000;
export const RETRY_MAX_MS = 16_000;
/** How often a request is sent before it counts as without answer. */
export const TRIES_MAX = 5;
/** Requests that may wait for one peer. */
export const QUEUE_MAX = 64;
/** Peers that a device remembers besides its KSN: requesters under service provider keys. */
export const REQUESTERS_MAX = 8;
/** From this SNF on only key management is sent: the key is to be updated (7.2.3). */
export const SNF_RESERVE = 0xffff_ff00;

/** A peer of whom nothing is known yet. */
export function newPeer(address: Uint8Array): Peer {
  return {
    address,
    keys: [],
    lines: [],
    settled: [],
    doubted: [],
    queue: [],
    outstanding: undefined,
    inbound: undefined,
  };
}
