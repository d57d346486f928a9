import { equal } from '@cardea/kit-octets';
import { ScpmError } from '../errors.ts';
import { type SecureFrame, SNF_MAX } from '../frame.ts';
import { authentic, openFrame } from '../open.ts';
import { type Answer, decodeAnswer, encodeAnswer } from '../padata/answer.ts';
import { ANSWER_BIT } from '../padata/operation.ts';
import { encodePadata, NONCE_OCTETS, type SnfInquiry } from '../padata/padata.ts';
import type { Status } from '../padata/status.ts';
import { sealFrame } from '../seal.ts';
import { type HeldKey, type LineName, lineName, protecting, sameLine } from './keys.ts';
import type { RequestEnd, Role } from './role.ts';
import {
  type NodeState,
  type Outstanding,
  QUEUE_MAX,
  RETRY_MAX_MS,
  RETRY_MS,
  type Request,
  SNF_RESERVE,
  TRIES_MAX,
} from './state.ts';
import { suiteFor } from './suites.ts';
import type { Turn } from './turn.ts';

const SNF_OCTETS = 4;

/** Lines a request up behind those to the same peer. False when there are too many. */
export function ask(turn: Turn, to: Uint8Array, request: Request): boolean {
  const queue = turn.peer(to)?.queue ?? [];
  if (queue.length >= QUEUE_MAX) return false;
  turn.updatePeer(to, { queue: [...queue, request] });
  return true;
}

/** Sends the next request to a peer, when none is outstanding: the service requester of 8.2.2 to 8.2.4. */
export function pump(turn: Turn, role: Role, to: Uint8Array): void {
  for (;;) {
    const peer = turn.peer(to);
    if (peer === undefined || peer.outstanding !== undefined) return;
    const [doubted] = peer.doubted;
    if (doubted !== undefined) {
      const key = turn.keysWith(to).find((each) => sameLine(lineName(each), doubted));
      if (key !== undefined && turn.line(to, doubted).next < SNF_MAX) {
        inquire(turn, to, key);
        return;
      }
      turn.doubt(to, doubted, false);
      continue;
    }
    const [request] = peer.queue;
    if (request === undefined) return;
    const key = keyFor(turn.keysWith(to), request);
    const isExhausted = key !== undefined && !hasNumbers(turn, to, key, request);
    if (key === undefined || isOver(request, turn.nowMs) || isExhausted) {
      turn.updatePeer(to, { queue: peer.queue.slice(1) });
      if (isExhausted) {
        turn.emit({ kind: 'trouble', code: 'snf_low', peer: to, keyIndex: request.line.keyIndex });
        role.exhausted(to, request.line.keyIndex);
      }
      role.answered(to, request.purpose, { kind: 'not-sent' });
      continue;
    }
    if (turn.isSettled(to, lineName(key))) {
      turn.updatePeer(to, { queue: peer.queue.slice(1) });
      transmit(turn, to, key, request);
    } else {
      inquire(turn, to, key);
    }
    return;
  }
}

/** The key of the request's line; a lock message goes under whichever protects its index by now. */
function keyFor(keys: readonly HeldKey[], { purpose, line }: Request): HeldKey | undefined {
  if (purpose.kind === 'message') return protecting(keys, line.keyIndex, line.dh);
  return keys.find((each) => sameLine(lineName(each), line));
}

const isOver = (request: Request, nowMs: number): boolean =>
  request.expiresAtMs !== undefined && nowMs >= request.expiresAtMs;

/** SNFs never wrap: the last ones are kept for the key's update. */
function hasNumbers(turn: Turn, to: Uint8Array, key: HeldKey, request: Request): boolean {
  const { next } = turn.line(to, lineName(key));
  if (next < SNF_RESERVE) return true;
  return request.purpose.kind !== 'message' && next < SNF_MAX;
}

function transmit(turn: Turn, to: Uint8Array, key: HeldKey, request: Request): void {
  send(turn, to, key, { request, nonce: undefined, padata: request.padata, services: request.services });
}

/** Asks for the SNF under a fresh nonce; waits when there is no randomness yet. */
function inquire(turn: Turn, to: Uint8Array, key: HeldKey): void {
  const random = turn.takeRandom(NONCE_OCTETS + SNF_OCTETS);
  if (random === undefined) return;
  const nonce = random.slice(0, NONCE_OCTETS);
  const isKept = turn.peer(to)?.lines.some((line) => sameLine(line, lineName(key))) ?? false;
  if (turn.state.settings.profile === 'standard' && !isKept) {
    // 8.2.2 b) 2): an arbitrary number, far from the last ones; the answer tells the right one.
    turn.updateLine(to, lineName(key), {
      next: new DataView(random.buffer, random.byteOffset).getUint32(NONCE_OCTETS) >>> 1,
    });
  }
  const padata = encodePadata({ kind: 'snf-inquiry', nonce });
  send(turn, to, key, { request: undefined, nonce, padata, services: 'auth' });
}

