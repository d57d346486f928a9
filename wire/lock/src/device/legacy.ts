import { equal } from '@cardea/kit-octets';
import { Secret } from '@cardea/kit-runtime';
import { LockError } from '../errors.ts';
import { CHANNEL } from '../gatt.ts';
import { decodeM1Head, stageBKey } from '../key-agreement.ts';
import {
  LEGACY_FRAME_SIZE_OCTETS,
  LEGACY_M1_SIZE_OCTETS,
  legacyKeys,
  openLegacyFrame,
  openLegacyM1,
  sealLegacyM2,
} from '../legacy.ts';
import { type DecodedRequest, decodeRequest } from '../request.ts';
import { CONFIRMATION_MS, RUN_MS, refusalOf, slotOf } from './binding.ts';
import type { KeySlot } from './durable.ts';
import { recordEvent } from './events.ts';
import { executeRequest } from './frames.ts';
import { ACCEPTED_KEPT, liveSession, startSession, updateSession } from './session.ts';
import type { LegacyRun, Target } from './state.ts';
import type { Work } from './work.ts';

/**
 * The legacy profile's device: the same rules of binding and the same commands, on the seed's own stages and frame.
 *
 *     waiting --button or code--> making --ephemeral--> storing --persisted--> the session (bind)
 *                        (session starts here)                `---------------^ (session)
 *
 * Its stage B is kept for a while: the same M1 gets it again, and costs nothing.
 */

/** RL(16), the IV of stage B(16), the seed of nonces(32). */
const RANDOM_SIZE_OCTETS = 64;
/** Frames that fail the XOR check before the lock begins to wait, */
const FREE_FAILURES = 3;
/** twice as long after each, up to this. */
const LOCK_OUT_MAX_MS = 5 * 60_000;

/** Stage A. Nothing in it proves its sender: that is what makes the profile weak. */
export function receiveLegacyM1(work: Work, link: number, channel: number, octets: Uint8Array): void {
  const running = work.state.legacyRun;
  if (running?.kind === 'waiting' && equal(running.m1Octets, octets)) {
    work.refuse(link, channel, 'confirm_at_lock');
    return;
  }
  if (running?.kind === 'answered' && equal(running.m1Octets, octets)) {
    work.send(link, channel, running.m2Octets);
    return;
  }
  if (octets.length !== LEGACY_M1_SIZE_OCTETS) throw new LockError('length', 'a legacy M1 has 61 octets');
  const head = decodeM1Head(octets);
  const refusal = refusalOf(work, head);
  if (refusal !== undefined) {
    work.refuse(link, channel, refusal);
    return;
  }
  endLegacyWaiting(work);
  const base = { link, channel, m1Octets: octets };
  if (head.run === 'session') {
    begin(work, base);
    return;
  }
  work.update({ legacyRun: { ...base, kind: 'waiting', untilMs: work.nowMs + CONFIRMATION_MS } });
  work.emit({ kind: 'confirmation-wanted', wanted: true });
  work.refuse(link, channel, 'confirm_at_lock');
}

/** Somebody at the lock confirms the binding that waits. */
export function confirmLegacyAtLock(work: Work): void {
  const run = work.state.legacyRun;
  if (run?.kind !== 'waiting') return;
  endLegacyWaiting(work);
  begin(work, run);
}

/** The randomness of this run: keys, and stage B once a new key is durable. */
export function receiveLegacyRandom(work: Work, id: number, random: Uint8Array): void {
  const run = work.state.legacyRun;
  if (run?.kind !== 'making' || run.id !== id) return;
  const { identity, record } = work.state;
  const { primitives } = work.context;
  const head = decodeM1Head(run.m1Octets);
  const slot = head.run === 'bind' ? undefined : slotOf(work, head.keyVersion);
  const psk = (slot?.key ?? identity.factoryKey).reveal();
  const { rs, seed } = openLegacyM1(primitives, psk, run.m1Octets);
  const rl = random.slice(0, 16);
  const keys = legacyKeys(primitives, psk, rs, rl, identity.identifier);
  const m2Octets = sealLegacyM2(primitives, stageBKey(primitives, psk, seed), rs, rl, random.slice(16, 32), 0);
  const proves: KeySlot = slot ?? { keyVersion: head.keyVersion, key: new Secret(keys.bind) };
  const offered = {
    ...{ link: run.link, channel: run.channel, m1Octets: run.m1Octets, untilMs: run.untilMs, m2Octets, proves },
    key: primitives.aes(keys.session),
    nonceSeed: new Secret(random.slice(32)),
  };
  if (slot !== undefined) {
    offer(work, { ...offered, kind: 'storing', id: 0 });
    return;
  }
  if (record.pending !== undefined) work.update({ overwrites: work.state.overwrites + 1 });
  const write = work.saveRecord({ pending: proves }, { kind: 'offer' });
  work.update({ legacyRun: { ...offered, kind: 'storing', id: write } });
}

