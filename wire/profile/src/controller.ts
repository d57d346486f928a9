import type { Primitives, PrivateKeyHandle } from '@cardea/kit-crypto';
import type { Instant, Secret, Step } from '@cardea/kit-runtime';
import type { AccessChange, OfflineAccess } from './access.ts';
import type { BindingRecord, LockIdentity } from './binding.ts';
import type { ChainHead, EventChain } from './chain.ts';
import type { FailureReason, LockAttributes, LockEvent, Operation, Receipt } from './device.ts';

/**
 * The RAS half of a maker's protocol for one lock: a pure machine. The RAS keeps one state a lock in memory, feeds it
 * inputs and performs its effects in order. It is the only thing that knows the maker's octets on the server side.
 */
export interface LockController<State> {
  readonly maker: string;
  /** How the maker's locks chain their events; absent when they do not, and `chain-head` is then `unsupported`. */
  readonly chain?: EventChain;
  /** What the maker's locks enforce without the RAS; absent when nothing, and `access-change` is then `unsupported`. */
  readonly access?: OfflineAccess;
  /** State after a start of the RAS: no session, whatever the record says about keys. */
  initial(identity: LockIdentity, record: BindingRecord | undefined): State;
  step(context: ControllerContext, state: State, input: ControllerInput): Step<State, ControllerEffect>;
}

/** What a machine is given besides its input. */
export interface ControllerContext {
  readonly primitives: Primitives;
  readonly now: Instant;
}

/** The class of a command: operate (lock, unlock, status), manage (time, tables), own (bind, reset, update). */
export type CommandClass = 'operate' | 'manage' | 'own';

export type ControllerInput =
  /** Asks for an operation on behalf of an attempt. `expiresAtMs` is Unix time at the RAS; nothing is sent after it. */
  | {
      readonly kind: 'operate';
      readonly attempt: string;
      readonly operation: Operation;
      readonly class: CommandClass;
      readonly timeToLiveS: number;
      readonly expiresAtMs: number;
    }
  /** Binds the lock (class own). A receipt to a `status` under the new key proves it. */
  | { readonly kind: 'bind'; readonly attempt: string; readonly expiresAtMs: number }
  /** Returns the lock to its factory state (class own). */
  | { readonly kind: 'unbind'; readonly attempt: string; readonly expiresAtMs: number }
  /** Sets the lock's clock. `stepBack` is an operator's confirmation for a step of over 60 s back. */
  | { readonly kind: 'set-time'; readonly attempt: string; readonly expiresAtMs: number; readonly stepBack: boolean }
  /** Asks the lock for the signed head of its event chain; it comes as `chain-head`, before the receipt. */
  | { readonly kind: 'chain-head'; readonly attempt: string; readonly expiresAtMs: number }
  /** Changes what the lock enforces by itself; the receipt says that it is in its flash. */
  | {
      readonly kind: 'access-change';
      readonly attempt: string;
      readonly expiresAtMs: number;
      readonly class: CommandClass;
      readonly change: AccessChange;
    }
  /** A message of the lock, brought by a gateway; not trusted before it verifies. */
  | { readonly kind: 'message'; readonly channel: number; readonly octets: Uint8Array }
  /** The sealed state part of the lock's advertisement, brought by a gateway: a hint to ask, never a proof. */
  | { readonly kind: 'beacon'; readonly state: Uint8Array }
  /** The core has decided that the attempt is over (expired, gateway gone). Late receipts of it are still reported. */
  | { readonly kind: 'abandon'; readonly attempt: string }
  /** Everything up to this sequence is durable: the lock may forget it. */
  | { readonly kind: 'events-durable'; readonly sequence: number }
  /** The time asked for by a `wake` effect has come. */
  | { readonly kind: 'wake' }
  /** Results of effects, by id. */
  | {
      readonly kind: 'ephemeral';
      readonly id: number;
      readonly random: Uint8Array;
      readonly publicKey: Uint8Array;
      readonly privateKey: PrivateKeyHandle;
    }
  | { readonly kind: 'random'; readonly id: number; readonly random: Uint8Array }
  /** `z` is the shared x coordinate (32), or undefined when the peer's point was not on the curve. */
  | { readonly kind: 'agreed'; readonly id: number; readonly z: Uint8Array | undefined }
  | { readonly kind: 'stored'; readonly id: number };

