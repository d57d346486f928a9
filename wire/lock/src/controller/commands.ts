import type { FailureReason, LockAttributes, Outcome, Receipt } from '@cardea/wire-profile';
import type { Answer, ReceiptAnswer, ResultCode } from '../answer.ts';
import { CHANNEL } from '../gatt.ts';
import { encodeRequest, requestId } from '../request.ts';
import { COUNTER_MAX } from '../sealed-frame.ts';
import {
  askStepBack,
  canStamp,
  distrustsItsClock,
  driftOf,
  isDrift,
  measure,
  measuredClock,
  mendClock,
  offsetS,
  stampS,
  timeRefusal,
} from './clock.ts';
import { type Command, freshNonce, GET_NONCE, setTime, stampedCommand } from './command.ts';
import { legacyCommand, legacyNextCounter, legacyUnheardMs } from './legacy-commands.ts';
import { commitKey, isBound, startRun } from './run.ts';
import { answerCounter, openAnswer, sealCommand } from './session-keys.ts';
import { COMMANDS_MAX, type Flight, type Job, SESSION_MAX_MS, type Session } from './state.ts';
import { failed, type Turn } from './turn.ts';

/** Brings the first job as far as it goes now: an agreement, a nonce, or its command. One thing is under way at a time. */
export function advance(turn: Turn): void {
  for (;;) {
    turn.update({ jobs: turn.state.jobs.filter((job) => job.expiresAtMs > turn.unixMs) });
    const { flight, run, jobs } = turn.state;
    const [job] = jobs;
    if (flight !== undefined && flight.job.expiresAtMs <= turn.unixMs) {
      turn.setAside(flight);
      continue;
    }
    if (flight !== undefined && turn.nowMs >= legacyUnheardMs(flight)) {
      turn.setAside(flight);
      continue;
    }
    if (job === undefined) {
      // A run serves a job; its M2 would find nobody to be confirmed for.
      if (run !== undefined) turn.update({ run: undefined });
      return;
    }
    if (flight !== undefined || run !== undefined) return;
    const session = liveSession(turn);
    if (session === undefined || (job.goal.kind === 'bind' && !job.agreed)) {
      if (job.attempt === undefined) turn.finish(job, failed('no_answer'));
      else if (job.goal.kind !== 'bind' && !isBound(turn.state.record)) turn.finish(job, failed('not_bound'));
      else startRun(turn, job);
      continue;
    }
    const offset = movesBolt(job) ? driftOf(session) : undefined;
    if (offset !== undefined) {
      turn.finish(job, { kind: 'failed', reason: 'clock_drift', receipt: undefined, clockOffsetS: offset });
      mendClock(turn);
      continue;
    }
    if (job.commands >= COMMANDS_MAX) {
      turn.finish(job, failed('refused'));
      continue;
    }
    const next = turn.state.suite === 'hardened' ? nextCommand(turn, session, job) : legacyCommand(turn, session, job);
    send(turn, session, job, next);
  }
}

const movesBolt = ({ goal }: Job): boolean => goal.kind === 'operate' && goal.operation !== 'status';

/** Drops the keys of a session that is over while nothing uses it. */
export function expireSession(turn: Turn): void {
  if (turn.state.jobs.length === 0 && turn.state.flight === undefined) liveSession(turn);
}

/** The session, unless it is over: 24 hours, or its counters spent. */
function liveSession(turn: Turn): Session | undefined {
  const { session } = turn.state;
  if (session === undefined) return undefined;
  const over = turn.nowMs >= session.startedMonotonicMs + SESSION_MAX_MS || session.lastCounter >= COUNTER_MAX;
  if (over) turn.update({ session: undefined });
  return over ? undefined : session;
}

/** What a job needs next, by what the session knows of the lock's clock. */
function nextCommand(turn: Turn, session: Session, job: Job): Command {
  const { goal } = job;
  const { measured } = session;
  const nonce = freshNonce(turn, session);
  switch (goal.kind) {
    case 'operate':
    case 'bind': {
      const operation = goal.kind === 'bind' ? 'status' : goal.operation;
      const commandClass = goal.kind === 'bind' ? 'operate' : goal.class;
      const leftS = Math.max(1, Math.floor((job.expiresAtMs - turn.unixMs) / 1000));
      const timeToLiveS = Math.min(goal.kind === 'bind' ? 30 : goal.timeToLiveS, leftS, 255);
      if (measured !== undefined && canStamp(session, turn.nowMs)) {
        const body = { name: 'lock_control', operation, timeToLiveS, stampS: stampS(measured, turn.unixMs) } as const;
        return { class: commandClass, body, final: true };
      }
      if (nonce === undefined) return GET_NONCE;
      const body = { name: 'nonce_fresh_lock_control', operation, nonce, timeToLiveS } as const;
      return { class: commandClass, body, final: true };
    }
    case 'chain-head':
      return { class: 'operate', body: { name: 'chain_head' }, final: true };
    case 'set-time':
      return nonce === undefined ? GET_NONCE : setTime(turn, nonce, goal.stepBack, true);
    case 'unbind':
    case 'access-change':
    case 'event-ack':
      if (session.clock === 'valid' && measured !== undefined) {
        return stampedCommand(turn, goal, stampS(measured, turn.unixMs));
      }
      return nonce === undefined ? GET_NONCE : setTime(turn, nonce, false, false);
  }
}

