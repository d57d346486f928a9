import type { ClockState, ResultCode } from '../answer.ts';
import { LEGACY_WINDOW_S } from '../legacy.ts';
import type { Work } from './work.ts';

/** How far a lock's crystal may run off, in parts per million: what the error grows by after SET_TIME. */
export const CLOCK_DRIFT_PPM = 20;
/** Above this error a bolt command must be the nonce-fresh one. */
export const BOLT_ERROR_MAX_MS = 2_000;
/** How much earlier than its stamp a command may come. */
export const EARLY_MAX_MS = 2_000;
/** Above this error the clock is uncertain. */
export const VALID_ERROR_MAX_MS = 5 * 60_000;
/** A step back of more wants an operator's confirmation. */
export const STEP_BACK_MAX_MS = 60_000;
/** How often the floor is saved. */
export const FLOOR_SAVE_MS = 10 * 60_000;
/** What SET_TIME adds to half the round trip: its word is in whole seconds. */
const SET_TIME_MARGIN_MS = 1_000;
/** What a new time may lie below the floor, which is then taken: rounding and the RAS's own corrections. */
const FLOOR_SLACK_MS = 2_000;

/** How wrong the clock may be; undefined when nobody knows. */
export function clockErrorMs(work: Work): number | undefined {
  const { setMs, errorMs } = work.state.clock;
  if (setMs === undefined) return undefined;
  return errorMs + ((work.nowMs - setMs) * CLOCK_DRIFT_PPM) / 1e6;
}

/** Valid: the error is known and at most 5 minutes. Uncertain: after power loss. Unset: never set since the factory. */
export function clockState(work: Work): ClockState {
  if (work.state.record.timeFloorS === 0) return 'unset';
  const errorMs = clockErrorMs(work);
  return errorMs !== undefined && errorMs <= VALID_ERROR_MAX_MS ? 'valid' : 'uncertain';
}

/** The lock's time, Unix milliseconds: the hardware clock with its correction, never below the floor. */
export function lockTimeMs(work: Work): number {
  return Math.max(work.context.now.unixMs + work.state.record.clockOffsetMs, work.state.record.timeFloorS * 1000);
}

/** The lock's time as a frame carries it, Unix seconds; 0 when unset. */
export function lockTimeS(work: Work): number {
  if (clockState(work) === 'unset') return 0;
  return Math.min(0xffff_ffff, Math.max(0, Math.floor(lockTimeMs(work) / 1000)));
}

/** The newest RAS time that this lock can be sure has passed, Unix milliseconds. */
export function floorMs(work: Work): number {
  const { setMs, rasTimeMs } = work.state.clock;
  const savedMs = work.state.record.timeFloorS * 1000;
  if (setMs === undefined) return savedMs;
  return Math.max(savedMs, rasTimeMs + (work.nowMs - setMs) * (1 - CLOCK_DRIFT_PPM / 1e6));
}

/**
 * stamp - 2 s <= now <= stamp + time to live. A bolt command counts only while the clock's error is at most 2 s; what
 * moves nothing is given the error on top.
 */
export function freshByClock(work: Work, stampS: number, timeToLiveS: number, movesBolt: boolean): boolean {
  if (work.state.identity.suite === 'legacy') return freshInWindow(work, stampS);
  const errorMs = clockErrorMs(work);
  if (clockState(work) !== 'valid' || errorMs === undefined) return false;
  if (movesBolt && errorMs > BOLT_ERROR_MAX_MS) return false;
  const slackMs = movesBolt ? 0 : errorMs;
  const nowMs = lockTimeMs(work);
  return nowMs >= stampS * 1000 - EARLY_MAX_MS - slackMs && nowMs <= (stampS + timeToLiveS) * 1000 + slackMs;
}

/** The legacy profile knows no time to live: 30 s either way, whatever the clock's error. */
function freshInWindow(work: Work, stampS: number): boolean {
  return clockState(work) !== 'unset' && Math.abs(lockTimeMs(work) - stampS * 1000) <= LEGACY_WINDOW_S * 1000;
}

/** What a SET_TIME led to: the lock's time before and after, or why it was refused. */
export type ClockSet =
  | { readonly kind: 'set'; readonly beforeS: number }
  | { readonly kind: 'refused'; readonly result: Extract<ResultCode, 'step_back' | 'below_floor'> };

/**
 * Sets the clock to the RAS's time at half the round trip, which began when the nonce was issued. The caller has
 * checked the nonce. The floor goes with it into flash.
 */
export function setClock(work: Work, timeS: number, stepBack: boolean, roundTripMs: number): ClockSet {
  const halfMs = roundTripMs / 2;
  const wantedMs = timeS * 1000 + halfMs;
  const beforeMs = lockTimeMs(work);
  const wasUnset = clockState(work) === 'unset';
  if (!wasUnset && beforeMs - wantedMs > STEP_BACK_MAX_MS && !stepBack) return { kind: 'refused', result: 'step_back' };
  const floor = floorMs(work);
  if (floor - wantedMs > FLOOR_SLACK_MS + halfMs) return { kind: 'refused', result: 'below_floor' };
  const newMs = Math.max(wantedMs, floor);
  const beforeS = lockTimeS(work);
  work.update({
    // What the floor has raised it by may be wrong, too.
    clock: { setMs: work.nowMs, errorMs: halfMs + SET_TIME_MARGIN_MS + newMs - wantedMs, rasTimeMs: timeS * 1000 },
    floorSavedMs: work.nowMs,
  });
  work.saveRecord(
    {
      clockOffsetMs: Math.round(newMs - work.context.now.unixMs),
      timeFloorS: Math.max(work.state.record.timeFloorS, timeS),
    },
    { kind: 'nothing' },
  );
  return { kind: 'set', beforeS };
}

/** When the floor is to be saved next, or undefined while the clock is not set. */
export function floorDueMs(work: Work): number | undefined {
  return work.state.clock.setMs === undefined ? undefined : work.state.floorSavedMs + FLOOR_SAVE_MS;
}

/** Saves the floor every 10 minutes: after power loss the lock's time does not begin before it. */
export function saveFloor(work: Work): void {
  const dueMs = floorDueMs(work);
  if (dueMs === undefined || work.nowMs < dueMs) return;
  work.update({ floorSavedMs: work.nowMs });
  work.saveRecord({ timeFloorS: Math.floor(floorMs(work) / 1000) }, { kind: 'nothing' });
}
