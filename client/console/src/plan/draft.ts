import type { DrawFloorPlan } from '@cardea/wire-api';
import { type FloorDoors, layOut, type Point } from './layout.ts';

/** A plan of one floor while it is edited: all its doors have a place. */
export interface Draft {
  readonly width: number;
  readonly height: number;
  readonly places: ReadonlyMap<string, Point>;
}

/** A draft with what it was before each step, so that steps are taken back one by one. */
export interface Editing {
  readonly past: readonly Draft[];
  readonly draft: Draft;
}

/** Doors are put on whole half units, so that those in a row stand in a row. */
export const GRID = 0.5;
/** Steps that can be taken back. */
const MAX_PAST = 200;
/** Bounds of a side of a plan that the server takes. */
export const MIN_SIDE = 1;
export const MAX_SIDE = 10_000;

/** Begins to edit a floor as it is shown: doors that nobody has placed begin where the console lays them out. */
export function beginEditing(floor: FloorDoors): Editing {
  const { box, doors } = layOut([floor]);
  const width = rounded(box.width);
  const height = rounded(box.height);
  const places = new Map(doors.map(({ id, x, y }) => [id, inside({ x: rounded(x), y: rounded(y) }, width, height)]));
  return { past: [], draft: { width, height, places } };
}

/** A door put somewhere: on the grid, inside the plan. The same editing where it was there already. */
export function place(editing: Editing, id: string, point: Point): Editing {
  const { width, height, places } = editing.draft;
  const before = places.get(id);
  const next = inside({ x: snapped(point.x), y: snapped(point.y) }, width, height);
  if (before === undefined || (before.x === next.x && before.y === next.y)) return editing;
  return step(editing, { width, height, places: new Map(places).set(id, next) });
}

/** Another size of the plan; doors that would be outside are moved to its edge. The same editing where a side is out of bounds. */
export function resize(editing: Editing, width: number, height: number): Editing {
  if (!isSide(width) || !isSide(height)) return editing;
  const places = new Map([...editing.draft.places].map(([id, point]) => [id, inside(point, width, height)]));
  return step(editing, { width, height, places });
}

/** The last step taken back. */
export function undo(editing: Editing): Editing {
  const draft = editing.past.at(-1);
  return draft === undefined ? editing : { past: editing.past.slice(0, -1), draft };
}

/** The floor as the draft has it, for drawing. */
export function draftedFloor(floor: FloorDoors, { width, height, places }: Draft): FloorDoors {
  return {
    ...floor,
    plan: { width, height },
    doors: floor.doors.map(({ id, name, position }) => ({ id, name, position: places.get(id) ?? position })),
  };
}

/** What is sent to the server; doors that have left the floor meanwhile are left out. */
export function planOf({ width, height, places }: Draft, floor: FloorDoors): DrawFloorPlan {
  const doors = floor.doors.flatMap(({ id }) => {
    const point = places.get(id);
    return point === undefined ? [] : [{ door_id: id, x: point.x, y: point.y }];
  });
  return { width, height, doors };
}

function step({ past, draft }: Editing, next: Draft): Editing {
  return { past: [...past, draft].slice(-MAX_PAST), draft: next };
}

const inside = ({ x, y }: Point, width: number, height: number): Point => ({
  x: Math.min(width, Math.max(0, x)),
  y: Math.min(height, Math.max(0, y)),
});
const snapped = (value: number): number => Math.round(value / GRID) * GRID;
const rounded = (value: number): number => Math.round(value * 100) / 100;
const isSide = (side: number): boolean => Number.isFinite(side) && side >= MIN_SIDE && side <= MAX_SIDE;
