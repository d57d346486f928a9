import { equal } from '@cardea/kit-octets';
import type { CommandClass, Operation } from '@cardea/wire-profile';
import { RESULT } from '../answer.ts';
import { LockError } from '../errors.ts';
import {
  classPermits,
  type Instruction,
  instructionById,
  MANAGE_TIME_TO_LIVE_S,
  OVERRIDE_CLASS,
} from '../instructions.ts';
import { decodeFrameMessage } from '../lock-message.ts';
import { type DecodedRequest, decodeRequest, type Request, type RequestBody } from '../request.ts';
import { frameCounter, openFrame } from '../sealed-frame.ts';
import { applyHeld } from './access-change.ts';
import { answer, answerTime } from './answer.ts';
import { METHOD, methodDetail, moveBolt, takeBolt } from './bolt.ts';
import { headSigned, signHead } from './chain.ts';
import { freshByClock, setClock } from './clock.ts';
import { recordDenial } from './denials.ts';
import { acknowledge, forgetSent, recordEvent } from './events.ts';
import { configureBody, modeNow } from './mode.ts';
import { factoryReset } from './reset.ts';
import {
  ACCEPTED_KEPT,
  liveSession,
  NONCE_LIFE_MS,
  SET_TIME_NONCE_LIFE_MS,
  takeNonce,
  updateSession,
} from './session.ts';
import type { AnswerWrite, Mover, Target } from './state.ts';
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
export function executeRequest(work: Work, target: Target, { classOctet, body }: Request): void {
  const row = instructionById(target.id);
  if (row === undefined || !classPermits(classOctet, classOf(row, body))) {
    answer(work, target, { result: 'not_permitted', detail: 0 });
    return;
  }
  // What moves the bolt, or is fresh by a nonce, judges its time itself.
  const isLate =
    row.time === 'fixed' && 'stampS' in body && !freshByClock(work, body.stampS, MANAGE_TIME_TO_LIVE_S, false);
  if (isLate) answerTime(work, target);
  else execute(work, target, body);
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
    case 'event_ack':
      if (!acknowledge(work, body.sequence, doneTo(target))) answer(work, target, { result: 'failed', detail: 0 });
      return;
    case 'configure': {
      const { autoRelockS, heldOpenS } = body;
      work.saveRecord({ autoRelockS, heldOpenS }, doneTo(target));
      configureBody(work);
      return;
    }
    case 'apply':
      // The legacy profile enforces nothing by itself.
      if (work.state.identity.suite === 'legacy') answer(work, target, { result: 'unsupported', detail: 0 });
      else applyHeld(work, target, body.digest);
      return;
    case 'chain_head':
      // The legacy profile uploads no events, so there is nothing that its head could prove.
      if (work.state.identity.suite === 'legacy') answer(work, target, { result: 'unsupported', detail: 0 });
      else if (!signHead(work, target)) answer(work, target, { result: 'busy', detail: 0 });
      return;
    case 'reset':
      factoryReset(work, target);
      return;
  }
}

function doneTo(target: Target): AnswerWrite {
  return { kind: 'answer', to: { kind: 'command', target }, answer: { result: 'done', detail: 0 } };
}

function operate(work: Work, target: Target, operation: Operation): void {
  if (operation === 'status') {
    answer(work, target, { result: 'done', detail: 0 });
    return;
  }
  if (operation === 'unlock' && modeNow(work) === 'lockdown') {
    const answer = { result: 'lockdown', detail: 0 } as const;
    recordDenial(work, RESULT.lockdown, { kind: 'answer', to: { kind: 'command', target }, answer });
    return;
  }
  const by: Mover = { actor: 0, detail: methodDetail(work, METHOD.afar), to: { kind: 'command', target } };
  if (takeBolt(work, operation, by)) moveBolt(work);
  else answer(work, target, { result: 'busy', detail: 0 });
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
  recordEvent(work, 'clock_set', set.beforeS, body.stepBack ? 1 : 0, doneTo(target));
}