function send(turn: Turn, session: Session, job: Job, command: Command): void {
  const counter = session.keys.kind === 'legacy' ? legacyNextCounter(turn) : session.lastCounter + 1;
  const { channel, octets } = sealCommand(session.keys, counter, encodeRequest(command.class, command.body));
  const usesNonce = command.body.name === 'set_time' || command.body.name === 'nonce_fresh_lock_control';
  turn.updateHead({ commands: job.commands + 1 });
  if (session.keys.kind === 'legacy') turn.update({ legacyCounter: counter });
  turn.updateSession({ lastCounter: counter, nonce: usesNonce ? undefined : session.nonce });
  turn.update({
    flight: {
      job,
      body: command.body,
      final: command.final,
      counter,
      keys: session.keys,
      sentAtMs: turn.unixMs,
      sentMonotonicMs: turn.nowMs,
    },
  });
  const { expiresAtMs, attempt } = job;
  if (command.ahead !== undefined) {
    turn.emit({ kind: 'send', channel: CHANNEL.lock, octets: command.ahead, expiresAtMs, attempt });
  }
  turn.emit({ kind: 'send', channel, octets, expiresAtMs, attempt });
  if (command.final && job.attempt !== undefined) turn.emit({ kind: 'sent', attempt: job.attempt });
}

/** An answer: to the command under way, late to an earlier one, or a copy. @throws LockError when it is malformed */
export function receiveAnswer(turn: Turn, message: Uint8Array): void {
  const counter = answerCounter(turn.state.suite, message);
  const { flight, aside } = turn.state;
  if (flight?.counter === counter) {
    const answer = openAnswer(flight.keys, message, requestId(flight.body.name));
    if (answer !== undefined) {
      turn.update({ flight: undefined });
      take(turn, flight, answerTo(flight, answer), message);
      return;
    }
  }
  for (const late of aside) {
    const answer = late.counter === counter ? openAnswer(late.keys, message, requestId(late.body.name)) : undefined;
    if (answer === undefined) continue;
    turn.update({ aside: turn.state.aside.filter((each) => each !== late) });
    takeLate(turn, late, answerTo(late, answer), message);
    return;
  }
  // A copy of a receipt that was taken opens under the session's keys; so does nothing that was forged.
  const session = turn.state.session;
  if (session === undefined || flight?.counter !== counter) return;
  if (openAnswer(session.keys, message, requestId(flight.body.name)) === undefined) {
    turn.alarm('forged_message', 'a receipt does not verify');
  }
}

function answerTo(flight: Flight, answer: Answer): Answer | undefined {
  return answer.kind === 'receipt' && answer.result === 'done' && flight.body.name === 'get_nonce' ? undefined : answer;
}

function take(turn: Turn, flight: Flight, answer: Answer | undefined, frame: Uint8Array): void {
  commitKey(turn);
  const job = turn.state.jobs.find((each) => each.number === flight.job.number);
  if (answer === undefined) return;
  const news = measure(turn, flight, answer);
  if (answer.kind === 'time') {
    turn.updateSession({ nonce: { octets: answer.nonce, arrivedMonotonicMs: turn.nowMs } });
  } else {
    tellState(turn, flight, answer);
  }
  if (job !== undefined) {
    const drift = answer.kind === 'time' && job.goal.kind === 'operate' && isDrift(turn, answer, news);
    if (drift) turn.finish(job, refusedForTime('clock_drift', answer, turn));
    else if (answer.kind === 'time' && distrustsItsClock(turn, flight, answer, news)) {
      turn.updateSession({ stampsRefused: true });
    } else if (answer.kind === 'time' && flight.body.name !== 'get_nonce' && flight.final) {
      turn.finish(job, refusedForTime(timeRefusal(answer, news), answer, turn));
    } else if (answer.kind === 'receipt' && (flight.final || answer.result !== 'done')) {
      conclude(turn, flight, job, answer, frame);
    }
  }
  mendClock(turn);
}

