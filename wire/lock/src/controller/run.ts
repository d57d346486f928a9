import { equalSecret } from '@cardea/kit-octets';
import { Secret } from '@cardea/kit-runtime';
import type { BindingRecord, ControllerInput } from '@cardea/wire-profile';
import { CHANNEL } from '../gatt.ts';
import { encodeConfirmS, lockIdOf, type M1, openM2, sealM1, stageBKey, transcriptHash } from '../key-agreement.ts';
import { advertisementKey, keySchedule } from '../key-schedule.ts';
import type { Refusal } from '../refusal.ts';
import type { SessionKeys } from './session-keys.ts';
import {
  ASK_AGAIN_MS,
  type Candidate,
  CONFIRMATION_MS,
  type ControllerState,
  type Job,
  RUN_MS,
  RUNS_MAX,
  type RunState,
} from './state.ts';
import { failed, type Turn } from './turn.ts';

/** RS(16), seed(16), the IV of stage A(16). */
const RANDOM_SIZE_OCTETS = 48;

/**
 * The keys to try for a job, in order: the pending one first, for the lock had it before we stored it and has dropped
 * the old one if our confirmation came through. Binding afresh comes last, under Kdev.
 */
function candidates(state: ControllerState, job: Job): readonly Candidate[] {
  const { record, identity } = state;
  const resetCount = record?.resetCount ?? 0;
  const keyVersion = record?.keyVersion ?? 0;
  const list: Candidate[] = [];
  if (record?.pending !== undefined) {
    list.push({ run: 'session', slot: 'pending', psk: record.pending, keyVersion, resetCount });
  }
  if (job.goal.kind === 'bind') {
    // A key that was offered and never confirmed keeps its number: the next one takes its place at the lock, too.
    const next = record?.pending === undefined ? keyVersion + 1 : keyVersion;
    list.push({ run: 'bind', slot: 'factory', psk: identity.factoryKey, keyVersion: next, resetCount });
  } else if (record?.active !== undefined) {
    const version = record.pending === undefined ? keyVersion : keyVersion - 1;
    list.push({ run: 'session', slot: 'active', psk: record.active, keyVersion: version, resetCount });
  }
  return list;
}

/** Whether the record holds any key for a session. */
export function isBound(record: BindingRecord | undefined): boolean {
  return record?.active !== undefined || record?.pending !== undefined;
}

/** Begins a run for the job that is worked on, under its candidate; ends the job when there is none left. */
export function startRun(turn: Turn, job: Job): void {
  const list = candidates(turn.state, job);
  const candidate = list[job.candidate];
  if (candidate === undefined || job.runs >= RUNS_MAX) {
    if (list.length === 0) turn.finish(job, failed('not_bound'));
    else if (candidate !== undefined) turn.finish(job, failed('no_answer'));
    else {
      turn.alarm('key_mismatch', 'the lock takes none of the keys on record');
      turn.finish(job, failed('key_mismatch'));
    }
    return;
  }
  const id = turn.id();
  turn.updateHead({ runs: job.runs + 1 });
  turn.update({
    run: {
      candidate: { ...candidate, ...job.hint },
      untilMonotonicMs: turn.nowMs + RUN_MS,
      askAgainMonotonicMs: undefined,
      stage: { kind: 'making', id },
    },
  });
  const kind = turn.state.suite === 'hardened' ? 'make-ephemeral' : 'make-random';
  turn.emit({ kind, id, sizeOctets: RANDOM_SIZE_OCTETS });
}

/** The pair and the randomness of this run: M1 leaves. */
export function receiveEphemeral(turn: Turn, made: Extract<ControllerInput, { kind: 'ephemeral' }>): void {
  const { run, jobs, identity } = turn.state;
  const [job] = jobs;
  if (run?.stage.kind !== 'making' || run.stage.id !== made.id || job === undefined) return;
  const { candidate } = run;
  const m1: M1 = {
    suite: 'hardened',
    run: candidate.run,
    pskKind: candidate.slot === 'factory' ? 'factory' : 'binding',
    keyVersion: candidate.keyVersion,
    resetCount: candidate.resetCount,
    lockId: lockIdOf(identity.identifier),
    rs: made.random.slice(0, 16),
    epkS: made.publicKey,
  };
  const seed = made.random.slice(16, 32);
  const octets = sealM1(turn.context.primitives, candidate.psk.reveal(), m1, seed, made.random.slice(32, 48));
  turn.update({
    run: {
      ...run,
      stage: { kind: 'offered', m1, m1Octets: octets, seed: new Secret(seed), privateKey: made.privateKey },
    },
  });
  sendRun(turn, job, octets);
}

