import type { DoorModeStarted, DoorModeView } from '@cardea/server-core';
import type * as api from '@cardea/wire-api';
import { attempt } from './attempt.ts';
import { timeOrNull } from './time.ts';

/** A door with its mode as the API shows it. */
export function doorMode({ door, known, asked }: DoorModeView): api.DoorMode {
  return {
    door_id: door.id,
    has_lock: known !== null,
    mode: known?.mode ?? null,
    until: timeOrNull(known?.untilAt ?? null),
    confirmed_at: timeOrNull(known?.confirmedAt ?? null),
    asked: asked && { mode: asked.mode, attempt: attempt(asked.attempt) },
  };
}

/** What was begun at each door. */
export function lockdownStarted(doors: readonly DoorModeStarted[]): api.LockdownStarted {
  return {
    doors: doors.map(({ door, attempt: begun, reason }) => ({
      door_id: door.id,
      attempt: begun && attempt(begun),
      reason,
    })),
  };
}
