import type { PrivateKeyHandle } from '@cardea/kit-crypto';
import type { Secret } from '@cardea/kit-runtime';
import type { AccessChange, BindingRecord, CommandClass, LockIdentity, Operation } from '@cardea/wire-profile';
import type { ClockState } from '../answer.ts';
import type { M1, M2, Run, Suite } from '../key-agreement.ts';
import type { RequestBody } from '../request.ts';
import type { SessionKeys } from './session-keys.ts';

/** What a job is for; those without an attempt are the machine's own. */
export type Goal =
  | {
      readonly kind: 'operate';
      readonly operation: Operation;
      readonly class: CommandClass;
      readonly timeToLiveS: number;
    }
  | { readonly kind: 'bind' }
  | { readonly kind: 'unbind' }
  | { readonly kind: 'set-time'; readonly stepBack: boolean }
  | { readonly kind: 'event-ack'; readonly sequence: number }
  | { readonly kind: 'chain-head' }
  | { readonly kind: 'access-change'; readonly class: CommandClass; readonly change: AccessChange };

/** One thing to bring to its receipt. */
export interface Job {
  readonly number: number;
  readonly goal: Goal;
  readonly attempt: string | undefined;
  /** Unix milliseconds at the RAS; nothing is sent after it. */
  readonly expiresAtMs: number;
  /** Runs of key agreement that it has cost. */
  readonly runs: number;
  /** Which of {@link candidates} is tried. */
  readonly candidate: number;
  /** Numbers that the lock hinted at for this candidate; used once. */
  readonly hint: { readonly keyVersion: number; readonly resetCount: number } | undefined;
  /** The run that a binding needs has been done. */
  readonly agreed: boolean;
  /** Commands sent for it. */
  readonly commands: number;
  /** Sessions that the lock no longer knew. */
  readonly sessionsLost: number;
}

/** Which key a run is done under, and what for. */
export interface Candidate {
  readonly run: Run;
  readonly slot: 'active' | 'pending' | 'factory';
  readonly psk: Secret;
  readonly keyVersion: number;
  readonly resetCount: number;
}

/**
 * A key agreement on its way (at most one):
 *
 *     making --ephemeral--> offered --M2--> agreeing --agreed, confirmL--> storing --stored--> confirmS, session
 *                              ^---------------' (forged)      `--session run: confirmS at once--------^
 */
export interface RunState {
  readonly candidate: Candidate;
  readonly untilMonotonicMs: number;
  /** When M1 is sent again, octet for octet: the lock waits for its button, and its M2 needs a connection to come over. */
  readonly askAgainMonotonicMs: number | undefined;
  readonly stage:
    | { readonly kind: 'making'; readonly id: number }
    | (Offered & { readonly kind: 'offered' })
    | (Offered & {
        readonly kind: 'agreeing';
        readonly id: number;
        readonly m2: M2;
        readonly confirmL: Uint8Array;
      })
    /** Of the legacy profile, between its two stages. */
    | {
        readonly kind: 'legacy-offered';
        readonly m1Octets: Uint8Array;
        readonly rs: Secret;
        readonly seed: Secret;
      }
    /** `confirmS` is what the hardened suite sends once the key is durable. */
    | {
        readonly kind: 'storing';
        readonly id: number;
        readonly keys: SessionKeys;
        readonly confirmS: Uint8Array | undefined;
      };
}

/** What the RAS keeps between M1 and M2. */
export interface Offered {
  readonly m1: M1;
  readonly m1Octets: Uint8Array;
  readonly seed: Secret;
  readonly privateKey: PrivateKeyHandle;
}

/** The newest measurement of the lock's clock. */
export interface Measurement {
  /** Lock time less RAS time when the receipt arrived, milliseconds: never too high. */
  readonly offsetMs: number;
  /** How much too low it may be: the time since the request left. */
  readonly roundTripMs: number;
  readonly atMonotonicMs: number;
}

