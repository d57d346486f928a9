import { equal } from '@cardea/kit-octets';
import { ScpmError } from '../errors.ts';
import { type FrameHead, type SecureFrame, SNF_MAX } from '../frame.ts';
import { type Failure, KEY_INDEX, type Services } from '../header.ts';
import { authentic, type Check, openFrame } from '../open.ts';
import { encodeAnswer, mayAnswer } from '../padata/answer.ts';
import { ANSWER_BIT } from '../padata/operation.ts';
import { decodePadata, type Padata } from '../padata/padata.ts';
import { STATUS } from '../padata/status.ts';
import { sealFailure, sealFrame } from '../seal.ts';
import { ALGORITHM, type FrameSuite } from '../suite/suite.ts';
import { answerInquiry, pump } from './ask.ts';
import { type HeldKey, lineName } from './keys.ts';
import type { Role } from './role.ts';
import { suiteFor } from './suites.ts';
import type { Turn } from './turn.ts';

/** What is told without proof of who asked is told once in this time. */
const FAILURE_PAUSE_MS = 1_000;

/** A request that is being served. */
interface Asked {
  readonly turn: Turn;
  readonly role: Role;
  readonly frame: SecureFrame;
  readonly from: Uint8Array;
}

/** Serves a request that came to this node: the requested service of 8.2.2 to 8.2.4. */
export function serveRequest(turn: Turn, role: Role, frame: SecureFrame, octets: Uint8Array): void {
  const from = frame.sa.slice();
  const asked: Asked = { turn, role, frame, from };
  // The same request once more: the answer got lost. It is repeated, and nothing is executed.
  const digest = turn.primitives.sha256(octets);
  const served = turn.peer(from)?.lines.find(({ last }) => last !== undefined && equal(last.request, digest));
  if (served?.last !== undefined) {
    turn.emit({ kind: 'transmit', to: from, octets: served.last.response });
    return;
  }
  const candidates = candidatesFor(asked);
  const key = candidates.find((each) => isAuthentic(requestSuite(asked, each), frame));
  if (key === undefined) {
    refuseUnproved(asked, candidates[0]);
    return;
  }
  if (isInDoubt(asked, key)) return;
  const opened = openFrame(requestSuite(asked, key), frame, turn.line(from, lineName(key)).expected);
  if (opened.verdict !== 'ok') {
    if (frame.services === 'enc') tellSeldom(turn, () => refuse(asked, key, 'decrypt'));
    else refuse(asked, key, opened.verdict);
    return;
  }
  // A request carries no failure (decodeSecureHeader), so there is a text; the last number has no successor to answer with.
  if (!('padata' in opened) || frame.snf === SNF_MAX) return;
  if (frame.services === 'enc') hearUnauthenticated(asked, key, opened.padata);
  else execute(asked, key, opened.padata, digest);
}

/** Serves a verified request, once: SNF and answer are stored before anything of it leaves this node. */
function execute(asked: Asked, key: HeldKey, octets: Uint8Array, digest: Uint8Array): void {
  const { turn, role, frame, from } = asked;
  if (key.state === 'pending') role.activate(from, key);
  const answer = answerTo(asked, key, octets);
  const response = sealFrame(responseSuite(asked, key), responseHead(asked, undefined, frame.snf + 1), answer);
  turn.updateLine(from, lineName(key), { expected: frame.snf + 1, last: { request: digest, response } });
  role.save(from);
  turn.emit({ kind: 'transmit', to: from, octets: response });
  for (const effect of turn.after.splice(0)) turn.emit(effect);
}

/** The PADATA of the response: what cannot be read is answered too, for its SNF is used up. */
function answerTo({ turn, role, frame, from }: Asked, key: HeldKey, octets: Uint8Array): Uint8Array {
  const padata = readPadata(octets);
  if (padata === undefined) return Uint8Array.of((octets[0] ?? 0) | ANSWER_BIT, STATUS.malformed);
  if (padata.kind === 'snf-inquiry' && frame.services === 'auth') return answerInquiry(turn, from, key, padata);
  const status = padata.kind === 'snf-inquiry' ? 'not_allowed' : role.serve(from, key, frame.services, padata);
  return encodeAnswer({ to: padata.kind, status: mayAnswer(padata.kind, status) ? status : 'denied' });
}

function readPadata(octets: Uint8Array): Padata | undefined {
  try {
    return decodePadata(octets);
  } catch (error) {
    if (error instanceof ScpmError) return undefined;
    throw error;
  }
}

