import type { LockMode } from '@cardea/wire-profile';
import type { Actor } from '../actor.ts';
import type { Position } from '../geofence/position.ts';
import type { Attempt, Door } from '../model.ts';
import type { PageRequest } from '../ports.ts';
import type { ModeView } from './model.ts';

/** A door with the mode of its lock. */
export interface DoorModeView {
  readonly door: Door;
  /** By what the lock has confirmed; undefined: unknown since a restore; null without a lock. */
  readonly known: ModeView | undefined | null;
  /** The newest request that the lock has not answered by a receipt, with what became of it. */
  readonly asked: { readonly mode: LockMode; readonly attempt: Attempt } | null;
}

/** What became of a mode at one of many doors. */
export interface DoorModeStarted {
  readonly door: Door;
  /** Null where nothing was sent. */
  readonly attempt: Attempt | null;
  /** Why nothing was sent: the lock has confirmed it already, there is none, or too much waits for it. */
  readonly reason: 'confirmed' | 'no_lock' | 'too_many' | null;
}

/** How locks treat those who come. Each change is an attempt: the lock's receipt, or it is not so. */
export interface ModeUseCases {
  /** `untilAt` in Unix ms; null: until it is changed. */
  set(actor: Actor, doorId: string, mode: LockMode, untilAt: number | null): Promise<Attempt>;
  /** At every door of a property that is not in the mode already; again for those where it failed. */
  setAll(actor: Actor, propertyId: string, mode: LockMode, untilAt: number | null): Promise<readonly DoorModeStarted[]>;
  /** The doors of a property, each with its mode. */
  list(actor: Actor, propertyId: string, page: PageRequest): Promise<readonly DoorModeView[]>;
  /** Opens although privacy or a lockdown is on; the reason is on record, and an alert raised, before anything leaves. */
  override(
    actor: Actor,
    doorId: string,
    reason: string,
    timeToLiveS: number | undefined,
    position?: Position,
  ): Promise<Attempt>;
}
