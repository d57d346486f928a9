import { equal } from '@cardea/kit-octets';
import type {
  ControllerContext,
  ControllerEffect,
  ControllerInput,
  FailureReason,
  LockController,
} from '@cardea/wire-profile';
import { openBeaconState, SALT_OCTETS } from './advertisement.ts';
import { INSTRUCTIONS } from './body.ts';
import { takeAgreed, takeBindAnswer, takeEphemeral, takeStored } from './controller-binding.ts';
import { askForChallenge, startProof, takeChallenge, takeReceipt } from './controller-command.ts';
import { sendAck, takeEvent, wantAck } from './controller-events.ts';
import {
  after,
  type ControllerStep,
  inPhase,
  type Job,
  keysOf,
  MAX_WAITING_JOBS,
  type Maker2ControllerState,
  REPEAT_MS,
  to,
} from './controller-state.ts';
import { Maker2Error } from './errors.ts';
import { lockIdOf } from './keys.ts';
import { MAKER2_CHANNEL } from './link.ts';
import { decodeUint } from './little-endian.ts';
import { decodeMessage, encodeMessage, type Message } from './message.ts';
import { maker2Profile } from './profile.ts';

/** The RAS half of the second maker's protocol (docs/maker2.md). One attempt is in hand, the others wait their turn. */
export const maker2Controller: LockController<Maker2ControllerState> = {
  maker: maker2Profile.maker,
  initial: (identity, record) => ({
    identity,
    lockId: lockIdOf(identity.identifier),
    record,
    keys: undefined,
    announce: true,
    job: undefined,
    waiting: [],
    outstanding: [],
    nextId: 1,
    ack: { durable: 0, wanted: 0, newest: 0, randomId: undefined },
    known: undefined,
    beacon: undefined,
  }),
  step(context, before, input) {
    const state = before.announce ? { ...before, keys: keysOf(context, before.record) } : before;
    const announced = announce(state);
    return after(
      after(announced, (current) => take(context, current, input)),
      (current) => after(announce(current), (next) => after(startNext(next), wake)),
    );
  },
};

function take(context: ControllerContext, state: Maker2ControllerState, input: ControllerInput): ControllerStep {
  switch (input.kind) {
    case 'operate':
      if (input.operation === 'override') return to(state, failure(input.attempt, 'unsupported'));
      return enqueue(state, {
        attempt: input.attempt,
        expiresAtMs: input.expiresAtMs,
        asks: {
          kind: 'command',
          operation: input.operation,
          class: input.class,
          timeToLiveMs: input.timeToLiveS * 1000,
        },
        phase: { kind: 'start' },
      });
    case 'unbind':
      return enqueue(state, {
        attempt: input.attempt,
        expiresAtMs: input.expiresAtMs,
        asks: { kind: 'command', operation: 'reset', class: INSTRUCTIONS.reset.class, timeToLiveMs: 10_000 },
        phase: { kind: 'start' },
      });
    case 'bind':
      return enqueue(state, {
        attempt: input.attempt,
        expiresAtMs: input.expiresAtMs,
        asks: { kind: 'bind', waitingTold: false },
        phase: { kind: 'start' },
      });
    case 'set-time':
    case 'chain-head':
    case 'access-change':
      return to(state, failure(input.attempt, 'unsupported'));
    case 'message':
      return takeMessage(context, state, input);
    case 'beacon':
      return takeBeacon(context, state, input.state);
    case 'abandon':
      return state.job?.attempt === input.attempt
        ? to({ ...state, job: undefined })
        : to({ ...state, waiting: state.waiting.filter(({ attempt }) => attempt !== input.attempt) });
    case 'events-durable':
      return wantAck(state, input.sequence);
    case 'wake':
      return repeat(context, state);
    case 'ephemeral':
      return takeEphemeral(context, state, input);
    case 'random':
      return input.id === state.ack.randomId
        ? sendAck(context, state, input.random)
        : askForChallenge(context, state, input.id, input.random);
    case 'agreed':
      return takeAgreed(context, state, input.id, input.z);
    case 'stored':
      return takeStored(state, input.id);
  }
}

