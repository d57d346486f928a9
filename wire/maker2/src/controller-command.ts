import { equal } from '@cardea/kit-octets';
import type { ControllerContext, ControllerEffect, FailureReason, Receipt } from '@cardea/wire-profile';
import { CHALLENGE_LIFE_MS, decodeReceiptBody, encodeCommandBody, type ReceiptBody, type Result } from './body.ts';
import {
  type ControllerStep,
  inPhase,
  type Job,
  MAX_OUTSTANDING,
  type Maker2ControllerState,
  newestKey,
  type Outstanding,
  PROOF_RETRY_MS,
  REPEAT_MS,
  to,
  withRecord,
} from './controller-state.ts';
import { Maker2Error } from './errors.ts';
import { MAKER2_CHANNEL } from './link.ts';
import { encodeMessage, type Message } from './message.ts';
import { boundToCommand, open, seal } from './seal.ts';

const NONCE_OCTETS = 12;
const ASK_OCTETS = 4;

/** Starts a command of a job (for a binding: the status that proves it): randomness first, under effect `id`. */
export function startProof(state: Maker2ControllerState, job: Job, id: number): ControllerStep {
  return to(inPhase(state, job, { kind: 'random', id }), {
    kind: 'make-random',
    id,
    sizeOctets: NONCE_OCTETS + ASK_OCTETS,
  });
}

/** Asks the lock for a challenge. */
export function askForChallenge(
  context: ControllerContext,
  state: Maker2ControllerState,
  id: number,
  random: Uint8Array,
): ControllerStep {
  const job = state.job;
  if (job?.phase.kind !== 'random' || job.phase.id !== id || context.now.unixMs >= job.expiresAtMs) return to(state);
  const nonce = random.slice(0, NONCE_OCTETS);
  const ask = random.slice(NONCE_OCTETS, NONCE_OCTETS + ASK_OCTETS);
  const repeatAtMs = context.now.monotonicMs + REPEAT_MS;
  return to(inPhase(state, job, { kind: 'challenge', ask, nonce, repeatAtMs }), {
    kind: 'send',
    channel: MAKER2_CHANNEL,
    octets: encodeMessage({ kind: 'hello', ask }),
    expiresAtMs: job.expiresAtMs,
    attempt: job.attempt,
  });
}

/** Seals the command to the challenge and sends it, once. */
export function takeChallenge(
  context: ControllerContext,
  state: Maker2ControllerState,
  message: Extract<Message, { kind: 'challenge' }>,
): ControllerStep {
  const { job, keys } = state;
  const key = newestKey(state.record);
  if (job?.phase.kind !== 'challenge' || !equal(job.phase.ask, message.ask)) return to(state);
  if (keys === undefined || key === undefined) return to(state);
  const sentAtMs = context.now.unixMs;
  const asks = commandOf(job);
  // Counted by the lock from the issue of its challenge, which is before now: so never later than the attempt expires.
  const timeToLiveMs = Math.floor(Math.min(CHALLENGE_LIFE_MS, asks.timeToLiveMs, job.expiresAtMs - sentAtMs));
  if (timeToLiveMs < 1) return to(state);
  const { challenge } = message;
  const { nonce } = job.phase;
  const body = encodeCommandBody({ operation: asks.operation, class: asks.class, timeToLiveMs });
  const context_ = { kind: 'command', lockId: state.lockId, bound: challenge } as const;
  const sealed = seal(context.primitives, keys.command, nonce, body, context_);
  const command = encodeMessage({ kind: 'command', challenge, nonce, sealed });
  const binding = job.asks.kind === 'bind';
  const sent: Outstanding = {
    attempt: job.attempt,
    operation: asks.operation,
    challenge,
    command,
    keys,
    key,
    sentAtMs,
    binding,
  };
  const retryAtMs = binding ? context.now.monotonicMs + PROOF_RETRY_MS : undefined;
  const effects: ControllerEffect[] = [
    {
      kind: 'send',
      channel: MAKER2_CHANNEL,
      octets: command,
      expiresAtMs: Math.min(job.expiresAtMs, sentAtMs + timeToLiveMs),
      attempt: job.attempt,
    },
    { kind: 'sent', attempt: job.attempt },
  ];
  return to(
    {
      ...inPhase(state, job, { kind: 'receipt', challenge, retryAtMs }),
      outstanding: [...state.outstanding, sent].slice(-MAX_OUTSTANDING),
    },
    ...effects,
  );
}

