import type { Door, Floor } from '@cardea/wire-api';
import type { FloorDoors } from './layout.ts';

/** The floor that stands for doors which are on none. */
export const NO_FLOOR = 'none';

/** The floors that have doors, from the lowest up, each with its doors; those without a floor come last, at the bottom. */
export function floorsOf(doors: readonly Door[], floors: readonly Floor[], noFloorName: string): readonly FloorDoors[] {
  const byFloor = new Map<string, Door[]>(floors.map(({ id }) => [id, []]));
  const none: Door[] = [];
  for (const door of doors) (byFloor.get(door.floor_id ?? '') ?? none).push(door);
  const all = [
    { id: NO_FLOOR, name: noFloorName, plan: null, doors: none },
    ...floors
      .toSorted((a, b) => a.level - b.level)
      .map(({ id, name, plan }) => ({ id, name, plan, doors: byFloor.get(id) ?? [] })),
  ];
  return all.filter((floor) => floor.doors.length > 0);
}