/** M2: of this run or not; what proves it comes with the agreement. */
export function receiveM2(turn: Turn, octets: Uint8Array): void {
  const { run } = turn.state;
  if (run?.stage.kind !== 'offered') return;
  const { m1, m1Octets, seed, privateKey } = run.stage;
  const { primitives } = turn.context;
  const kb = stageBKey(primitives, run.candidate.psk.reveal(), seed.reveal());
  const opened = openM2(primitives, kb, m1.rs, octets);
  if (opened === undefined) return;
  const id = turn.id();
  turn.update({
    run: {
      ...run,
      stage: { kind: 'agreeing', id, m1, m1Octets, seed, privateKey, m2: opened.m2, confirmL: opened.confirmL },
    },
  });
  turn.emit({ kind: 'agree', id, privateKey, peer: opened.m2.epkL });
}

/** The shared secret: the lock has proved the key, or this M2 was touched on its way. */
export function receiveAgreed(turn: Turn, id: number, z: Uint8Array | undefined): void {
  const { run, record } = turn.state;
  if (run?.stage.kind !== 'agreeing' || run.stage.id !== id) return;
  const { m1, m1Octets, m2, confirmL, seed, privateKey } = run.stage;
  const { primitives } = turn.context;
  const keys =
    z === undefined
      ? undefined
      : keySchedule(primitives, {
          psk: run.candidate.psk.reveal(),
          z,
          transcript: transcriptHash(primitives, m1, m2),
          run: m1.run,
        });
  if (keys === undefined || !equalSecret(keys.confirmL, confirmL)) {
    // The genuine M2 may still come.
    turn.alarm('forged_message', 'an answer to a key agreement does not verify');
    turn.update({ run: { ...run, stage: { kind: 'offered', m1, m1Octets, seed, privateKey } } });
    return;
  }
  const frames: SessionKeys = { kind: 'hardened', frames: keys.frames };
  if (keys.bindingKey === undefined) {
    establish(turn, run, frames, keys.confirmS);
    return;
  }
  const stored: BindingRecord = {
    keyVersion: m1.keyVersion,
    resetCount: m1.resetCount,
    active: record?.active,
    pending: keys.bindingKey,
  };
  const write = turn.id();
  turn.update({
    record: stored,
    run: { ...run, stage: { kind: 'storing', id: write, keys: frames, confirmS: keys.confirmS } },
  });
  turn.emit({ kind: 'store', id: write, record: stored });
}

/** The new key is durable: only now may the lock make it active. */
export function receiveStored(turn: Turn, id: number): void {
  const { run } = turn.state;
  if (run?.stage.kind !== 'storing' || run.stage.id !== id) return;
  announceKey(turn);
  establish(turn, run, run.stage.keys, run.stage.confirmS);
}

/** Why the lock refuses the run: a hint by nobody in particular, so it costs one more try and nothing else. */
export function receiveRunRefusal(turn: Turn, refusal: Refusal): void {
  const { run, jobs } = turn.state;
  const [job] = jobs;
  if (run === undefined || !isOffered(run.stage) || job === undefined) return;
  switch (refusal.code) {
    case 'confirm_at_lock':
      if (run.candidate.run !== 'bind') return;
      if (run.askAgainMonotonicMs !== undefined) return;
      turn.update({
        run: {
          ...run,
          untilMonotonicMs: turn.nowMs + CONFIRMATION_MS,
          askAgainMonotonicMs: turn.nowMs + ASK_AGAIN_MS,
        },
      });
      if (job.attempt !== undefined) {
        turn.emit({ kind: 'outcome', attempt: job.attempt, outcome: { kind: 'waiting', for: 'confirmation' } });
      }
      return;
    case 'no_session':
    case 'confirmation':
      // An answer to something older than this run.
      return;
    case 'key_version':
    case 'reset_count':
      turn.update({ run: undefined });
      retryHinted(turn, job, run.candidate, refusal);
      return;
    case 'bound':
    case 'window_closed':
    case 'not_confirmed':
    case 'overwrites_spent':
      turn.update({ run: undefined });
      turn.finish(job, failed('refused'));
      return;
    case 'unsupported':
      turn.update({ run: undefined });
      turn.finish(job, failed('unsupported'));
      return;
    case 'not_bound':
    case 'binder':
    case 'point':
      turn.update({ run: undefined });
      nextCandidate(turn, job, refusal.code === 'not_bound');
      return;
  }
}