/** A session: in memory only. */
export interface Session {
  readonly keys: SessionKeys;
  /** Under which key it was agreed; `pending` until the first receipt. */
  readonly slot: 'active' | 'pending';
  readonly startedMonotonicMs: number;
  readonly lastCounter: number;
  /** What the lock last said of its clock; undefined before the first answer. */
  readonly clock: ClockState | undefined;
  readonly measured: Measurement | undefined;
  /** The newest nonce, unused. */
  readonly nonce: { readonly octets: Uint8Array; readonly arrivedMonotonicMs: number } | undefined;
  /** Parts of a chain head that have come; `first` is the frame counter of part 1. */
  readonly chainParts: { readonly first: number; readonly octets: readonly (Uint8Array | undefined)[] } | undefined;
  /** The lock does not trust its clock to 2 s: until the clock is set, what moves the bolt is fresh by a nonce. */
  readonly stampsRefused: boolean;
  /** When the machine last set the clock of its own accord. */
  readonly setTimeMonotonicMs: number | undefined;
}

/** A command that has been sent and not answered. */
export interface Flight {
  readonly job: Job;
  readonly body: RequestBody;
  /** Its receipt decides the job; otherwise it only prepares. */
  readonly final: boolean;
  readonly counter: number;
  readonly keys: SessionKeys;
  readonly sentAtMs: number;
  readonly sentMonotonicMs: number;
}

/** Which events have come. */
export interface EventWindow {
  /** All up to here are known to the record; undefined until the record or the first event says. */
  readonly contiguous: number | undefined;
  /** Known beyond it, ascending. */
  readonly beyond: readonly number[];
  /** Highest sequence that the record holds durably. */
  readonly durable: number;
  /** What the lock may forget: durable and without a gap. */
  readonly acknowledged: number;
}

/** The state of a controller: memory only, but for its record. */
export interface ControllerState {
  readonly suite: Suite;
  readonly identity: LockIdentity;
  readonly record: BindingRecord | undefined;
  readonly started: boolean;
  readonly nextId: number;
  /** The highest counter of a legacy frame so far: the lock takes only higher ones, in every session. */
  readonly legacyCounter: number;
  /** The first is being worked on. */
  readonly jobs: readonly Job[];
  readonly run: RunState | undefined;
  readonly session: Session | undefined;
  readonly flight: Flight | undefined;
  /** Commands whose answer nobody waits for any more, newest last: a late receipt is still told. */
  readonly aside: readonly Flight[];
  readonly events: EventWindow;
  readonly beaconSequence: number | undefined;
  /** When SET_TIME last counted, in any session of this process. */
  readonly clockSetMonotonicMs: number | undefined;
  /** An operator has been asked to confirm a step back. */
  readonly stepBackTold: boolean;
  readonly wakeMonotonicMs: number | undefined;
}

/** Jobs that may wait. */
export const JOBS_MAX = 16;
/** Commands kept for late receipts. */
export const ASIDE_MAX = 16;
/** Events known beyond a gap. */
export const BEYOND_MAX = 64;
/** A session older than this is replaced. */
export const SESSION_MAX_MS = 24 * 3_600_000;
/** How long a run waits for M2. */
export const RUN_MS = 8_000;
/** The same while somebody is to confirm at the lock: its 60 s and a margin. */
export const CONFIRMATION_MS = 65_000;
/** How often M1 is sent again meanwhile. */
export const ASK_AGAIN_MS = 1_500;
/** Runs that one job may cost. */
export const RUNS_MAX = 8;
/** Commands that one job may cost. */
export const COMMANDS_MAX = 8;
/** Life of the machine's own jobs. */
export const OWN_JOB_MS = 10_000;
/** Above this error of the measured offset a bolt command is the nonce-fresh one. */
export const OFFSET_ERROR_MAX_MS = 2_000;
/** What a lock's and our own crystal may drift apart. */
export const DRIFT_PPM = 100;
/** A clock further off than this is drift; a step back of more wants an operator. */
export const DRIFT_LIMIT_MS = 60_000;
/** A nonce counts as fresh for this long after it has arrived. */
export const NONCE_FRESH_MS = 1_000;
/** A lock's clock is set again after this, before its own idea of its error comes near 2 s. */
export const SET_TIME_AGAIN_MS = 8 * 3_600_000;
/** The machine sets a lock's clock of its own accord at most this often in a session. */
export const SET_TIME_EVERY_MS = 60_000;