/** The failure of an attempt whose command has not been sealed, so that it cannot have acted. */
function failure(attempt: string, reason: FailureReason): ControllerEffect {
  return {
    kind: 'outcome',
    attempt,
    outcome: { kind: 'failed', reason, receipt: undefined, clockOffsetS: undefined },
  };
}

function enqueue(state: Maker2ControllerState, job: Job): ControllerStep {
  return state.waiting.length >= MAX_WAITING_JOBS
    ? to(state, failure(job.attempt, 'busy'))
    : to({ ...state, waiting: [...state.waiting, job] });
}

function startNext(state: Maker2ControllerState): ControllerStep {
  const [job, ...waiting] = state.waiting;
  if (state.job !== undefined || job === undefined) return to(state);
  const id = state.nextId;
  const next = { ...state, waiting, nextId: id + 1 };
  if (job.asks.kind === 'bind') {
    return to(inPhase(next, job, { kind: 'ephemeral', id }), { kind: 'make-ephemeral', id, sizeOctets: 16 });
  }
  if (state.keys === undefined) {
    return after(to({ ...next, job: undefined }, failure(job.attempt, 'not_bound')), startNext);
  }
  return startProof(next, job, id);
}

function announce(state: Maker2ControllerState): ControllerStep {
  if (!state.announce) return to(state);
  const told = { ...state, announce: false };
  return state.keys === undefined ? to(told) : to(told, { kind: 'advertisement-key', key: state.keys.advertisement });
}

function takeMessage(
  context: ControllerContext,
  state: Maker2ControllerState,
  input: Extract<ControllerInput, { kind: 'message' }>,
): ControllerStep {
  const message = input.channel === MAKER2_CHANNEL ? read(input.octets) : undefined;
  switch (message?.kind) {
    case 'challenge':
      return takeChallenge(context, state, message);
    case 'receipt':
      return takeReceipt(context, state, message, input.octets);
    case 'event':
      return takeEvent(context, state, message);
    case 'bind-answer':
      return takeBindAnswer(state, message);
    case 'refusal':
      return takeRefusal(state, message);
    case 'hello':
    case 'command':
    case 'ack':
    case 'bind-request':
      return to(state, { kind: 'alarm', code: 'forged_message', detail: `a lock does not send ${message.kind}` });
    case undefined:
      return to(state, { kind: 'alarm', code: 'forged_message', detail: 'not a message of this protocol' });
  }
}

function read(octets: Uint8Array): Message | undefined {
  try {
    return decodeMessage(octets);
  } catch (error) {
    if (error instanceof Maker2Error) return undefined;
    throw error;
  }
}

/** A refusal is a hint: it ends an attempt only while no command of it has been sealed, so no door can have moved. */
function takeRefusal(state: Maker2ControllerState, refusal: Extract<Message, { kind: 'refusal' }>): ControllerStep {
  const job = state.job;
  if (job === undefined) return to(state);
  if (job.phase.kind === 'challenge') {
    if (refusal.code !== 'not_bound') return to(state);
    return to({ ...state, job: undefined }, failure(job.attempt, 'not_bound'), {
      kind: 'alarm',
      code: 'key_mismatch',
      detail: 'the lock says that it is not bound',
    });
  }
  if (job.phase.kind !== 'answer' || job.asks.kind !== 'bind') return to(state);
  const end = (reason: FailureReason) => to({ ...state, job: undefined }, failure(job.attempt, reason));
  switch (refusal.code) {
    case 'wait_for_confirmation':
      if (job.asks.waitingTold) return to(state);
      return to(
        { ...state, job: { ...job, asks: { kind: 'bind', waitingTold: true } } },
        { kind: 'outcome', attempt: job.attempt, outcome: { kind: 'waiting', for: 'confirmation' } },
      );
    case 'bound':
      // A former run of ours may have come further than we know: the key that we hold then proves it.
      return state.keys === undefined
        ? end('refused')
        : startProof({ ...state, nextId: state.nextId + 1 }, job, state.nextId);
    case 'window_closed':
    case 'not_confirmed':
      return end('refused');
    case 'too_many':
      return end('busy');
    case 'mac':
      return end('key_mismatch');
    case 'not_bound':
    case 'stale':
      return to(state);
  }
}