function send(
  turn: Turn,
  to: Uint8Array,
  key: HeldKey,
  { request, nonce, padata, services }: Pick<Request, 'padata' | 'services'> & Pick<Outstanding, 'request' | 'nonce'>,
): void {
  const { settings, address } = turn.state;
  const line = lineName(key);
  const { next: snf } = turn.line(to, line);
  const suite = suiteFor(turn.primitives, settings, key, address, to, false);
  const head = { sa: address, da: to, ...line, services, response: false, snf };
  const frame = sealFrame(suite, head, padata);
  const bodyAt = 1 + 2 * settings.addressSize + 8;
  const body = frame.slice(bodyAt, services === 'enc' ? frame.length : frame.length - 16);
  turn.updateLine(to, line, {});
  turn.settle(to, line, false);
  turn.updatePeer(to, {
    outstanding: { request, nonce, line, snf, frame, body, tries: 1, dueAtMs: turn.nowMs + RETRY_MS },
  });
  turn.emit({ kind: 'transmit', to, octets: frame });
}

/** Takes the response to the outstanding request; anything else is not ours. */
export function takeResponse(turn: Turn, role: Role, frame: SecureFrame): void {
  const to = frame.sa.slice();
  const outstanding = turn.peer(to)?.outstanding;
  if (outstanding === undefined) return;
  const { line, snf, request } = outstanding;
  const services = request?.services ?? 'auth';
  if (frame.keyIndex !== line.keyIndex || frame.dh !== line.dh || frame.services !== services) return;
  const key = turn.keysWith(to).find((each) => sameLine(lineName(each), line));
  if (key === undefined) return;
  const suite = suiteFor(turn.primitives, turn.state.settings, key, to, turn.state.address, true);
  if (frame.failure !== undefined) {
    // An answer to something else, or to nothing, copies something else.
    if (services !== 'enc' && !authentic(suite, frame)) return;
    if (!equal(frame.body, outstanding.body)) return;
    takeFailure(turn, role, to, outstanding, frame);
  } else {
    const opened = openFrame(suite, frame, snf + 1);
    if (opened.verdict !== 'ok' || !('padata' in opened)) return;
    // Of two nodes that run from the records of one, each hears the answers to both.
    if (request !== undefined && opened.padata[0] !== ((request.padata[0] ?? 0) | ANSWER_BIT)) return;
    if (request === undefined && !takeStanding(turn, to, outstanding, opened.padata)) return;
    turn.updatePeer(to, { outstanding: undefined });
    turn.updateLine(to, line, { next: snf + 1 });
    turn.settle(to, line, true);
    role.save(to);
    if (request !== undefined)
      role.answered(to, request.purpose, { kind: 'answered', status: statusIn(opened.padata) });
  }
  pump(turn, role, to);
}

/** An answer that cannot be read says no. */
function statusIn(padata: Uint8Array): Status {
  return readAnswer(padata)?.status ?? 'malformed';
}

function readAnswer(padata: Uint8Array): Answer | undefined {
  try {
    return decodeAnswer(padata);
  } catch (error) {
    if (error instanceof ScpmError) return undefined;
    throw error;
  }
}

/**
 * The answer to an inquiry: that nothing was served of the numbers from its own on, and how far the peer got the other way.
 * It has to copy the nonce, or a memory that was set back would take the answer of an earlier time for this one.
 */
function takeStanding(turn: Turn, to: Uint8Array, { line, nonce }: Outstanding, padata: Uint8Array): boolean {
  const standing = readAnswer(padata)?.standing;
  if (standing === undefined || nonce === undefined || !equal(standing.nonce, nonce)) return false;
  turn.doubt(to, line, false);
  if (turn.state.settings.profile === 'hardened') {
    const expected = Math.max(turn.line(to, line).expected, standing.next);
    turn.updateLine(to, line, { expected, isCurrent: true });
  }
  return true;
}