export type ControllerEffect =
  /** A message to the lock. Whoever carries it drops it after `expiresAtMs` (Unix time at the RAS). */
  | {
      readonly kind: 'send';
      readonly channel: number;
      readonly octets: Uint8Array;
      readonly expiresAtMs: number;
      readonly attempt: string | undefined;
    }
  /** A fresh P-256 pair (public key uncompressed, 65 octets) and `sizeOctets` random octets. */
  | { readonly kind: 'make-ephemeral'; readonly id: number; readonly sizeOctets: number }
  | { readonly kind: 'make-random'; readonly id: number; readonly sizeOctets: number }
  /** ECDH with the peer's uncompressed point, checked to be on the curve. */
  | {
      readonly kind: 'agree';
      readonly id: number;
      readonly privateKey: PrivateKeyHandle;
      readonly peer: Uint8Array;
    }
  /** Makes the binding record durable, then answers `stored`. */
  | { readonly kind: 'store'; readonly id: number; readonly record: BindingRecord }
  /** The command of an attempt has left for the gateway. */
  | { readonly kind: 'sent'; readonly attempt: string }
  /** The attempt is over. A `receipt` after `abandon` is reported the same way: the core tells it from the attempt. */
  | { readonly kind: 'outcome'; readonly attempt: string; readonly outcome: Outcome }
  /** State proved by the lock; `provedAtMs` is when the request that it answers was sent (Unix time at the RAS). */
  | {
      readonly kind: 'state';
      readonly attributes: LockAttributes;
      readonly provedAtMs: number;
      /** Lock time less RAS time, seconds to a tenth; absent when the clock is unset or the protocol has none. */
      readonly clockOffsetS?: number | undefined;
      /** How wrong `clockOffsetS` may be either way, seconds to a tenth; there when it is. */
      readonly clockErrorS?: number | undefined;
    }
  /** An authenticated event: the core makes it durable, then answers `events-durable`. */
  | { readonly kind: 'event'; readonly event: LockEvent; readonly clockOffsetS: number | undefined }
  /** The head of the lock's event chain, by a live session; whether its signature is the lock's, the core finds. */
  | { readonly kind: 'chain-head'; readonly head: ChainHead }
  /** The lock's beacon says that there is something to fetch: the core polls it. */
  | { readonly kind: 'wants-attention' }
  /** The key by which gateways recognise this lock's advertisements: after binding, and once after `initial`. */
  | { readonly kind: 'advertisement-key'; readonly key: Secret }
  /** Something that an operator should see. */
  | { readonly kind: 'alarm'; readonly code: AlarmCode; readonly detail: string }
  /** Wakes the machine at this monotonic time; the newest replaces all before. */
  | { readonly kind: 'wake'; readonly atMonotonicMs: number };

/** How an attempt ended. Success is only ever a receipt that the lock itself authenticated. */
export type Outcome =
  | { readonly kind: 'succeeded'; readonly receipt: Receipt }
  | {
      readonly kind: 'failed';
      readonly reason: FailureReason;
      /** The lock's authenticated refusal, where there is one. */
      readonly receipt: Receipt | undefined;
      /** For `clock_drift`: lock time less RAS time in seconds. */
      readonly clockOffsetS: number | undefined;
    }
  /** The lock waits for its button or printed code (binding only); the attempt goes on. */
  | { readonly kind: 'waiting'; readonly for: 'confirmation' };

/** What an operator should see. */
export type AlarmCode =
  | 'late_receipt'
  | 'clock_jump'
  | 'clock_step_back_needs_confirmation'
  | 'key_mismatch'
  | 'reset_count_lower'
  | 'event_gap'
  /** Events that the lock's signed head counts have not come. */
  | 'chain_gap'
  /** A head that is not the lock's, goes back, or is of other events than those on record. */
  | 'chain_head_wrong'
  /** The lock answers, and yet no head of its chain has come for two days. */
  | 'chain_head_overdue'
  | 'forged_message';
