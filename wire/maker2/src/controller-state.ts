import type { PrivateKeyHandle } from '@cardea/kit-crypto';
import type { Secret, Step } from '@cardea/kit-runtime';
import type {
  BindingRecord,
  CommandClass,
  ControllerContext,
  ControllerEffect,
  LockAttributes,
  LockIdentity,
} from '@cardea/wire-profile';
import type { CommandOperation } from './body.ts';
import { type BindingKeys, bindingKeys } from './keys.ts';
import type { Message } from './message.ts';

/** A waiting HELLO or bind request is sent again after this, in milliseconds: both are answered the same when repeated. */
export const REPEAT_MS = 2_000;
/** The status that proves a binding starts over with a new challenge after this, in milliseconds: it moves nothing. */
export const PROOF_RETRY_MS = 5_000;
/** Attempts that may wait behind the one in hand. */
export const MAX_WAITING_JOBS = 8;
/** Commands whose receipt is still recognised when it comes late. */
export const MAX_OUTSTANDING = 8;

/** The RAS's state for one lock of this maker. Nothing here outlives the process but the record. */
export interface Maker2ControllerState {
  readonly identity: LockIdentity;
  readonly lockId: Uint8Array;
  readonly record: BindingRecord | undefined;
  /** Of the pending key where there is one, else of the active one. */
  readonly keys: BindingKeys | undefined;
  /** The advertisement key has not been told yet. */
  readonly announce: boolean;
  readonly job: Job | undefined;
  readonly waiting: readonly Job[];
  readonly outstanding: readonly Outstanding[];
  readonly nextId: number;
  readonly ack: {
    readonly durable: number;
    readonly wanted: number;
    readonly newest: number;
    readonly randomId: number | undefined;
  };
  readonly known: LockAttributes | undefined;
  readonly beacon: Uint8Array | undefined;
}

/** An attempt in hand: what it asks for, and how far it has come. */
export interface Job {
  readonly attempt: string;
  readonly expiresAtMs: number;
  readonly asks:
    | {
        readonly kind: 'command';
        readonly operation: CommandOperation;
        readonly class: CommandClass;
        readonly timeToLiveMs: number;
      }
    | { readonly kind: 'bind'; readonly waitingTold: boolean };
  readonly phase: Phase;
}

/**
 *     command:  start -> random -> challenge -> receipt -> (storing)
 *     bind:     start -> ephemeral -> answer -> agreeing -> storing -> random -> challenge -> receipt -> storing
 */
export type Phase =
  | { readonly kind: 'start' }
  | { readonly kind: 'random'; readonly id: number }
  | {
      readonly kind: 'challenge';
      readonly ask: Uint8Array;
      readonly nonce: Uint8Array;
      readonly repeatAtMs: number;
    }
  | { readonly kind: 'receipt'; readonly challenge: Uint8Array; readonly retryAtMs: number | undefined }
  | { readonly kind: 'ephemeral'; readonly id: number }
  | {
      readonly kind: 'answer';
      readonly request: BindRequest;
      readonly privateKey: PrivateKeyHandle;
      readonly repeatAtMs: number;
    }
  | {
      readonly kind: 'agreeing';
      readonly id: number;
      readonly request: BindRequest;
      readonly privateKey: PrivateKeyHandle;
      readonly answer: BindAnswer;
    }
  | { readonly kind: 'storing'; readonly id: number; readonly next: readonly ControllerEffect[] | 'prove' };

export type BindRequest = Extract<Message, { kind: 'bind-request' }>;
export type BindAnswer = Extract<Message, { kind: 'bind-answer' }>;

/** A command that has left, by its challenge. */
export interface Outstanding {
  readonly attempt: string;
  readonly operation: CommandOperation;
  readonly challenge: Uint8Array;
  readonly command: Uint8Array;
  readonly keys: BindingKeys;
  /** The binding key under which it was sealed. */
  readonly key: Secret;
  readonly sentAtMs: number;
  readonly binding: boolean;
}

/** Short for the step of this machine. */
export type ControllerStep = Step<Maker2ControllerState, ControllerEffect>;

/** A step with these effects. */
export function to(state: Maker2ControllerState, ...effects: readonly ControllerEffect[]): ControllerStep {
  return { state, effects };
}

/** Goes on from a step: the effects of both, in order. */
export function after(first: ControllerStep, next: (state: Maker2ControllerState) => ControllerStep): ControllerStep {
  const second = next(first.state);
  return { state: second.state, effects: [...first.effects, ...second.effects] };
}

/** The state with another phase of the job in hand. */
export function inPhase(state: Maker2ControllerState, job: Job, phase: Phase): Maker2ControllerState {
  return { ...state, job: { ...job, phase } };
}

/** Takes a new record: its keys count from now on, whether the store has it yet or not. */
export function withRecord(
  context: ControllerContext,
  state: Maker2ControllerState,
  record: BindingRecord,
): Maker2ControllerState {
  return { ...state, record, keys: keysOf(context, record), announce: true, beacon: undefined };
}

/** The keys that a record's newest key gives. */
export function keysOf(context: ControllerContext, record: BindingRecord | undefined): BindingKeys | undefined {
  const key = newestKey(record);
  return key === undefined ? undefined : bindingKeys(context.primitives, key);
}

/** The pending key where there is one: it was stored only after the lock had proved to hold it. */
export function newestKey(record: BindingRecord | undefined): Secret | undefined {
  return record?.pending ?? record?.active;
}
