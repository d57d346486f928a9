import type { Door, DoorKind, Floor } from '@cardea/wire-api';
import { guessLevel, type ListedDoor } from './door-list.ts';

/** What a list would make of a property: floors that are not there yet, and each door. */
export interface MakingPlan {
  readonly floors: readonly { readonly name: string; readonly level: number }[];
  readonly doors: readonly PlannedDoor[];
}

/** A door of the list; `existing` is there under this name already and stays as it is. */
export interface PlannedDoor extends ListedDoor {
  readonly existing: boolean;
}

/** Holds a list against what is there. Floors are the same by their name, whatever its case. */
export function planMaking(
  listed: readonly ListedDoor[],
  there: { readonly floors: readonly Floor[]; readonly doors: readonly Door[] },
): MakingPlan {
  const doorNames = new Set(there.doors.map(({ name }) => name));
  const known = new Set(there.floors.map(({ name }) => floorKey(name)));
  const doors = listed.map((door) => ({ ...door, existing: doorNames.has(door.name) }));
  const floors: { readonly name: string; readonly level: number }[] = [];
  for (const { floor, existing } of doors) {
    if (floor === null || existing || known.has(floorKey(floor))) continue;
    known.add(floorKey(floor));
    floors.push({ name: floor, level: guessLevel(floor) });
  }
  return { floors, doors };
}

/** How far a door of the list has come. */
export type Making =
  | { readonly state: 'waiting' | 'made' | 'existing' }
  | { readonly state: 'failed'; readonly error: unknown };

/** The part of the API that makes floors and doors. */
export interface Maker {
  addFloor(input: { property_id: string; name: string; level: number }): Promise<Floor>;
  addDoor(input: { property_id: string; floor_id: string | null; name: string; kind: DoorKind }): Promise<unknown>;
}

/** So many doors are asked for at once: a slow server is kept busy, and not flooded. */
const AT_ONCE = 4;

/**
 * Makes what a plan names: its floors first, then the doors, each by itself, so that one refusal stops nothing else. `onDoor`
 * is told of each door as it is over. A door whose floor could not be made is not made. Ends early when `signal` does; the
 * same list again goes on where this one stopped.
 */
export async function make(
  plan: MakingPlan,
  {
    maker,
    propertyId,
    floors,
    onDoor,
    signal,
  }: {
    readonly maker: Maker;
    readonly propertyId: string;
    readonly floors: readonly Floor[];
    readonly onDoor: (name: string, making: Making) => void;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const ids = new Map<string, string>(floors.map(({ name, id }) => [floorKey(name), id]));
  const refused = new Map<string, unknown>();
  for (const { name, level } of plan.floors) {
    if (signal.aborted) return;
    try {
      ids.set(floorKey(name), (await maker.addFloor({ property_id: propertyId, name, level })).id);
    } catch (error) {
      refused.set(floorKey(name), error);
    }
  }
  const waiting = plan.doors.filter(({ existing }) => !existing).values();
  const worker = async (): Promise<void> => {
    for (const { name, floor, kind } of waiting) {
      if (signal.aborted) return;
      const floorId = floor === null ? null : ids.get(floorKey(floor));
      if (floorId === undefined) {
        onDoor(name, { state: 'failed', error: refused.get(floorKey(floor ?? '')) });
        continue;
      }
      try {
        await maker.addDoor({ property_id: propertyId, floor_id: floorId, name, kind });
        onDoor(name, { state: 'made' });
      } catch (error) {
        onDoor(name, { state: 'failed', error });
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

function floorKey(name: string): string {
  return name.toLocaleLowerCase();
}