function takeBeacon(context: ControllerContext, state: Maker2ControllerState, octets: Uint8Array): ControllerStep {
  if (state.keys === undefined || (state.beacon !== undefined && equal(state.beacon, octets))) return to(state);
  const attributes = openBeacon(context, state.keys.beacon.reveal(), octets);
  if (attributes === undefined) return to(state);
  const seen = { ...state, beacon: octets };
  const known = state.known;
  const changed =
    known === undefined ||
    known.bolt !== attributes.bolt ||
    known.door !== attributes.door ||
    known.batteryPercent !== attributes.batteryPercent ||
    known.tamper !== attributes.tamper ||
    known.privacy !== attributes.privacy ||
    countGrew(state.beacon, octets);
  return changed ? to(seen, { kind: 'wants-attention' }) : to(seen);
}

function openBeacon(context: ControllerContext, key: Uint8Array, octets: Uint8Array) {
  try {
    return openBeaconState(context.primitives, key, octets);
  } catch (error) {
    if (error instanceof Maker2Error) return undefined;
    throw error;
  }
}

/** Under one salt a higher count says that something happened, even when it left no trace in the state. */
function countGrew(former: Uint8Array | undefined, octets: Uint8Array): boolean {
  if (former === undefined || !equal(former.slice(0, SALT_OCTETS), octets.slice(0, SALT_OCTETS))) return false;
  const count = (state: Uint8Array) => decodeUint(state.slice(SALT_OCTETS, SALT_OCTETS + 3));
  return count(octets) > count(former);
}

function repeat(context: ControllerContext, state: Maker2ControllerState): ControllerStep {
  const job = state.job;
  const now = context.now.monotonicMs;
  if (job === undefined || context.now.unixMs >= job.expiresAtMs) return to(state);
  const { phase, attempt } = job;
  const again = (message: Message): ControllerEffect => ({
    kind: 'send',
    channel: MAKER2_CHANNEL,
    octets: encodeMessage(message),
    // A repetition gives way to the next one: no pile of them grows at a gateway that cannot reach the lock.
    expiresAtMs: Math.min(job.expiresAtMs, context.now.unixMs + REPEAT_MS),
    attempt,
  });
  if (phase.kind === 'challenge' && now >= phase.repeatAtMs) {
    const hello = again({ kind: 'hello', ask: phase.ask });
    return to(inPhase(state, job, { ...phase, repeatAtMs: now + REPEAT_MS }), hello);
  }
  if (phase.kind === 'answer' && now >= phase.repeatAtMs) {
    return to(inPhase(state, job, { ...phase, repeatAtMs: now + REPEAT_MS }), again(phase.request));
  }
  if (phase.kind === 'receipt' && phase.retryAtMs !== undefined && now >= phase.retryAtMs) {
    return startProof({ ...state, nextId: state.nextId + 1 }, job, state.nextId);
  }
  return to(state);
}

function wake(state: Maker2ControllerState): ControllerStep {
  const phase = state.job?.phase;
  switch (phase?.kind) {
    case 'challenge':
    case 'answer':
      return to(state, { kind: 'wake', atMonotonicMs: phase.repeatAtMs });
    case 'receipt':
      return phase.retryAtMs === undefined ? to(state) : to(state, { kind: 'wake', atMonotonicMs: phase.retryAtMs });
    default:
      return to(state);
  }
}