/** Sends M1 once more while somebody is to confirm at the lock: whatever came of it gets the same answer. */
export function askAgain(turn: Turn): void {
  const { run, jobs } = turn.state;
  const [job] = jobs;
  if (run === undefined || !isOffered(run.stage) || run.askAgainMonotonicMs === undefined || job === undefined) return;
  if (turn.nowMs < run.askAgainMonotonicMs) return;
  turn.update({ run: { ...run, askAgainMonotonicMs: turn.nowMs + ASK_AGAIN_MS } });
  // Short-lived, so that those that found no way to the lock do not heap up on it.
  sendRun(turn, job, run.stage.m1Octets, 2 * ASK_AGAIN_MS);
}

/** Ends a run that was not answered in time; the job, if it still lives, tries again. */
export function expireRun(turn: Turn): void {
  const { run } = turn.state;
  if (run !== undefined && turn.nowMs >= run.untilMonotonicMs) turn.update({ run: undefined });
}

/** The first authenticated answer under a new key: the old one is forgotten. */
export function commitKey(turn: Turn): void {
  const { record, session } = turn.state;
  if (session?.slot !== 'pending' || record?.pending === undefined) return;
  const committed: BindingRecord = { ...record, active: record.pending, pending: undefined };
  turn.update({ record: committed });
  turn.updateSession({ slot: 'active' });
  turn.emit({ kind: 'store', id: turn.id(), record: committed });
  announceKey(turn);
}

/** Tells by which key gateways recognise the lock; the pending one, once the lock may use it. */
export function announceKey(turn: Turn): void {
  const key = turn.state.record?.pending ?? turn.state.record?.active;
  if (key === undefined) return;
  turn.emit({
    kind: 'advertisement-key',
    key: new Secret(advertisementKey(turn.context.primitives, key.reveal())),
  });
}

function retryHinted(turn: Turn, job: Job, tried: Candidate, refusal: Refusal): void {
  if (refusal.resetCount < tried.resetCount) {
    turn.alarm('reset_count_lower', `the lock says ${refusal.resetCount}, on record is ${tried.resetCount}`);
    turn.finish(job, failed('key_mismatch'));
    return;
  }
  if (job.hint !== undefined) {
    nextCandidate(turn, job, false);
    return;
  }
  // A new key's number is ours to choose, as long as it is above what the lock holds.
  const keyVersion = tried.run === 'bind' ? Math.max(tried.keyVersion, refusal.keyVersion + 1) : refusal.keyVersion;
  turn.updateHead({ hint: { keyVersion, resetCount: refusal.resetCount } });
}

function nextCandidate(turn: Turn, job: Job, notBound: boolean): void {
  const next = job.candidate + 1;
  if (notBound && candidates(turn.state, job)[next] === undefined) turn.finish(job, failed('not_bound'));
  else turn.updateHead({ candidate: next, hint: undefined });
}

/** M1 is out and its M2 awaited. */
function isOffered(
  stage: RunState['stage'],
): stage is Extract<RunState['stage'], { kind: 'offered' | 'legacy-offered' }> {
  return stage.kind === 'offered' || stage.kind === 'legacy-offered';
}

/** The lock has answered the run: its keys are the session's. `confirmS` tells it so, where the suite has one. */
export function establish(turn: Turn, run: RunState, keys: SessionKeys, confirmS: Uint8Array | undefined): void {
  const [job] = turn.state.jobs;
  turn.update({ run: undefined });
  if (job === undefined) return;
  turn.updateHead({ agreed: true, candidate: 0, hint: undefined });
  turn.update({
    session: {
      keys,
      slot: run.candidate.slot === 'active' ? 'active' : 'pending',
      startedMonotonicMs: turn.nowMs,
      lastCounter: 0,
      clock: undefined,
      measured: turn.state.session?.measured,
      nonce: undefined,
      chainParts: undefined,
      stampsRefused: false,
      setTimeMonotonicMs: undefined,
    },
  });
  if (confirmS !== undefined) sendRun(turn, job, encodeConfirmS(confirmS));
}

/** A message of key agreement leaves for the lock, on behalf of its job. */
export function sendRun(turn: Turn, job: Job, octets: Uint8Array, lifeMs: number = Number.POSITIVE_INFINITY): void {
  if (turn.unixMs >= job.expiresAtMs) return;
  const expiresAtMs = Math.min(job.expiresAtMs, turn.unixMs + lifeMs);
  const channel = job.goal.kind === 'bind' ? CHANNEL.binding : CHANNEL.lock;
  turn.emit({ kind: 'send', channel, octets, expiresAtMs, attempt: job.attempt });
}
