import type { LockMode } from '@cardea/wire-profile';
import type { DeviceState } from './state.ts';

/** What the lock itself may know of its machine: for its own display, its journal and the twin's invariants. */
export interface DeviceView {
  readonly bound: boolean;
  /** A key waits to be proved by the RAS. */
  readonly pending: boolean;
  readonly keyVersion: number;
  readonly resetCount: number;
  readonly waitsForConfirmation: boolean;
  readonly session: boolean;
  readonly unacknowledgedEvents: number;
  readonly eventSequence: number;
  readonly autoRelockS: number;
  readonly heldOpenS: number;
  /** The mode that the body is in. */
  readonly mode: LockMode;
  /** Until when nothing entered at the keypad is looked at, monotonic. */
  readonly keypadClosedUntilMs: number;
}

/** See {@link DeviceView}. */
export function viewDevice(state: DeviceState): DeviceView {
  const { record } = state;
  return {
    bound: record.active !== undefined,
    pending: record.pending !== undefined,
    keyVersion: record.active?.keyVersion ?? record.pending?.keyVersion ?? 0,
    resetCount: record.resetCount,
    waitsForConfirmation: state.run?.kind === 'waiting' || state.legacyRun?.kind === 'waiting',
    session: state.session !== undefined,
    unacknowledgedEvents: state.ring.length,
    eventSequence: state.eventSequence,
    autoRelockS: record.autoRelockS,
    heldOpenS: record.heldOpenS,
    mode: state.modeShown,
    keypadClosedUntilMs: state.keypad.closedUntilMs,
  };
}
