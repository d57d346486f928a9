import type { Box, Point } from './layout.ts';

/** Something at a point of the sheet. */
export interface At extends Point {
  readonly id: string;
}

/** Ways in which one goes from door to door. */
export type Direction = 'left' | 'right' | 'up' | 'down';

/** Finds things by where they are, without looking at all of them. */
export interface SpatialIndex<T extends At> {
  /** Those inside a rectangle, its edges included; any two of them in the same order, whatever the rectangle. */
  within(box: Box): readonly T[];
  /** The nearest one at most so far from a point. */
  nearest(point: Point, atMost: number): T | undefined;
  /** The next one from another in a direction: near, and rather straight ahead than aside. */
  next(from: T, direction: Direction): T | undefined;
}

/** How much further a step aside counts than one ahead. */
const ASIDE = 3;

/** An index over things, in square cells of `cell` units. */
export function createSpatialIndex<T extends At>(things: readonly T[], cell: number): SpatialIndex<T> {
  const cells = new Map<string, T[]>();
  const of = (value: number): number => Math.floor(value / cell);
  const byCell = things.toSorted((a, b) => of(a.y) - of(b.y) || of(a.x) - of(b.x));
  for (const thing of byCell) {
    const key = `${of(thing.x)} ${of(thing.y)}`;
    const there = cells.get(key);
    if (there === undefined) cells.set(key, [thing]);
    else there.push(thing);
  }

  const within = ({ x, y, width, height }: Box): readonly T[] => {
    const inside = (thing: T): boolean => thing.x >= x && thing.x <= x + width && thing.y >= y && thing.y <= y + height;
    const wide = of(x + width) - of(x) + 1;
    const high = of(y + height) - of(y) + 1;
    // A large part of the sheet has more empty cells than there are things.
    if (wide * high > cells.size) return byCell.filter(inside);
    const found: T[] = [];
    for (let row = of(y); row < of(y) + high; row++) {
      for (let column = of(x); column < of(x) + wide; column++) {
        for (const thing of cells.get(`${column} ${row}`) ?? []) if (inside(thing)) found.push(thing);
      }
    }
    return found;
  };

  return {
    within,
    nearest(point, atMost) {
      const near = within({ x: point.x - atMost, y: point.y - atMost, width: 2 * atMost, height: 2 * atMost });
      return least(near, (thing) => {
        const distance = Math.hypot(thing.x - point.x, thing.y - point.y);
        return distance > atMost ? undefined : distance;
      });
    },
    next(from, direction) {
      const across = direction === 'left' || direction === 'right';
      const sign = direction === 'left' || direction === 'up' ? -1 : 1;
      return least(things, (thing) => {
        const dx = thing.x - from.x;
        const dy = thing.y - from.y;
        const ahead = sign * (across ? dx : dy);
        return ahead <= 0 ? undefined : ahead + ASIDE * Math.abs(across ? dy : dx);
      });
    },
  };
}

function least<T>(things: readonly T[], cost: (thing: T) => number | undefined): T | undefined {
  let best: T | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const thing of things) {
    const its = cost(thing);
    if (its !== undefined && its < least) {
      least = its;
      best = thing;
    }
  }
  return best;
}
