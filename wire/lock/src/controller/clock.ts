import type { FailureReason } from '@cardea/wire-profile';
import type { Answer } from '../answer.ts';
import { newJob } from './jobs.ts';
import {
  DRIFT_LIMIT_MS,
  DRIFT_PPM,
  type Flight,
  type Measurement,
  OFFSET_ERROR_MAX_MS,
  OWN_JOB_MS,
  SET_TIME_AGAIN_MS,
  SET_TIME_EVERY_MS,
  type Session,
} from './state.ts';
import type { Turn } from './turn.ts';

/** How much earlier than its stamp a lock takes a command. */
const EARLY_S = 2;

/** Lock time less RAS time in whole seconds, as people are told it; undefined while the lock's clock is unset. */
export function offsetS(answer: Answer, unixMs: number): number | undefined {
  // A word is the lock's time cut to whole seconds: half a second later is the best guess.
  return answer.clock === 'unset' ? undefined : Math.round(answer.lockTimeS + 0.5 - unixMs / 1000);
}

/** How wrong a measured offset may be by now, milliseconds. */
function errorMs(measured: Measurement, nowMs: number): number {
  return measured.roundTripMs + driftMs(nowMs - measured.atMonotonicMs);
}

const driftMs = (elapsedMs: number): number => (elapsedMs * DRIFT_PPM) / 1e6;

/** What is known of the lock's clock, for the record: the offset and how wrong it may be, seconds to a tenth. */
export function measuredClock(turn: Turn): { readonly clockOffsetS?: number; readonly clockErrorS?: number } {
  const measured = turn.state.session?.measured;
  if (measured === undefined) return {};
  // The middle of the second that the lock's word was cut to; what rounding to a tenth adds is in the error.
  return {
    clockOffsetS: Math.round((measured.offsetMs + 500) / 100) / 10,
    clockErrorS: Math.ceil((errorMs(measured, turn.nowMs) + 500 + 50) / 100) / 10,
  };
}

/** Whether a bolt command may be stamped in the lock's time: its clock is valid and our idea of it is within 2 s. */
export function canStamp(session: Session, nowMs: number): boolean {
  return (
    session.clock === 'valid' &&
    !session.stampsRefused &&
    session.measured !== undefined &&
    errorMs(session.measured, nowMs) <= OFFSET_ERROR_MAX_MS
  );
}

/**
 * The offset in seconds of a valid clock that is known to be over 60 s off: until it is set, no bolt is moved by it, for
 * the lock would judge every window of time by it too.
 */
export function driftOf({ clock, measured }: Session): number | undefined {
  if (clock !== 'valid' || measured === undefined) return undefined;
  return Math.abs(measured.offsetMs) > DRIFT_LIMIT_MS ? Math.round((measured.offsetMs + 500) / 1000) : undefined;
}

/** The lock's time as we know it, whole Unix seconds: never later than it is. */
export function stampS(measured: Measurement, unixMs: number): number {
  return Math.max(0, Math.floor((unixMs + measured.offsetMs) / 1000));
}

/** What an answer told about the lock's clock, compared with what was known. */
export interface ClockNews {
  /** Known before and further off now than drift explains. */
  readonly jumped: boolean;
  readonly before: Measurement | undefined;
}

/**
 * Takes the measurement of an answer of the live session: lock time less our time at its arrival, so that a delay can
 * only make it too low and a command's life shorter. Two that differ by over 2 s beyond drift are an alarm.
 */
export function measure(turn: Turn, flight: Flight, answer: Answer): ClockNews {
  const before = turn.state.session?.measured;
  if (answer.clock === 'unset') {
    turn.updateSession({ clock: answer.clock, measured: undefined });
    return { jumped: false, before };
  }
  const measured: Measurement = {
    offsetMs: answer.lockTimeS * 1000 - turn.unixMs,
    roundTripMs: turn.nowMs - flight.sentMonotonicMs,
    atMonotonicMs: turn.nowMs,
  };
  const wasSet = flight.body.name === 'set_time' && answer.kind === 'receipt' && answer.result === 'done';
  if (wasSet) {
    // Half the round trip is in the error that the lock counts with, beside its own second.
    turn.update({ clockSetMonotonicMs: turn.nowMs });
    turn.updateSession({ stampsRefused: measured.roundTripMs > OFFSET_ERROR_MAX_MS });
  }
  const allowedMs = before === undefined ? 0 : OFFSET_ERROR_MAX_MS + driftMs(turn.nowMs - before.atMonotonicMs);
  const apart = before !== undefined && !wasSet && Math.abs(measured.offsetMs - before.offsetMs) > allowedMs;
  if (apart) {
    turn.alarm(
      'clock_jump',
      `offset ${seconds(before.offsetMs)} s, now ${seconds(measured.offsetMs)} s after ${seconds(measured.roundTripMs)} s`,
    );
  }
  // Too low by no more than the answer was under way: a delay, which says nothing about the clock.
  const lowMs = before === undefined ? 0 : before.offsetMs - measured.offsetMs;
  const jumped = apart && !(lowMs > 0 && lowMs <= measured.roundTripMs + OFFSET_ERROR_MAX_MS);
  const better = before === undefined || jumped || measured.roundTripMs <= errorMs(before, turn.nowMs);
  turn.updateSession({ clock: answer.clock, measured: better || wasSet ? measured : before });
  return { jumped, before };
}

