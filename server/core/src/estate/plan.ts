import { checkRange } from '../checks.ts';
import { CoreError } from '../errors.ts';
import type { Door, Floor, FloorPlan, PlanPosition } from '../model.ts';
import type { Transaction } from '../ports.ts';

/** Most that a plan is wide or high, in its unit. */
const PLAN_MOST = 10_000;
/** Most doors on one plan. */
const PLAN_DOORS_MOST = 2_000;

/** A plan as somebody draws it: doors of the floor that it does not name are nowhere on it. */
export interface PlanDrawing {
  readonly width: number;
  readonly height: number;
  readonly doors: readonly ({ readonly doorId: string } & PlanPosition)[];
}

/**
 * Where each door of the drawing is, by its id.
 * @throws CoreError `invalid` for a side, a place or a number of doors out of bounds, and for a door named twice
 */
export function checkDrawing({ width, height, doors }: PlanDrawing): ReadonlyMap<string, PlanPosition> {
  checkRange('width', width, 1, PLAN_MOST);
  checkRange('height', height, 1, PLAN_MOST);
  if (doors.length > PLAN_DOORS_MOST) {
    throw new CoreError('invalid', `a plan has at most ${PLAN_DOORS_MOST} doors`, { field: 'doors' });
  }
  const places = new Map<string, PlanPosition>();
  for (const [at, { doorId, x, y }] of doors.entries()) {
    if (places.has(doorId)) {
      throw new CoreError('invalid', 'a door is on its plan once', { field: `doors.${at}.door_id` });
    }
    checkRange(`doors.${at}.x`, x, 0, width);
    checkRange(`doors.${at}.y`, y, 0, height);
    places.set(doorId, { x, y });
  }
  return places;
}

/**
 * Puts the doors of a floor where the drawing has them, by `places` of {@link checkDrawing}, in the unit at hand; answers
 * the plan that the floor then has.
 * @throws CoreError `not_found` when it names a door that the floor does not have: the same for another floor's, another
 * tenant's and none
 */
export async function drawPlan(
  tx: Transaction,
  floor: Floor,
  drawing: PlanDrawing,
  places: ReadonlyMap<string, PlanPosition>,
): Promise<FloorPlan> {
  const { organizationId, id: floorId } = floor;
  const doors = await tx.doors.list(organizationId, { floorId }, { after: undefined, limit: DOORS_OF_FLOOR_MOST });
  const here = new Set(doors.map(({ id }) => id));
  for (const [at, { doorId }] of drawing.doors.entries()) {
    if (here.has(doorId)) continue;
    throw new CoreError('not_found', 'the floor has no such door', { field: `doors.${at}.door_id` });
  }
  for (const door of doors) {
    const position = places.get(door.id) ?? null;
    if (!isSame(door, position)) await tx.doors.update(organizationId, door.id, { position });
  }
  return { width: drawing.width, height: drawing.height, revision: (floor.plan?.revision ?? 0) + 1 };
}

/** More doors than a floor can have. */
const DOORS_OF_FLOOR_MOST = 1_000_000;

function isSame({ position }: Door, other: PlanPosition | null): boolean {
  return position?.x === other?.x && position?.y === other?.y;
}