/** Confidentiality only (8.2.3): nothing of it is remembered, and nobody is known to have sent it. */
function hearUnauthenticated(asked: Asked, key: HeldKey, octets: Uint8Array): void {
  const { turn, frame, from } = asked;
  const head = responseHead(asked, undefined, (frame.snf + 1) >>> 0);
  const response = sealFrame(responseSuite(asked, key), head, new Uint8Array(0));
  turn.emit({ kind: 'transmit', to: from, octets: response });
  turn.emit({ kind: 'unauthenticated', from, keyIndex: frame.keyIndex, octets });
}

/** The keys under which the frame may have been sealed. */
function candidatesFor({ turn, role, frame, from }: Asked): readonly HeldKey[] {
  return turn
    .keysWith(from)
    .filter((key) => key.keyIndex === frame.keyIndex && (key.state === 'shared') === frame.dh)
    .filter((key) => allows(key, frame.services) && role.admits(from, key));
}

/** A key is for authentication, or for confidentiality only; AES-CCM has nothing of the latter. */
function allows({ use, algorithm }: HeldKey, services: Services): boolean {
  if (services !== 'enc') return use === 'authenticated';
  return use === 'confidential' && algorithm === ALGORITHM.cbc;
}

/** `hardened` says nothing to whoever cannot prove the key; `standard` says what is wrong, once a second. */
function refuseUnproved(asked: Asked, key: HeldKey | undefined): void {
  const { turn, frame, from } = asked;
  if (key === undefined || turn.state.settings.profile !== 'standard') return;
  const { verdict } = openFrame(requestSuite(asked, key), frame, turn.line(from, lineName(key)).expected);
  if (verdict !== 'ok') tellSeldom(turn, () => refuse(asked, key, verdict));
}

function refuse(asked: Asked, key: HeldKey, check: Check): void {
  const { turn, frame, from } = asked;
  const snf = frame.services === 'enc' ? frame.snf : turn.line(from, lineName(key)).expected;
  const head = responseHead(asked, FAILURE_OF[check], snf);
  turn.emit({ kind: 'transmit', to: from, octets: sealFailure(responseSuite(asked, key), head, frame.body) });
}

function responseHead({ turn, frame, from }: Asked, failure: Failure | undefined, snf: number): FrameHead {
  const { keyIndex, dh, services } = frame;
  return { sa: turn.state.address, da: from, keyIndex, dh, services, response: true, failure, snf };
}

const requestSuite = ({ turn, from }: Asked, key: HeldKey): FrameSuite =>
  suiteFor(turn.primitives, turn.state.settings, key, from, turn.state.address, false);

const responseSuite = ({ turn, from }: Asked, key: HeldKey): FrameSuite =>
  suiteFor(turn.primitives, turn.state.settings, key, turn.state.address, from, true);

/**
 * Whether this node's memory may be older than the request, so that it is not served: the peer is asked first where it
 * stands ({@link Line.isCurrent}). A number that is behind is told so, which helps the peer and changes nothing here; an
 * inquiry enciphers nothing.
 */
function isInDoubt({ turn, role, frame, from }: Asked, key: HeldKey): boolean {
  // Under the serial key a run is authenticated, and nothing enciphered.
  const isSafe = frame.services === 'enc' || key.keyIndex === KEY_INDEX.serial;
  if (turn.state.settings.profile !== 'hardened' || isSafe) return false;
  const { isCurrent, expected } = turn.line(from, lineName(key));
  if (isCurrent) return false;
  turn.doubt(from, lineName(key), true);
  pump(turn, role, from);
  return frame.snf > expected || (frame.snf === expected && frame.services !== 'auth');
}

/** How a failed check is told (Figure 7): there is no bit for the BCC, whose failure means that the text is not what was sent. */
const FAILURE_OF: Readonly<Record<Check, Failure>> = {
  snf: 'snf',
  mdas: 'auth',
  bcc: 'auth',
  decrypt: 'decrypt',
  format: 'decrypt',
};

/** Whether the frame's MDAS is right, whatever its SNF. Without authentication there is nothing to be wrong. */
function isAuthentic(suite: FrameSuite, frame: SecureFrame): boolean {
  if (frame.services === 'enc') return true;
  if (frame.services === 'auth') return authentic(suite, frame);
  return suite.verifyBoth(frame.head, frame.snf, frame.body, frame.mdas ?? new Uint8Array(0));
}

function tellSeldom(turn: Turn, tell: () => void): void {
  if (turn.nowMs - turn.state.failureToldAtMs < FAILURE_PAUSE_MS) return;
  turn.update({ failureToldAtMs: turn.nowMs });
  tell();
}
