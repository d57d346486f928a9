import { equal } from '@cardea/kit-octets';
import { type DeviceContext, type DeviceInput, NO_DENIALS } from '@cardea/wire-profile';
import {
  CHALLENGE_LIFE_MS,
  type CommandBody,
  decodeCommandBody,
  encodeReceiptBody,
  permits,
  type Result,
} from './body.ts';
import { recordDenial } from './device-denials.ts';
import type { Maker2DeviceRecord } from './device-durable.ts';
import { sendEvents } from './device-events.ts';
import { refuse, send, wrongTag } from './device-refusal.ts';
import {
  type Accepted,
  after,
  type DeviceStep,
  draw,
  isBusy,
  KEPT_RECEIPTS,
  type Maker2DeviceState,
  openCommands,
  persist,
  recordEvent,
  to,
  withLink,
  withRecord,
} from './device-state.ts';
import { Maker2Error } from './errors.ts';
import type { BindingKeys } from './keys.ts';
import { MAKER2_CHANNEL } from './link.ts';
import { encodeMessage, type Message } from './message.ts';
import { boundToCommand, open, seal } from './seal.ts';

/** Answers a HELLO: a new challenge replaces the one before; a repeated `ask` gets the same challenge. */
export function answerHello(
  context: DeviceContext,
  state: Maker2DeviceState,
  link: number,
  ask: Uint8Array,
): DeviceStep {
  if (state.record.active === undefined && state.record.pending === undefined) return refuse(state, link, 'not_bound');
  const now = context.now.monotonicMs;
  const living = state.challenge;
  if (living !== undefined && equal(living.ask, ask) && now - living.issuedAtMs <= CHALLENGE_LIFE_MS) {
    return sendChallenge(state, link, ask, living.octets);
  }
  const drawn = draw(context.primitives, state, 'challenge', 8);
  const challenge = { ask, octets: drawn.octets, issuedAtMs: now };
  return sendChallenge({ ...drawn.state, challenge }, link, ask, challenge.octets);
}

function sendChallenge(state: Maker2DeviceState, link: number, ask: Uint8Array, challenge: Uint8Array): DeviceStep {
  const { keyVersion, resetCount } = state.record;
  return send(state, link, { kind: 'challenge', ask, challenge, keyVersion, resetCount });
}

/**
 * Takes a command. Checked in order: a repetition (its receipt again, and nothing is executed); the living challenge;
 * the tag; the body; then the challenge is used up, whatever follows: time, class, and only then the operation.
 */
export function takeCommand(
  context: DeviceContext,
  state: Maker2DeviceState,
  link: number,
  message: Extract<Message, { kind: 'command' }>,
  octets: Uint8Array,
): DeviceStep {
  const kept = state.receipts.find(({ command }) => equal(command, octets));
  if (kept !== undefined) {
    const send_ = { kind: 'send', link, channel: MAKER2_CHANNEL, octets: kept.receipt } as const;
    return after(to(withLink(state, link, { trusted: true, sentUpTo: 0 }), send_), (next) => sendEvents(context, next));
  }
  // Its receipt is on the way: it is sent on the link on which the command came first.
  if (openCommands(state).some((command) => equal(command.octets, octets))) return to(state);
  const living = state.challenge;
  if (living === undefined || !equal(living.octets, message.challenge)) return refuse(state, link, 'stale');
  const opened = openCommand(context, state, message);
  if (opened === undefined) return wrongTag(state, link);
  const command: Accepted = {
    link,
    octets,
    challenge: living.octets,
    issuedAtMs: living.issuedAtMs,
    body: opened.body,
    keys: opened.keys,
  };
  const accepted = withLink({ ...state, challenge: undefined }, link, { trusted: true, sentUpTo: 0 });
  if (isBusy(accepted)) return answer(context, accepted, command, 'busy');
  if (opened.keys === accepted.keys.pending) {
    const record = { ...accepted.record, active: accepted.record.pending, pending: undefined };
    return persist(accepted, { kind: 'record', record }, { kind: 'commit', command, record });
  }
  return execute(context, accepted, command);
}

function execute(context: DeviceContext, state: Maker2DeviceState, command: Accepted): DeviceStep {
  const { body } = command;
  const ageMs = context.now.monotonicMs - command.issuedAtMs;
  if (ageMs > Math.min(body.timeToLiveMs, CHALLENGE_LIFE_MS)) return answer(context, state, command, 'late');
  if (!permits(body.class, body.operation)) {
    return recordDenial(state, context.now.monotonicMs, { command, result: 'not_permitted' }, (next) =>
      answer(context, next, command, 'not_permitted'),
    );
  }
  switch (body.operation) {
    case 'status':
      return answer(context, state, command, 'done');
    case 'unlock':
    case 'lock': {
      const token = state.nextId;
      return to(
        { ...state, nextId: token + 1, acting: { token, command } },
        { kind: 'act', operation: body.operation, token },
      );
    }
    case 'reset':
      return startReset(state, command);
  }
}