/** Nobody waits for it any more, but it is the truth: the attempt learns its outcome, the door its state. */
function takeLate(turn: Turn, flight: Flight, answer: Answer | undefined, frame: Uint8Array): void {
  if (flight.keys === turn.state.session?.keys) commitKey(turn);
  if (answer?.kind === 'time' && flight.final && flight.job.attempt !== undefined) {
    turn.emit({ kind: 'outcome', attempt: flight.job.attempt, outcome: refusedForTime('late', answer, turn) });
  }
  if (answer?.kind !== 'receipt') return;
  tellState(turn, flight, answer);
  if (!flight.final) return;
  if (flight.body.name === 'reset' && answer.result === 'done') forgetBinding(turn);
  const outcome = outcomeOf(turn, answer, frame);
  const { jobs, flight: under } = turn.state;
  const attempt = flight.job.attempt;
  if (jobs.some((job) => job.number === flight.job.number)) {
    // It was being done again in a new session: the first time did count.
    if (under?.job.number === flight.job.number) turn.update({ flight: undefined });
    turn.update({ run: undefined });
    turn.finish(flight.job, outcome);
  } else if (attempt !== undefined) turn.emit({ kind: 'outcome', attempt, outcome });
}

function conclude(turn: Turn, flight: Flight, job: Job, answer: ReceiptAnswer, frame: Uint8Array): void {
  if (flight.body.name === 'set_time' && answer.result === 'step_back') {
    askStepBack(turn, turn.state.session?.measured?.offsetMs ?? 0);
  }
  if (flight.body.name === 'reset' && answer.result === 'done') forgetBinding(turn);
  turn.finish(job, outcomeOf(turn, answer, frame));
}

/** The lock has gone back to its factory key; its reset count has gone up by one. */
function forgetBinding(turn: Turn): void {
  const { record } = turn.state;
  if (record === undefined) return;
  const cleared = { ...record, resetCount: record.resetCount + 1, active: undefined, pending: undefined };
  turn.update({ record: cleared, session: undefined, run: undefined });
  turn.emit({ kind: 'store', id: turn.id(), record: cleared });
}

/** The lock does not know the session any more: once, a job makes a new one. */
export function sessionLost(turn: Turn): void {
  const { flight, session } = turn.state;
  if (flight === undefined || session?.keys !== flight.keys) return;
  turn.setAside(flight);
  turn.update({ session: undefined });
  const job = turn.state.jobs.find((each) => each.number === flight.job.number);
  if (job === undefined) return;
  if (flight.final && movesBolt(job)) {
    // The refusal is anybody's word: whoever forged it may be holding the receipt back. What moves the bolt is not sent
    // twice; its receipt is still looked for, and the lock is asked what has happened.
    turn.update({ jobs: turn.state.jobs.filter((each) => each.number !== job.number) });
    turn.emit({ kind: 'wants-attention' });
    return;
  }
  if (job.sessionsLost >= 1) turn.finish(job, failed('no_answer'));
  else turn.updateHead({ sessionsLost: job.sessionsLost + 1, agreed: false });
}

function tellState(turn: Turn, flight: Flight, answer: ReceiptAnswer): void {
  turn.emit({ kind: 'state', attributes: attributesOf(answer), provedAtMs: flight.sentAtMs, ...measuredClock(turn) });
}

/** What a receipt says of the door, in common objects. */
function attributesOf(answer: ReceiptAnswer): LockAttributes {
  const { bits, batteryPercent, clock } = answer;
  return {
    bolt: bits.jammed ? 'jammed' : bits.boltOut ? 'locked' : 'unlocked',
    door: bits.doorOpen ? 'open' : 'closed',
    batteryPercent,
    tamper: bits.tamper,
    privacy: bits.privacy,
    clock,
  };
}

const REASON: Readonly<Record<Exclude<ResultCode, 'done'>, FailureReason>> = {
  jammed: 'jammed',
  battery_empty: 'battery_empty',
  privacy: 'privacy',
  not_permitted: 'not_permitted',
  busy: 'busy',
  unsupported: 'unsupported',
  step_back: 'refused',
  below_floor: 'refused',
  failed: 'refused',
  full: 'full',
  superseded: 'superseded',
  lockdown: 'lockdown',
  // Of keys and PINs only: no command is answered so.
  expired: 'refused',
  revoked: 'refused',
  outside_schedule: 'refused',
  spent: 'refused',
  clock: 'refused',
};

function outcomeOf(turn: Turn, answer: ReceiptAnswer, frame: Uint8Array): Outcome {
  const receipt: Receipt = {
    attributes: attributesOf(answer),
    eventSequence: answer.eventSequence,
    lockTimeS: answer.lockTimeS,
    clockOffsetS: offsetS(answer, turn.unixMs),
    frame,
  };
  if (answer.result === 'done') return { kind: 'succeeded', receipt };
  return { kind: 'failed', reason: REASON[answer.result], receipt, clockOffsetS: undefined };
}

function refusedForTime(reason: FailureReason, answer: Answer, turn: Turn): Outcome {
  return { kind: 'failed', reason, receipt: undefined, clockOffsetS: offsetS(answer, turn.unixMs) };
}
