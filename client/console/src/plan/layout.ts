/** A point or the middle of a door on a plan, in the unit of the plan (metres where somebody measured). */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A rectangle of a plan. */
export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

/** A door as the layout needs it. */
export interface Placeable {
  readonly id: string;
  readonly name: string;
  /** On its floor's plan; null: nobody has said where it is. */
  readonly position: Point | null;
}

/** A floor with its doors, from the lowest level up. */
export interface FloorDoors {
  readonly id: string;
  readonly name: string;
  /** Null: nobody has drawn it. */
  readonly plan: { readonly width: number; readonly height: number } | null;
  readonly doors: readonly Placeable[];
}

/** A floor where it lies on the sheet: `box` its ground, and the corridors in it where doors were laid out along them. */
export interface PlacedFloor {
  readonly id: string;
  readonly name: string;
  readonly box: Box;
  /** The part of it that somebody has drawn; undefined where nobody has. */
  readonly drawn: Box | undefined;
  readonly corridors: readonly Box[];
}

/** Everything where it lies. */
export interface Sheet {
  readonly box: Box;
  readonly floors: readonly PlacedFloor[];
  /** In the order in which a person would read them: by floor, then by name. */
  readonly doors: readonly (Point & { readonly id: string })[];
}

/** From the middle of one door to the next along a corridor. */
export const SPACING = 4;
const CORRIDOR = 1.8;
/** From the middle of a corridor to the middles of the doors on either side. */
const DEPTH = CORRIDOR / 2 + 2.2;
/** From the middle of one corridor to the middle of the next. */
const PITCH = 2 * DEPTH + 4;
const MARGIN = 2.2;
const BETWEEN_FLOORS = 3;
/** A corridor is followed by the next below it once it has so many doors on a side, or more where a floor has very many. */
const MIN_COLUMNS = 12;

/**
 * Lays floors out one below the other, the highest on top. Doors with a position are where they are; the others stand along
 * corridors in the order of their names, alternately on either side, as numbers do in a hotel.
 */
export function layOut(floors: readonly FloorDoors[]): Sheet {
  const placed: PlacedFloor[] = [];
  const doors: (Point & { id: string })[] = [];
  let y = 0;
  let width = 0;
  for (const floor of floors.toReversed()) {
    const one = layOutFloor(floor, y);
    placed.push(one.floor);
    doors.push(...one.doors);
    width = Math.max(width, one.floor.box.width);
    y += one.floor.box.height + BETWEEN_FLOORS;
  }
  return { box: { x: 0, y: 0, width, height: Math.max(0, y - BETWEEN_FLOORS) }, floors: placed, doors };
}

function layOutFloor(floor: FloorDoors, top: number): Pick<Sheet, 'doors'> & { readonly floor: PlacedFloor } {
  const known = floor.plan === null ? [] : floor.doors.filter(({ position }) => position !== null);
  const rest = floor.doors.filter((door) => !known.includes(door)).toSorted(byName);
  const drawnHeight = floor.plan?.height ?? 0;
  const columns = Math.max(MIN_COLUMNS, Math.ceil(Math.sqrt(rest.length * 1.6)));
  const perCorridor = 2 * columns;
  const corridorCount = Math.ceil(rest.length / perCorridor);
  const corridorWidth = Math.min(columns, Math.ceil(rest.length / 2)) * SPACING;
  const corridors = Array.from({ length: corridorCount }, (_, at) => ({
    x: MARGIN,
    y: top + drawnHeight + MARGIN + DEPTH - CORRIDOR / 2 + at * PITCH,
    width: corridorWidth,
    height: CORRIDOR,
  }));
  const along = rest.map(({ id }, at) => ({
    id,
    x: MARGIN + (Math.floor((at % perCorridor) / 2) + 0.5) * SPACING,
    y: top + drawnHeight + MARGIN + DEPTH + Math.floor(at / perCorridor) * PITCH + (at % 2 === 0 ? -DEPTH : DEPTH),
  }));
  const box = {
    x: 0,
    y: top,
    width: Math.max(floor.plan?.width ?? 0, corridorWidth + 2 * MARGIN),
    height: drawnHeight + (corridorCount === 0 ? 0 : 2 * MARGIN + 2 * DEPTH + (corridorCount - 1) * PITCH),
  };
  const placed = known
    .toSorted(byName)
    .map(({ id, position }) => ({ id, x: position?.x ?? 0, y: top + (position?.y ?? 0) }));
  const drawn = floor.plan === null ? undefined : { x: 0, y: top, ...sidesOf(floor.plan) };
  return { floor: { id: floor.id, name: floor.name, box, drawn, corridors }, doors: [...placed, ...along] };
}

const sidesOf = ({ width, height }: { readonly width: number; readonly height: number }) => ({ width, height });

const names = new Intl.Collator('en', { numeric: true });

/** 2 before 10, as people count. */
export function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return names.compare(a.name, b.name);
}