/** The body has moved, or could not: the event first, then the receipt. */
export function takeActed(
  context: DeviceContext,
  before: Maker2DeviceState,
  { token, result, detail }: Extract<DeviceInput, { kind: 'acted' }>,
): DeviceStep {
  const acting = before.acting;
  if (acting === undefined || acting.token !== token) return to(before);
  const state = { ...before, acting: undefined };
  const { command } = acting;
  switch (result) {
    case 'done':
      return recordEvent(state, command.body.operation === 'unlock' ? 'unlocked' : 'locked', 0, detail, {
        command,
        result,
      });
    case 'jammed':
    case 'failed':
      return recordEvent(state, 'jammed', 0, detail, { command, result: 'jammed' });
    case 'battery_empty':
    case 'privacy':
      return answer(context, state, command, result);
  }
}

/** Factory reset at the lock itself: whoever does this stands at the door. */
export function resetAtLock(state: Maker2DeviceState): DeviceStep {
  return isBusy(state) ? to(state) : startReset(state, undefined);
}

function startReset(state: Maker2DeviceState, command: Accepted | undefined): DeviceStep {
  const record = { resetCount: state.record.resetCount + 1, keyVersion: 0, active: undefined, pending: undefined };
  return persist(
    { ...state, run: undefined, challenge: undefined },
    { kind: 'reset', record },
    { kind: 'reset', command, record },
  );
}

/** The pending key is active in the flash: its first command is executed, if there is still time. */
export function finishCommit(
  context: DeviceContext,
  state: Maker2DeviceState,
  command: Accepted,
  record: Maker2DeviceRecord,
): DeviceStep {
  const committed = { ...withRecord(context.primitives, state, record), run: undefined };
  return after(recordEvent(committed, 'bound', 0, 0), (next) => execute(context, next, command));
}

/** The lock is in its factory state. A reset from afar opens no binding window; one at the lock itself does. */
export function finishReset(
  context: DeviceContext,
  state: Maker2DeviceState,
  command: Accepted | undefined,
  record: Maker2DeviceRecord,
): DeviceStep {
  const window = command === undefined ? { windowFromMs: context.now.monotonicMs, runsConfirmed: 0 } : {};
  // Events that were being written when the reset came are gone from the flash too; the sequence goes on.
  const clean = {
    ...withRecord(context.primitives, state, record),
    ...window,
    ring: [],
    denials: NO_DENIALS,
    receipts: [],
    salt: undefined,
  };
  const answered = command === undefined ? undefined : { command, result: 'done' as const };
  return after(to(clean, { kind: 'cleared' }), (next) => recordEvent(next, 'reset', 0, 0, answered));
}

/** Answers a command under the receipt key, bound to its very octets, and keeps the answer for its repetition. */
export function answer(
  context: DeviceContext,
  before: Maker2DeviceState,
  command: Accepted,
  result: Result,
): DeviceStep {
  const { primitives } = context;
  const { state, octets: nonce } = draw(primitives, before, 'nonce', 12);
  const { challenge } = command;
  const bound = boundToCommand(primitives, challenge, command.octets);
  const { attributes, eventSequence } = state;
  const body = encodeReceiptBody({ result, attributes, eventSequence });
  const sealed = seal(primitives, command.keys.receipt, nonce, body, { kind: 'receipt', lockId: state.lockId, bound });
  const receipt = encodeMessage({ kind: 'receipt', challenge, nonce, sealed });
  const receipts = [...state.receipts, { command: command.octets, receipt }].slice(-KEPT_RECEIPTS);
  return after(
    to({ ...state, receipts }, { kind: 'send', link: command.link, channel: MAKER2_CHANNEL, octets: receipt }),
    (next) => sendEvents(context, next),
  );
}

function openCommand(
  context: DeviceContext,
  state: Maker2DeviceState,
  message: Extract<Message, { kind: 'command' }>,
): { readonly body: CommandBody; readonly keys: BindingKeys } | undefined {
  const place = { kind: 'command', lockId: state.lockId, bound: message.challenge } as const;
  for (const keys of [state.keys.active, state.keys.pending]) {
    const octets = keys === undefined ? undefined : open(context.primitives, keys.command, message, place);
    if (keys === undefined || octets === undefined) continue;
    try {
      return { body: decodeCommandBody(octets), keys };
    } catch (error) {
      if (!(error instanceof Maker2Error)) throw error;
    }
  }
  return undefined;
}