function commandOf(job: Job): Extract<Job['asks'], { kind: 'command' }> {
  return job.asks.kind === 'command'
    ? job.asks
    : { kind: 'command', operation: 'status', class: 'operate', timeToLiveMs: CHALLENGE_LIFE_MS };
}

/** Takes a receipt: the only thing that makes a command succeed, and only the command that it is bound to. */
export function takeReceipt(
  context: ControllerContext,
  state: Maker2ControllerState,
  message: Extract<Message, { kind: 'receipt' }>,
  frame: Uint8Array,
): ControllerStep {
  const sent = state.outstanding.find(({ challenge }) => equal(challenge, message.challenge));
  // The receipt of a command before a restart, or a repetition: nothing waits for it, its event will tell.
  if (sent === undefined) return to(state);
  const body = openReceipt(context, state, sent, message);
  if (body === undefined) {
    return to(state, { kind: 'alarm', code: 'forged_message', detail: 'a receipt that the lock did not make' });
  }
  const receipt: Receipt = {
    attributes: body.attributes,
    eventSequence: body.eventSequence,
    lockTimeS: 0,
    clockOffsetS: undefined,
    frame,
  };
  const outcome: ControllerEffect = {
    kind: 'outcome',
    attempt: sent.attempt,
    outcome:
      body.result === 'done'
        ? { kind: 'succeeded', receipt }
        : { kind: 'failed', reason: REASONS[body.result], receipt, clockOffsetS: undefined },
  };
  const proved: ControllerEffect = { kind: 'state', attributes: body.attributes, provedAtMs: sent.sentAtMs };
  return settle(context, { ...state, known: body.attributes }, sent, body.result, [proved, outcome]);
}

const REASONS: Readonly<Record<Exclude<Result, 'done'>, FailureReason>> = {
  jammed: 'jammed',
  battery_empty: 'battery_empty',
  privacy: 'privacy',
  not_permitted: 'not_permitted',
  late: 'late',
  busy: 'busy',
  unsupported: 'unsupported',
};

/** What a receipt proves about the keys is stored before the attempt ends. */
function settle(
  context: ControllerContext,
  before: Maker2ControllerState,
  sent: Outstanding,
  result: Result,
  effects: readonly ControllerEffect[],
): ControllerStep {
  const state = { ...before, outstanding: before.outstanding.filter((other) => other !== sent) };
  const inHand = state.job?.attempt === sent.attempt ? state.job : undefined;
  const record = state.record;
  const isPending = record?.pending !== undefined && record.pending === sent.key;
  const isReset = sent.operation === 'reset' && result === 'done' && newestKey(record) === sent.key;
  if (record === undefined || (!isPending && !isReset)) {
    return to(inHand === undefined ? state : { ...state, job: undefined }, ...effects);
  }
  const id = state.nextId;
  const next = isReset
    ? { ...record, active: undefined, pending: undefined }
    : { ...record, active: record.pending, pending: undefined };
  const stored = withRecord(context, { ...state, nextId: id + 1 }, next);
  const store: ControllerEffect = { kind: 'store', id, record: next };
  return inHand === undefined
    ? to(stored, store, ...effects)
    : to(inPhase(stored, inHand, { kind: 'storing', id, next: effects }), store);
}

function openReceipt(
  context: ControllerContext,
  state: Maker2ControllerState,
  sent: Outstanding,
  message: Extract<Message, { kind: 'receipt' }>,
): ReceiptBody | undefined {
  const bound = boundToCommand(context.primitives, sent.challenge, sent.command);
  const octets = open(context.primitives, sent.keys.receipt, message, { kind: 'receipt', lockId: state.lockId, bound });
  if (octets === undefined) return undefined;
  try {
    return decodeReceiptBody(octets);
  } catch (error) {
    if (error instanceof Maker2Error) return undefined;
    throw error;
  }
}