/**
 * Whether the lock refused a stamped command though its clock stood within the command's window: then it is the error of
 * that clock that it does not trust to 2 s. It has refused for good; the same may be asked with the nonce that came along.
 */
export function distrustsItsClock(turn: Turn, flight: Flight, answer: Answer, news: ClockNews): boolean {
  const { body } = flight;
  if (turn.state.suite !== 'hardened' || body.name !== 'lock_control' || answer.clock !== 'valid') return false;
  if (news.before === undefined || news.jumped) return false;
  return answer.lockTimeS >= body.stampS - EARLY_S && answer.lockTimeS <= body.stampS + body.timeToLiveS;
}

/** Why the lock refused a command for its time. */
export function timeRefusal(answer: Answer, news: ClockNews): FailureReason {
  if (answer.clock !== 'valid') return 'clock_uncertain';
  return news.jumped || news.before === undefined ? 'clock_drift' : 'late';
}

/** A valid clock that is far off, and not known to be: the attempt that finds it out fails for it. */
export function isDrift(turn: Turn, answer: Answer, news: ClockNews): boolean {
  if (answer.clock !== 'valid') return false;
  const offset = turn.state.session?.measured?.offsetMs ?? 0;
  return Math.abs(offset) > DRIFT_LIMIT_MS && (news.before === undefined || news.jumped);
}

/** Sets the clock of the machine's own accord when it is not valid or off; a step back of over 60 s is asked for. */
export function mendClock(turn: Turn): void {
  const { session, jobs, stepBackTold, clockSetMonotonicMs } = turn.state;
  if (
    session?.clock === undefined ||
    setsClockItself(turn, session) ||
    jobs.some((job) => job.goal.kind === 'set-time')
  )
    return;
  const { measured, setTimeMonotonicMs } = session;
  const offsetMs = measured?.offsetMs ?? 0;
  const slackMs = OFFSET_ERROR_MAX_MS + 1000;
  const off = offsetMs > slackMs || offsetMs + (measured?.roundTripMs ?? 0) < -slackMs;
  const old = clockSetMonotonicMs !== undefined && turn.nowMs - clockSetMonotonicMs >= SET_TIME_AGAIN_MS;
  if (session.clock === 'valid' && !off && !session.stampsRefused && !old) {
    if (stepBackTold) turn.update({ stepBackTold: false });
    return;
  }
  if (session.clock !== 'unset' && offsetMs > DRIFT_LIMIT_MS) {
    askStepBack(turn, offsetMs);
    return;
  }
  if (setTimeMonotonicMs !== undefined && turn.nowMs - setTimeMonotonicMs < SET_TIME_EVERY_MS) return;
  turn.updateSession({ setTimeMonotonicMs: turn.nowMs });
  const job = newJob(turn, { kind: 'set-time', stepBack: false }, undefined, turn.unixMs + OWN_JOB_MS);
  turn.update({ jobs: [...turn.state.jobs, job] });
}

/** Asks an operator, once, whether the clock may go back that far. */
export function askStepBack(turn: Turn, offsetMs: number): void {
  if (turn.state.stepBackTold) return;
  turn.update({ stepBackTold: true });
  turn.alarm('clock_step_back_needs_confirmation', `the lock's clock is ${seconds(offsetMs)} s ahead`);
}

const seconds = (ms: number): string => (ms / 1000).toFixed(1);

/** The legacy job that is under way sets a clock that is not valid before its own command. */
function setsClockItself(turn: Turn, session: Session): boolean {
  return turn.state.suite === 'legacy' && session.clock !== 'valid' && turn.state.jobs.length > 0;
}