/** Answers an inquiry: its nonce, and the number above all under which this node enciphered anything for the peer. */
export function answerInquiry(turn: Turn, to: Uint8Array, key: HeldKey, { nonce }: SnfInquiry): Uint8Array {
  const standing = { nonce, next: standingOn(turn, to, lineName(key)) };
  return encodeAnswer({ to: 'snf-inquiry', status: 'ok', standing });
}

function standingOn(turn: Turn, to: Uint8Array, line: LineName): number {
  const { next } = turn.line(to, line);
  // What was sent may have waited for this answer: sent again at once.
  const outstanding = turn.peer(to)?.outstanding;
  if (outstanding !== undefined && sameLine(outstanding.line, line)) hasten(turn, to);
  // Of a line that is not settled the next number may have been used, and what was sent under it served.
  return turn.isSettled(to, line) ? next : Math.min(next + 1, SNF_MAX);
}

function takeFailure(
  turn: Turn,
  role: Role,
  to: Uint8Array,
  { line, snf, request }: Outstanding,
  frame: SecureFrame,
): void {
  const queue = turn.peer(to)?.queue ?? [];
  turn.updatePeer(to, { outstanding: undefined });
  if (frame.failure !== 'snf') {
    turn.emit({ kind: 'trouble', code: 'refused', peer: to, keyIndex: line.keyIndex });
    if (request !== undefined) role.answered(to, request.purpose, { kind: 'failed' });
    else dropLine(turn, role, to, line, { kind: 'failed' });
    return;
  }
  // Only upwards: a lower number would use one again, under which something was enciphered already.
  if (frame.snf <= snf && turn.state.settings.profile === 'hardened') {
    turn.emit({ kind: 'trouble', code: 'snf_set_back', peer: to, keyIndex: line.keyIndex });
    if (request !== undefined) role.answered(to, request.purpose, { kind: 'failed' });
    else dropLine(turn, role, to, line, { kind: 'failed' });
    return;
  }
  turn.updateLine(to, line, { next: frame.snf });
  // `standard` uses the number as it is told; `hardened` makes sure first that it is unused (isSettled).
  if (turn.state.settings.profile === 'standard') turn.settle(to, line, true);
  if (request !== undefined) turn.updatePeer(to, { queue: [request, ...queue] });
  role.save(to);
}

/** Sends again what is due, and gives up what was sent often enough. */
export function resend(turn: Turn, role: Role): void {
  for (const { address: to, outstanding } of turn.state.peers) {
    if (outstanding === undefined || outstanding.dueAtMs > turn.nowMs) continue;
    const { request, line, frame, tries } = outstanding;
    if (tries < TRIES_MAX && !(request !== undefined && isOver(request, turn.nowMs))) {
      const dueAtMs = turn.nowMs + Math.min(RETRY_MS * 2 ** tries, RETRY_MAX_MS);
      turn.updatePeer(to, { outstanding: { ...outstanding, tries: tries + 1, dueAtMs } });
      turn.emit({ kind: 'transmit', to, octets: frame });
      continue;
    }
    turn.updatePeer(to, { outstanding: undefined });
    turn.emit({ kind: 'trouble', code: 'no_answer', peer: to, keyIndex: line.keyIndex });
    if (request !== undefined) role.answered(to, request.purpose, { kind: 'no-answer' });
    else dropLine(turn, role, to, line, { kind: 'no-answer' });
    pump(turn, role, to);
  }
}

/** What was sent to a peer and not answered is sent again in this step, once more if it was sent often enough. */
export function hasten(turn: Turn, to: Uint8Array): void {
  const outstanding = turn.peer(to)?.outstanding;
  if (outstanding === undefined) return;
  const tries = Math.min(outstanding.tries, TRIES_MAX - 1);
  turn.updatePeer(to, { outstanding: { ...outstanding, tries, dueAtMs: turn.nowMs } });
}

/** Gives up every request that waits for a line which cannot be settled. */
function dropLine(turn: Turn, role: Role, to: Uint8Array, line: Request['line'], end: RequestEnd): void {
  const queue = turn.peer(to)?.queue ?? [];
  turn.doubt(to, line, false);
  turn.updatePeer(to, { queue: queue.filter((request) => !sameLine(request.line, line)) });
  for (const request of queue) if (sameLine(request.line, line)) role.answered(to, request.purpose, end);
}

/** When something is due to be sent again, monotonic. */
export function resendDueMs({ peers }: NodeState): number | undefined {
  const dues = peers.flatMap(({ outstanding }) => (outstanding === undefined ? [] : [outstanding.dueAtMs]));
  return dues.length === 0 ? undefined : Math.min(...dues);
}
