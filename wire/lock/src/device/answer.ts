import { carryKey, encodeKeyAnswer, sealCarried } from '@cardea/wire-access';
import { type Answer, encodeAnswer, type ReceiptAnswer } from '../answer.ts';
import { encodeEvent } from '../event.ts';
import { lockIdOf } from '../key-agreement.ts';
import { KEY_RECEIPT_COUNTER, KEY_RECEIPT_ID } from '../key-receipt.ts';
import { sealLegacyFrame } from '../legacy.ts';
import { encodeFrameMessage } from '../lock-message.ts';
import { sealFrame } from '../sealed-frame.ts';
import { clockState, lockTimeS } from './clock.ts';
import { durableSequence, uploadEvents } from './events.ts';
import type { Presenter } from './exchange.ts';
import { sendVia } from './key-via.ts';
import { issueNonce, updateSession } from './session.ts';
import type { AnswerDraft, AnswerTo, Target } from './state.ts';
import type { Work } from './work.ts';

/** The one final answer to whoever asked; `sequence`: the event that tells of it, when it is one of its own. */
export function answerTo(work: Work, to: AnswerTo, draft: AnswerDraft, sequence: number | undefined): void {
  if (to.kind === 'command') answer(work, to.target, draft);
  else answerKey(work, to.presenter, draft, sequence);
}

/** The one final receipt of a command, with what the lock shows as it leaves. */
export function answer(work: Work, target: Target, draft: AnswerDraft): void {
  send(work, target, receipt(work, target.id, draft));
  uploadEvents(work);
}

/** The answer to a command refused for time, with a nonce by which the next one may be fresh. */
export function answerTime(work: Work, target: Target): void {
  const session = work.state.session;
  if (session === undefined) return;
  const nonce = issueNonce(work, session);
  send(work, target, { kind: 'time', id: target.id, clock: clockState(work), nonce, lockTimeS: lockTimeS(work) });
}

/** Message 23: the receipt under the exchange's keys, and its event, sealed for the RAS, for the phone to carry. */
function answerKey(work: Work, { via, frames }: Presenter, draft: AnswerDraft, sequence: number | undefined): void {
  const frame = sealFrame(frames, KEY_RECEIPT_COUNTER, encodeAnswer(receipt(work, KEY_RECEIPT_ID, draft)));
  sendVia(work, via, encodeKeyAnswer({ frame, carried: carriedOf(work, sequence) }));
  uploadEvents(work);
}

function carriedOf(work: Work, sequence: number | undefined): Uint8Array | undefined {
  const { record, ring, identity } = work.state;
  const event = ring.find((entry) => entry.event.sequence === sequence)?.event;
  if (event === undefined || record.active === undefined) return undefined;
  const { primitives } = work.context;
  const key = carryKey(primitives, record.active.key.reveal());
  return sealCarried(primitives, key, lockIdOf(identity.identifier), event.sequence, encodeEvent(event));
}

function receipt(work: Work, id: number, draft: AnswerDraft): ReceiptAnswer {
  const { status } = work.state;
  return {
    kind: 'receipt',
    id,
    ...draft,
    bits: status.bits,
    batteryPercent: status.batteryPercent,
    eventSequence: durableSequence(work),
    clock: clockState(work),
    lockTimeS: lockTimeS(work),
  };
}

/** Seals an answer with its command's counter: each counter has one answer, so no receipt key sees one twice. */
function send(work: Work, target: Target, what: Answer): void {
  const session = work.state.session;
  if (session === undefined || session.number !== target.session) return;
  const plaintext = encodeAnswer(what);
  const octets =
    session.keys.kind === 'hardened'
      ? encodeFrameMessage('receipt', sealFrame(session.keys.frames.receipt, target.counter, plaintext))
      : sealLegacyFrame(session.keys.key, target.counter, plaintext);
  updateSession(work, {
    accepted: session.accepted.map((each) => (each.counter === target.counter ? { ...each, receipt: octets } : each)),
  });
  work.send(target.link, target.channel, octets);
}
