import { equal } from '@cardea/kit-octets';
import type { BoltOperation, CommandClass, DeviceInput, EventCode, Operation } from '@cardea/wire-profile';
import { type Answer, encodeAnswer } from '../answer.ts';
import { LockError } from '../errors.ts';
import {
  classPermits,
  type Instruction,
  instructionById,
  MANAGE_TIME_TO_LIVE_S,
  OVERRIDE_CLASS,
} from '../instructions.ts';
import { sealLegacyFrame } from '../legacy.ts';
import { decodeFrameMessage, encodeFrameMessage } from '../lock-message.ts';
import { type DecodedRequest, decodeRequest, type Request, type RequestBody } from '../request.ts';
import { frameCounter, openFrame, sealFrame } from '../sealed-frame.ts';
import { headSigned, signHead } from './chain.ts';
import { clockState, freshByClock, lockTimeS, setClock } from './clock.ts';
import { recordDenial } from './denials.ts';
import { acknowledge, durableSequence, forgetSent, recordEvent, uploadEvents } from './events.ts';
import { factoryReset } from './reset.ts';
import {
  ACCEPTED_KEPT,
  issueNonce,
  liveSession,
  NONCE_LIFE_MS,
  SET_TIME_NONCE_LIFE_MS,
  takeNonce,
  updateSession,
} from './session.ts';
import type { AnswerDraft, Target } from './state.ts';
import type { Work } from './work.ts';

/**
 * A command frame, checked in this order: length; counter above the last, or octet-equal to one of the last four
 * accepted (then its receipt again, and nothing is executed); tag; decryption; XOR; class; time.
 */
export function receiveCommand(work: Work, link: number, channel: number, message: Uint8Array): void {
  const frame = decodeFrameMessage('command', message);
  const session = liveSession(work);
  if (session?.keys.kind !== 'hardened') {
    work.refuse(link, channel, 'no_session');
    return;
  }
  const counter = frameCounter(frame);
  if (counter <= session.lastCounter) {
    const before = session.accepted.find((each) => equal(each.frame, frame));
    if (before?.receipt !== undefined) work.send(link, channel, before.receipt);
    return;
  }
  const plaintext = openFrame(session.keys.frames.command, frame);
  if (plaintext === undefined) {
    if (work.forged(link)) work.refuse(link, channel, 'no_session');
    return;
  }
  if (session.link !== link) forgetSent(work);
  updateSession(work, {
    link,
    channel,
    lastCounter: counter,
    accepted: [...session.accepted, { counter, frame, receipt: undefined }].slice(-ACCEPTED_KEPT),
  });
  const decoded = decodePlaintext(plaintext);
  if (decoded === undefined) return;
  const target: Target = { session: session.number, counter, link, channel, id: decoded.id };
  if (decoded.kind === 'unsupported') {
    answer(work, target, { result: 'unsupported', detail: 0 });
    return;
  }
  executeRequest(work, target, decoded.request);
}

/** A request whose origin is accepted: its class, its time, and then itself. */
export function executeRequest(work: Work, target: Target, request: Request): void {
  const row = instructionById(target.id);
  if (row === undefined || !classPermits(request.classOctet, classOf(row, request.body))) {
    answer(work, target, { result: 'not_permitted', detail: 0 });
    return;
  }
  execute(work, target, request.body);
}

/** The lowest class that may ask for this. */
function classOf(row: Instruction, body: RequestBody): CommandClass {
  return 'operation' in body && body.operation === 'override' ? OVERRIDE_CLASS : row.class;
}

/** A peer that holds the keys and yet cannot compute an XOR is answered nothing. */
function decodePlaintext(plaintext: Uint8Array): DecodedRequest | undefined {
  try {
    return decodeRequest(plaintext);
  } catch (error) {
    if (error instanceof LockError) return undefined;
    throw error;
  }
}

function execute(work: Work, target: Target, body: RequestBody): void {
  switch (body.name) {
    case 'lock_control': {
      const movesBolt = body.operation !== 'status';
      if (!freshByClock(work, body.stampS, body.timeToLiveS, movesBolt)) answerTime(work, target);
      else operate(work, target, body.operation);
      return;
    }
    case 'nonce_fresh_lock_control': {
      const ageMs = takeNonce(work, body.nonce);
      if (ageMs === undefined || ageMs > Math.min(body.timeToLiveS * 1000, NONCE_LIFE_MS)) answerTime(work, target);
      else operate(work, target, body.operation);
      return;
    }
    case 'get_nonce':
      answerTime(work, target);
      return;
    case 'set_time':
      setTime(work, target, body);
      return;
    case 'event_ack': {
      if (!freshByClock(work, body.stampS, MANAGE_TIME_TO_LIVE_S, false)) {
        answerTime(work, target);
        return;
      }
      const done = { kind: 'answer', target, answer: { result: 'done', detail: 0 } } as const;
      if (!acknowledge(work, body.sequence, done)) answer(work, target, { result: 'failed', detail: 0 });
      return;
    }
    case 'configure': {
      if (!freshByClock(work, body.stampS, MANAGE_TIME_TO_LIVE_S, false)) {
        answerTime(work, target);
        return;
      }
      const { autoRelockS, heldOpenS } = body;
      work.saveRecord({ autoRelockS, heldOpenS }, { kind: 'answer', target, answer: { result: 'done', detail: 0 } });
      work.emit({ kind: 'configure', autoRelockS, heldOpenS });
      return;
    }
    case 'chain_head':
      // The legacy profile uploads no events, so there is nothing that its head could prove.
      if (work.state.identity.suite === 'legacy') answer(work, target, { result: 'unsupported', detail: 0 });
      else if (!signHead(work, target)) answer(work, target, { result: 'busy', detail: 0 });
      return;
    case 'reset':
      if (!freshByClock(work, body.stampS, MANAGE_TIME_TO_LIVE_S, false)) answerTime(work, target);
      else factoryReset(work, target);
      return;
  }
}

