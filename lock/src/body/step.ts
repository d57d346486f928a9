import type { Step } from '@cardea/kit-runtime';
import type { BoltOperation } from '@cardea/wire-profile';
import {
  type ActResult,
  BATTERY_LOW_PERCENT,
  BATTERY_REPLACED_PERCENT,
  type BodyEffect,
  type BodyInput,
  type BodyState,
  type Motion,
  RELOCK_AFTER_CLOSING_MS,
} from './state.ts';

type BodyStep = Step<BodyState, BodyEffect>;

/**
 * The mechanics as a pure machine. `nowMs` is monotonic; {@link bodyWakesAtMs} says when it wants to be woken.
 *
 *     resting --act--> moving --travel time--> resting (bolt there, or jammed)
 *        `---- relock time, door shut -----^
 */
export function stepBody(nowMs: number, state: BodyState, input: BodyInput): BodyStep {
  switch (input.kind) {
    case 'act':
      return act(nowMs, state, input.operation, input.token);
    case 'configure':
      return to({
        ...state,
        autoRelockMs: input.autoRelockS * 1_000,
        heldOpenMs: input.heldOpenS * 1_000,
        relockAtMs: input.autoRelockS === 0 ? undefined : state.relockAtMs,
        heldOpenAtMs: input.heldOpenS === 0 ? undefined : state.heldOpenAtMs,
      });
    case 'door':
      return door(nowMs, state, input.open);
    case 'knob':
      return knob(nowMs, state, input.operation);
    case 'privacy':
      return to({ ...state, privacy: input.on });
    case 'tamper':
      return input.on && !state.tamper
        ? to({ ...state, tamper: true }, happened('tamper'))
        : to({ ...state, tamper: input.on });
    case 'battery':
      return battery(state, input.percent);
    case 'block':
      return to({ ...state, blocked: input.on });
    case 'powered-on':
      return to({ ...state, motion: undefined, relockAtMs: relockTime(nowMs, state) });
    case 'wake':
      return wake(nowMs, state);
  }
}

/** When the body wants its next `wake`, monotonic; undefined when nothing is due. */
export function bodyWakesAtMs(state: BodyState): number | undefined {
  const times = [state.motion?.endsAtMs, state.relockAtMs, state.heldOpenAtMs].filter((time) => time !== undefined);
  return times.length === 0 ? undefined : Math.min(...times);
}

function act(nowMs: number, state: BodyState, operation: BoltOperation, token: number): BodyStep {
  const refuse = (result: ActResult): BodyStep => to(state, { kind: 'acted', token, result });
  if (state.batteryPercent === 0) return refuse('battery_empty');
  if (operation === 'unlock' && state.privacy) return refuse('privacy');
  // An auto-relock on its way gives way: whoever was authorised comes first.
  const overrides = operation === 'override';
  const motion: Motion = {
    operation: overrides ? 'unlock' : operation,
    token,
    overrides,
    endsAtMs: nowMs + state.travelMs,
  };
  return to({ ...state, motion, relockAtMs: undefined });
}

function wake(nowMs: number, state: BodyState): BodyStep {
  if (state.motion !== undefined && nowMs >= state.motion.endsAtMs) return arrive(nowMs, state, state.motion);
  if (state.relockAtMs !== undefined && nowMs >= state.relockAtMs) {
    // A bolt is not thrown against an open door's frame: closing starts it again.
    const rest = { ...state, relockAtMs: undefined };
    if (state.doorOpen || state.boltOut || state.batteryPercent === 0) return to(rest);
    return to({
      ...rest,
      motion: { operation: 'lock', token: undefined, overrides: false, endsAtMs: nowMs + state.travelMs },
    });
  }
  if (state.heldOpenAtMs !== undefined && nowMs >= state.heldOpenAtMs) {
    return to({ ...state, heldOpenAtMs: undefined, heldOpenTold: true }, happened('door_held_open'));
  }
  return to(state);
}

/** The motor has stopped: the bolt is there, or it is not. */
function arrive(nowMs: number, before: BodyState, { operation, token, overrides }: Motion): BodyStep {
  const jammed = before.blocked;
  const boltOut = jammed ? before.boltOut : operation === 'lock';
  // Like the knob inside: whoever has come in by an override leaves no privacy behind.
  const privacy = before.privacy && !(overrides && !jammed);
  const moved: BodyState = { ...before, motion: undefined, jammed, boltOut, privacy };
  const state: BodyState = { ...moved, relockAtMs: relockTime(nowMs, moved) };
  if (token !== undefined) return to(state, { kind: 'acted', token, result: jammed ? 'jammed' : 'done' });
  return to(
    // A jammed relock is not tried again by itself: the motor would grind until the battery is empty.
    jammed ? { ...state, relockAtMs: undefined } : state,
    happened(jammed ? 'jammed' : 'relocked'),
  );
}

function door(nowMs: number, state: BodyState, open: boolean): BodyStep {
  if (open === state.doorOpen) return to(state);
  if (!open) {
    const closed: BodyState = { ...state, doorOpen: false, heldOpenAtMs: undefined, heldOpenTold: false };
    const relocks = !state.boltOut && state.autoRelockMs > 0 && state.motion === undefined;
    return to(relocks ? { ...closed, relockAtMs: nowMs + RELOCK_AFTER_CLOSING_MS } : closed, happened('door_closed'));
  }
  const heldOpenAtMs = state.heldOpenMs > 0 ? nowMs + state.heldOpenMs : undefined;
  // A door that opens behind a bolt that is out was not opened by this lock.
  const forced = state.boltOut && state.motion?.operation !== 'unlock';
  return to({ ...state, doorOpen: true, heldOpenAtMs }, happened(forced ? 'door_forced' : 'door_opened'));
}

function knob(nowMs: number, before: BodyState, operation: 'unlock' | 'lock'): BodyStep {
  const boltOut = operation === 'lock';
  const turned: BodyState = {
    ...before,
    boltOut,
    jammed: false,
    privacy: before.privacy && boltOut,
  };
  const state: BodyState = { ...turned, relockAtMs: relockTime(nowMs, turned) };
  if (boltOut === before.boltOut && !before.jammed) return to(state);
  return to(state, happened(boltOut ? 'manual_locked' : 'manual_unlocked'));
}

function battery(before: BodyState, percent: number): BodyStep {
  const state = { ...before, batteryPercent: percent };
  if (percent > BATTERY_REPLACED_PERCENT) return to({ ...state, batteryLowTold: false });
  if (percent > BATTERY_LOW_PERCENT || state.batteryLowTold) return to(state);
  return to({ ...state, batteryLowTold: true }, happened('battery_low', percent));
}

/** When an unlocked bolt goes out again by itself. */
function relockTime(nowMs: number, state: BodyState): number | undefined {
  return state.boltOut || state.autoRelockMs === 0 ? undefined : nowMs + state.autoRelockMs;
}

function happened(code: Extract<BodyEffect, { kind: 'happened' }>['code'], detail = 0): BodyEffect {
  return { kind: 'happened', code, detail };
}

function to(state: BodyState, ...effects: readonly BodyEffect[]): BodyStep {
  return { state, effects };
}
