import { cardeaLegacyMachine, cardeaMachine, type DeviceMachine, maker2Machine } from '@cardea/lock';
import {
  CHANNEL,
  type DeviceState,
  type DurableChange,
  type DurableState,
  legacyLockController,
  lockController,
  MESSAGE,
} from '@cardea/wire-lock';
import {
  decodeMessage,
  type Maker2DeviceState,
  type Maker2DurableChange,
  type Maker2DurableState,
  maker2Controller,
} from '@cardea/wire-maker2';
import type { LockController } from '@cardea/wire-profile';
import type { Recorded, Subject } from './replay-bench.ts';

type Cardea = Subject<DeviceState, DurableState, DurableChange>;
type Maker2 = Subject<Maker2DeviceState, Maker2DurableState, Maker2DurableChange>;

const plainReboot = <State>(fresh: State): State => fresh;

/** The hardened profile's lock; its double looks at no counter, and a power cut leaves it its session. */
export function hardened(weak: boolean): Cardea {
  const forget = (state: DeviceState): DeviceState =>
    state.session === undefined ? state : { ...state, session: { ...state.session, lastCounter: 0, accepted: [] } };
  return {
    name: 'hardened',
    controller: lockController as LockController<unknown>,
    machine: weak ? weakened(cardeaMachine, forget) : cardeaMachine,
    reboot: weak ? keepSession : plainReboot,
    isReceipt: ({ channel, octets }) => channel === CHANNEL.lock && octets[0] === MESSAGE.receipt,
  };
}

/** The legacy profile's lock; its double looks at no counter, and has none in flash after a power cut. */
export function legacy(weak: boolean): Cardea {
  const forget = (state: DeviceState): DeviceState => ({
    ...state,
    record: { ...state.record, legacyCounter: 0 },
    session: state.session && { ...state.session, accepted: [] },
  });
  return {
    name: 'legacy',
    controller: legacyLockController as LockController<unknown>,
    machine: weak ? weakened(cardeaLegacyMachine, forget) : cardeaLegacyMachine,
    reboot: weak ? (fresh, before) => forget(keepSession(fresh, before)) : plainReboot,
    isReceipt: ({ channel }) => channel === CHANNEL.raw,
  };
}

/** The second maker's lock; its double does not use a challenge up, and a power cut leaves it the one that lives. */
export function maker2(weak: boolean): Maker2 {
  const machine: Maker2['machine'] = {
    ...maker2Machine,
    step(context, state, input) {
      const step = maker2Machine.step(context, { ...state, receipts: [] }, input);
      const challenge = step.state.challenge ?? state.challenge;
      return { ...step, state: { ...step.state, challenge } };
    },
  };
  return {
    name: 'maker2',
    controller: maker2Controller as LockController<unknown>,
    machine: weak ? machine : maker2Machine,
    reboot: weak
      ? (fresh, before) => ({ ...fresh, challenge: before.challenge && { ...before.challenge, issuedAtMs: 0 } })
      : plainReboot,
    isReceipt: ({ octets }) => isMaker2Receipt(octets),
  };
}

/** The same machine, but for what `forget` takes out of its state before each message. */
function weakened(
  machine: DeviceMachine<DeviceState, DurableState, DurableChange>,
  forget: (state: DeviceState) => DeviceState,
): DeviceMachine<DeviceState, DurableState, DurableChange> {
  return {
    ...machine,
    step: (context, state, input) => machine.step(context, input.kind === 'message' ? forget(state) : state, input),
  };
}

/** A session that a power cut does not end: its keys are as they were, its counter and its cached receipts are not. */
function keepSession(fresh: DeviceState, before: DeviceState): DeviceState {
  const session = before.session && { ...before.session, startedMs: 0, lastCounter: 0, accepted: [], nonce: undefined };
  return { ...fresh, session, clock: { ...before.clock, setMs: 0 } };
}

function isMaker2Receipt(octets: Recorded['octets']): boolean {
  try {
    return decodeMessage(octets).kind === 'receipt';
  } catch {
    return false;
  }
}