function operate(work: Work, target: Target, operation: Operation): void {
  if (operation === 'status') {
    answer(work, target, { result: 'done', detail: 0 });
    return;
  }
  if (work.state.acting !== undefined) {
    answer(work, target, { result: 'busy', detail: 0 });
    return;
  }
  const token = work.id();
  work.update({ acting: { token, operation, target } });
  work.emit({ kind: 'act', operation, token });
}

const DONE = {
  unlock: 'unlocked',
  lock: 'locked',
  override: 'override_unlocked',
} as const satisfies Record<BoltOperation, EventCode>;

/** The body has moved its bolt, or has not: the event is durable before the receipt leaves. */
export function acted(work: Work, input: Extract<DeviceInput, { kind: 'acted' }>): void {
  const acting = work.state.acting;
  if (acting === undefined || acting.token !== input.token) return;
  work.update({ acting: undefined, status: input.status });
  const code = input.result === 'done' ? DONE[acting.operation] : input.result === 'jammed' ? 'jammed' : 'refused';
  const draft: AnswerDraft = { result: input.result, detail: input.detail };
  if (code === 'refused') {
    const write = { kind: 'answer', target: acting.target, answer: draft } as const;
    if (!recordDenial(work, input.detail, write)) answer(work, acting.target, draft);
    return;
  }
  recordEvent(work, code, 0, input.detail, { kind: 'answer', target: acting.target, answer: draft });
}

/** The head of the chain is signed: its parts have left, and the receipt follows them. */
export function signed(work: Work, id: number, signature: Uint8Array | undefined): void {
  const head = headSigned(work, id, signature);
  if (head === undefined) return;
  answer(work, head.target, { result: head.done ? 'done' : 'unsupported', detail: 0 });
}

function setTime(work: Work, target: Target, body: Extract<RequestBody, { name: 'set_time' }>): void {
  const ageMs = takeNonce(work, body.nonce);
  if (ageMs === undefined || ageMs > SET_TIME_NONCE_LIFE_MS) {
    answerTime(work, target);
    return;
  }
  const set = setClock(work, body.timeS, body.stepBack, ageMs);
  if (set.kind === 'refused') {
    answer(work, target, { result: set.result, detail: 0 });
    return;
  }
  // The event's word is the time after, its actor the time before.
  recordEvent(work, 'clock_set', set.beforeS, body.stepBack ? 1 : 0, {
    kind: 'answer',
    target,
    answer: { result: 'done', detail: 0 },
  });
}

/** The one final receipt of a command, with what the lock shows as it leaves. */
export function answer(work: Work, target: Target, draft: AnswerDraft): void {
  const { status } = work.state;
  send(work, target, {
    kind: 'receipt',
    id: target.id,
    ...draft,
    bits: status.bits,
    batteryPercent: status.batteryPercent,
    eventSequence: durableSequence(work),
    clock: clockState(work),
    lockTimeS: lockTimeS(work),
  });
  uploadEvents(work);
}

/** The answer to a command refused for time, with a nonce by which the next one may be fresh. */
function answerTime(work: Work, target: Target): void {
  const session = work.state.session;
  if (session === undefined) return;
  const nonce = issueNonce(work, session);
  send(work, target, { kind: 'time', id: target.id, clock: clockState(work), nonce, lockTimeS: lockTimeS(work) });
}

/** Seals an answer with its command's counter: each counter has one answer, so no receipt key sees one twice. */
function send(work: Work, target: Target, what: Answer): void {
  const session = work.state.session;
  if (session === undefined || session.number !== target.session) return;
  const plaintext = encodeAnswer(what);
  const receipt =
    session.keys.kind === 'hardened'
      ? encodeFrameMessage('receipt', sealFrame(session.keys.frames.receipt, target.counter, plaintext))
      : sealLegacyFrame(session.keys.key, target.counter, plaintext);
  updateSession(work, {
    accepted: session.accepted.map((each) => (each.counter === target.counter ? { ...each, receipt } : each)),
  });
  work.send(target.link, target.channel, receipt);
}
