import type { DoorSign } from '@cardea/client-sdk';
import type { DoorKind } from '@cardea/wire-api';
import type { LiveDoor } from '../../live/estate.ts';
import { SIGN_ORDER } from '../signs.ts';

/** What is shown of the doors by their state: a sign, a mark, or all that somebody should look at. */
export type StateChoice = DoorSign | 'stale' | 'battery' | 'lockdown' | 'passage' | 'tamper' | 'attention';

/** Which doors are shown; what is left out narrows nothing. */
export interface DoorFilter {
  /** Part of what is written on the door, or of its lock's identifier. */
  readonly text: string;
  readonly state: StateChoice | undefined;
  /** Null: doors on no floor. */
  readonly floorId: string | null | undefined;
  readonly kind: DoorKind | undefined;
}

/** By what the list is sorted. */
export type SortKey = 'door' | 'state' | 'proved' | 'battery';

/** The choices of state in their order. */
export const STATE_CHOICES: readonly StateChoice[] = [
  'attention',
  ...SIGN_ORDER,
  'stale',
  'battery',
  'lockdown',
  'passage',
  'tamper',
];

/** The doors that fit, in the order in which they were given. */
export function filterDoors(
  doors: readonly LiveDoor[],
  { text, state, floorId, kind }: DoorFilter,
): readonly LiveDoor[] {
  const wanted = text.trim().toLocaleLowerCase();
  const digits = wanted.replace(/[\s:-]/g, '').toUpperCase();
  return doors.filter(
    (live) =>
      (kind === undefined || live.door.kind === kind) &&
      (floorId === undefined || live.door.floor_id === floorId) &&
      (state === undefined || isInState(live, state)) &&
      (wanted === '' ||
        live.door.name.toLocaleLowerCase().includes(wanted) ||
        (digits.length > 3 && live.lock?.identifier.includes(digits) === true)),
  );
}

/** How many doors each choice of state shows, in one pass. */
export function countStates(doors: readonly LiveDoor[]): Readonly<Record<StateChoice, number>> {
  const counts: Record<StateChoice, number> = {
    attention: 0,
    forced: 0,
    jammed: 0,
    open: 0,
    unlocked: 0,
    locked: 0,
    unknown: 0,
    no_lock: 0,
    stale: 0,
    battery: 0,
    lockdown: 0,
    passage: 0,
    tamper: 0,
  };
  for (const live of doors) for (const choice of STATE_CHOICES) if (isInState(live, choice)) counts[choice] += 1;
  return counts;
}

function isInState({ state }: LiveDoor, choice: StateChoice): boolean {
  switch (choice) {
    case 'stale':
      return state.stale !== null;
    case 'battery':
      return state.batteryLow;
    case 'lockdown':
    case 'passage':
      return state.mode === choice;
    case 'tamper':
      return state.tamper;
    case 'attention':
      return (
        state.stale !== null || state.batteryLow || state.tamper || state.sign === 'forced' || state.sign === 'jammed'
      );
    default:
      return state.sign === choice;
  }
}

/** Doors that were given in the order of their names, in another order; those alike stay in that of their names. */
export function sortDoors(doors: readonly LiveDoor[], by: SortKey, descending: boolean): readonly LiveDoor[] {
  if (by === 'door') return descending ? doors.toReversed() : doors;
  const sign = descending ? -1 : 1;
  return doors.toSorted((a, b) => {
    const left = rankOf(a, by);
    const right = rankOf(b, by);
    // What has no value comes last either way.
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    return sign * (left - right);
  });
}

const SEVERITY: ReadonlyMap<DoorSign, number> = new Map(SIGN_ORDER.map((sign, at) => [sign, at]));

function rankOf({ state }: LiveDoor, by: Exclude<SortKey, 'door'>): number | null {
  if (by === 'battery') return state.batteryPercent;
  if (by === 'proved') return state.provedAt === null ? null : Date.parse(state.provedAt);
  return SEVERITY.get(state.sign) ?? null;
}
