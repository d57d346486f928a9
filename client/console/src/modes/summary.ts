import type { DoorMode, LockMode } from '@cardea/wire-api';

/** How far the doors of a property have come on their way to a mode. */
export interface ModeCount {
  /** Doors with a lock. */
  readonly all: number;
  /** Whose lock has confirmed the mode. */
  readonly confirmed: number;
  /** Whose lock is being asked. */
  readonly waiting: number;
  /** Whose lock was asked and has not confirmed: nothing is repeated by itself. */
  readonly failed: number;
  /** Doors without a lock, which nobody can lock down. */
  readonly withoutLock: number;
}

/** How a door stands to what was asked of it. */
export type AskedState = 'waiting' | 'failed';

/** Whether a door's lock is being asked or did not confirm; undefined where nothing is open. */
export function askedState({ asked }: DoorMode): AskedState | undefined {
  if (asked === null) return undefined;
  return asked.attempt.state === 'pending' || asked.attempt.state === 'sent' ? 'waiting' : 'failed';
}

/** How many doors are in a mode, by the receipts of their locks, and how many are on their way to it. */
export function countMode(doors: readonly DoorMode[], mode: LockMode): ModeCount {
  const locked = doors.filter(({ has_lock: has }) => has);
  const asked = (state: AskedState): number =>
    locked.filter((door) => door.asked?.mode === mode && askedState(door) === state).length;
  return {
    all: locked.length,
    confirmed: locked.filter((door) => door.mode === mode && door.asked === null).length,
    waiting: asked('waiting'),
    failed: asked('failed'),
    withoutLock: doors.length - locked.length,
  };
}