/** The pending key is in flash: stage B may leave. */
export function legacyOfferStored(work: Work, id: number): void {
  const run = work.state.legacyRun;
  if (run?.kind === 'storing' && run.id === id) offer(work, run);
}

/** A raw frame: counter, XOR, a known instruction, class, time. Its counter is in flash before it is executed. */
export function receiveLegacyFrame(work: Work, link: number, frame: Uint8Array): void {
  if (frame.length !== LEGACY_FRAME_SIZE_OCTETS) throw new LockError('length', 'a legacy frame has 20 octets');
  const session = liveSession(work);
  if (session?.keys.kind !== 'legacy') {
    work.refuse(link, CHANNEL.lock, 'no_session');
    return;
  }
  if (work.nowMs < work.state.legacyWaitMs) return;
  const { counter, plaintext } = openLegacyFrame(session.keys.key, frame);
  if (counter <= work.state.record.legacyCounter) {
    const before = session.accepted.find((each) => equal(each.frame, frame));
    if (before?.receipt !== undefined) work.send(link, CHANNEL.raw, before.receipt);
    return;
  }
  const decoded = decodePlaintext(plaintext);
  if (decoded?.kind !== 'request') {
    failed(work);
    return;
  }
  updateSession(work, {
    link,
    channel: CHANNEL.raw,
    lastCounter: counter,
    accepted: [...session.accepted, { counter, frame, receipt: undefined }].slice(-ACCEPTED_KEPT),
  });
  const target: Target = { session: session.number, counter, link, channel: CHANNEL.raw, id: decoded.id };
  const { proves } = session.keys;
  const { active, pending } = work.state.record;
  const keys = proves !== active && proves === pending ? { active: proves, pending: undefined } : {};
  work.update({ legacyFailures: 0 });
  if (proves !== active && proves === pending) recordEvent(work, 'bound', 0, 0);
  work.saveRecord({ legacyCounter: counter, ...keys }, { kind: 'execute', target, request: decoded.request });
}

/** The counter is durable: the command may run. */
export function legacyCounterStored(work: Work, target: Target, request: Parameters<typeof executeRequest>[2]): void {
  if (work.state.session?.number === target.session) executeRequest(work, target, request);
}

/** When the legacy run is over. */
export function legacyRunDueMs(work: Work): number | undefined {
  return work.state.legacyRun?.untilMs;
}

/** Ends a legacy run that took too long. */
export function expireLegacyRun(work: Work): void {
  const run = work.state.legacyRun;
  if (run === undefined || work.nowMs < run.untilMs) return;
  endLegacyWaiting(work);
  work.update({ legacyRun: undefined });
  if (run.kind === 'waiting') work.refuse(run.link, run.channel, 'not_confirmed');
}

function endLegacyWaiting(work: Work): void {
  if (work.state.legacyRun?.kind === 'waiting') work.emit({ kind: 'confirmation-wanted', wanted: false });
}

function begin(work: Work, base: Pick<LegacyRun, 'link' | 'channel' | 'm1Octets'>): void {
  const id = work.id();
  const { link, channel, m1Octets } = base;
  work.update({ legacyRun: { kind: 'making', id, untilMs: work.nowMs + RUN_MS, link, channel, m1Octets } });
  work.emit({ kind: 'make-random', id, sizeOctets: RANDOM_SIZE_OCTETS });
}

/** There is no confirmation: the session begins with stage B, and the first good frame proves the pending key. */
function offer(work: Work, run: Extract<LegacyRun, { kind: 'storing' }>): void {
  startSession(work, { ...run, keys: { kind: 'legacy', key: run.key, proves: run.proves } });
  const { link, channel, m1Octets, m2Octets } = run;
  work.update({
    legacyRun: { kind: 'answered', link, channel, m1Octets, m2Octets, untilMs: work.nowMs + RUN_MS },
  });
  work.send(link, channel, m2Octets);
}

/** Growing waits: an 8-bit check cannot stand being asked often. */
function failed(work: Work): void {
  const failures = work.state.legacyFailures + 1;
  const waitMs = failures <= FREE_FAILURES ? 0 : Math.min(LOCK_OUT_MAX_MS, 1000 * 2 ** (failures - FREE_FAILURES - 1));
  work.update({ legacyFailures: failures, legacyWaitMs: work.nowMs + waitMs });
}

function decodePlaintext(plaintext: Uint8Array): DecodedRequest | undefined {
  try {
    return decodeRequest(plaintext);
  } catch (error) {
    if (error instanceof LockError) return undefined;
    throw error;
  }
}
