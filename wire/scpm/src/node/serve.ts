import { equal } from '@cardea/kit-octets';
import { type SecureFrame, SNF_MAX } from '../frame.ts';
import { type Failure, KEY_INDEX } from '../header.ts';
import { authentic, type Check, openFrame } from '../open.ts';
import { sealFailure, sealFrame } from '../seal.ts';
import type { FrameSuite } from '../suite/suite.ts';
import { pump } from './ask.ts';
import { type HeldKey, lineName } from './keys.ts';
import type { Role } from './role.ts';
import { suiteFor } from './suites.ts';
import type { Turn } from './turn.ts';

/** What is told without proof of who asked is told once in this time. */
const FAILURE_PAUSE_MS = 1_000;

/** Serves a request that came to this node: the requested service of 8.2.2 to 8.2.4. */
export function serveRequest(turn: Turn, role: Role, frame: SecureFrame, octets: Uint8Array): void {
  const from = frame.sa.slice();
  // The same request once more: the answer got lost. It is repeated, and nothing is executed.
  const digest = turn.primitives.sha256(octets);
  const served = turn.peer(from)?.lines.find(({ last }) => last !== undefined && equal(last.request, digest));
  if (served?.last !== undefined) {
    turn.emit({ kind: 'transmit', to: from, octets: served.last.response });
    return;
  }
  const candidates = turn
    .keysWith(from)
    .filter((key) => key.keyIndex === frame.keyIndex && (key.state === 'shared') === frame.dh)
    .filter((key) => (key.use === 'confidential') === (frame.services === 'enc') && role.admits(from, key));
  const suiteOfKey = (key: HeldKey, response: boolean) => {
    const { address, settings } = turn.state;
    const [sa, da] = response ? [address, from] : [from, address];
    return suiteFor(turn.primitives, settings, key, sa, da, response);
  };
  const key = candidates.find((each) => isAuthentic(suiteOfKey(each, false), frame));
  if (key === undefined) {
    const first = candidates[0];
    // `hardened` says nothing to whoever cannot prove the key.
    if (first === undefined || turn.state.settings.profile !== 'standard') return;
    const { expected } = turn.line(from, lineName(first));
    const opened = openFrame(suiteOfKey(first, false), frame, expected);
    if (opened.verdict !== 'ok') tellSeldom(turn, () => answerFailure(first, opened.verdict as Check));
    return;
  }
  const { expected } = turn.line(from, lineName(key));
  if (isInDoubt(turn, frame, key)) {
    turn.doubt(from, lineName(key), true);
    pump(turn, role, from);
    // A number that is behind is told so, which helps the peer and changes nothing here; an inquiry enciphers nothing.
    if (frame.snf > expected || (frame.snf === expected && frame.services !== 'auth')) return;
  }
  const opened = openFrame(suiteOfKey(key, false), frame, expected);
  if (opened.verdict !== 'ok') {
    if (frame.services === 'enc') tellSeldom(turn, () => answerFailure(key, 'decrypt'));
    else answerFailure(key, opened.verdict);
    return;
  }
  // A request carries no failure (decodeSecureHeader), so there is a text; the last number has no successor to answer with.
  if (!('padata' in opened) || frame.snf === SNF_MAX) return;
  const { padata } = opened;

  if (key.state === 'pending') role.activate(from, key);
  const answer = answerTo(padata);
  const response = sealFrame(suiteOfKey(key, true), headOf(undefined, (frame.snf + 1) >>> 0), answer);
  if (frame.services === 'enc') {
    turn.emit({ kind: 'transmit', to: from, octets: response });
  } else {
    // Stored before anything is executed: a power cut may lose the request, and can never do it twice.
    turn.updateLine(from, lineName(key), { expected: frame.snf + 1, last: { request: digest, response } });
    role.save(from);
    turn.emit({ kind: 'transmit', to: from, octets: response });
  }
  for (const effect of turn.after.splice(0)) turn.emit(effect);

  function answerTo(text: Uint8Array): Uint8Array {
    const { keyIndex } = frame;
    if (frame.services === 'enc') {
      turn.after.push({ kind: 'unauthenticated', from, keyIndex, octets: text });
      return new Uint8Array(0);
    }
    return role.serve(from, key as HeldKey, frame.services, text);
  }

  function headOf(failure: Failure | undefined, snf: number) {
    const { keyIndex, dh, services } = frame;
    return { sa: turn.state.address, da: from, keyIndex, dh, services, response: true, failure, snf };
  }

  function answerFailure(under: HeldKey, check: Check): void {
    const head = headOf(
      FAILURE_OF[check],
      frame.services === 'enc' ? frame.snf : turn.line(from, lineName(under)).expected,
    );
    turn.emit({ kind: 'transmit', to: from, octets: sealFailure(suiteOfKey(under, true), head, frame.body) });
  }
}

/** Whether this node's memory may be older than the request: then the peer is asked first ({@link Line.isCurrent}). */
function isInDoubt(turn: Turn, { sa, services }: SecureFrame, key: HeldKey): boolean {
  // Under the serial key a run is authenticated, and nothing enciphered.
  if (turn.state.settings.profile !== 'hardened' || services === 'enc' || key.keyIndex === KEY_INDEX.serial)
    return false;
  return !turn.line(sa, lineName(key)).isCurrent;
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
