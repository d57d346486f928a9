import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FloorDoors, layOut } from '../src/plan/layout.ts';
import { createSpatialIndex } from '../src/plan/spatial.ts';
import { fit, move, reveal, toScreen, toSheet, zoom } from '../src/plan/view.ts';

const floorOf = (level: number, count: number, more: Partial<FloorDoors> = {}): FloorDoors => ({
  id: `floor_${level}`,
  name: `Floor ${level}`,
  plan: null,
  doors: Array.from({ length: count }, (_, at) => ({
    id: `door_${level}_${at + 1}`,
    name: `${level * 100 + at + 1}`,
    position: null,
  })),
  ...more,
});

describe('the layout of a property', () => {
  it('puts doors that nobody has placed along corridors, odd numbers facing even ones', () => {
    const { doors, floors } = layOut([floorOf(1, 4)]);
    const [a, b, c, d] = doors;
    expect(doors.map(({ id }) => id)).toEqual(['door_1_1', 'door_1_2', 'door_1_3', 'door_1_4']);
    expect(a?.x).toBe(b?.x);
    expect(c?.x).toBe(d?.x);
    expect(a?.y).toBe(c?.y);
    const [corridor] = floors[0]?.corridors ?? [];
    expect(a?.y).toBeLessThan(corridor?.y ?? 0);
    expect(b?.y).toBeGreaterThan((corridor?.y ?? 0) + (corridor?.height ?? 0));
  });

  it('counts 2 before 10', () => {
    const names = ['10', '2', '1'].map((name) => ({ id: name, name, position: null }));
    expect(layOut([floorOf(0, 0, { doors: names })]).doors.map(({ id }) => id)).toEqual(['1', '2', '10']);
  });

  it('keeps a placed door where it is, and puts the others below the plan', () => {
    const { doors } = layOut([
      floorOf(1, 0, {
        plan: { width: 30, height: 20 },
        doors: [
          { id: 'placed', name: 'Spa', position: { x: 7, y: 8 } },
          { id: 'rest', name: 'Bar', position: null },
        ],
      }),
    ]);
    expect(doors.find(({ id }) => id === 'placed')).toMatchObject({ x: 7, y: 8 });
    expect(doors.find(({ id }) => id === 'rest')?.y).toBeGreaterThan(20);
  });

  it('draws the highest floor on top', () => {
    const { floors } = layOut([floorOf(0, 2), floorOf(1, 2)]);
    expect(floors.map(({ id }) => id)).toEqual(['floor_1', 'floor_0']);
    expect(floors[0]?.box.y).toBe(0);
  });

  it('has every door once, inside its floor, none on top of another', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 6 }), (counts) => {
        const sheet = layOut(counts.map((count, level) => floorOf(level, count)));
        const total = counts.reduce((sum, count) => sum + count, 0);
        expect(new Set(sheet.doors.map(({ id }) => id)).size).toBe(total);
        expect(new Set(sheet.doors.map(({ x, y }) => `${x} ${y}`)).size).toBe(total);
        for (const { id, x, y } of sheet.doors) {
          const box = sheet.floors.find((floor) => id.startsWith(floor.id.replace('floor', 'door')))?.box;
          if (box === undefined) throw new Error(`${id} has no floor`);
          expect(x).toBeGreaterThan(box.x);
          expect(x).toBeLessThan(box.x + box.width);
          expect(y).toBeGreaterThan(box.y);
          expect(y).toBeLessThan(box.y + box.height);
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe('the view of a plan', () => {
  const size = { width: 800, height: 600 };
  const sheet = { x: 0, y: 0, width: 200, height: 100 };

  it('shows the whole sheet in the middle when it is fitted', () => {
    const view = fit(sheet, size);
    const from = toScreen(view, { x: 0, y: 0 });
    const to = toScreen(view, { x: 200, y: 100 });
    expect(from.x).toBeGreaterThanOrEqual(0);
    expect(to.x).toBeLessThanOrEqual(800);
    expect(from.x).toBeCloseTo(800 - to.x);
    expect(from.y).toBeCloseTo(600 - to.y);
  });

  it('keeps the point below the pointer where it is while it zooms', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.2, max: 5, noNaN: true }),
        fc.integer({ min: 0, max: 800 }),
        fc.integer({ min: 0, max: 600 }),
        (factor, x, y) => {
          const before = fit(sheet, size);
          const after = zoom(before, factor, { x, y });
          expect(toSheet(after, { x, y }).x).toBeCloseTo(toSheet(before, { x, y }).x, 6);
          expect(toSheet(after, { x, y }).y).toBeCloseTo(toSheet(before, { x, y }).y, 6);
        },
      ),
    );
  });

  it('never loses the sheet, however far it is moved', () => {
    const view = move(fit(sheet, size), { x: 1e6, y: -1e6 }, sheet, size);
    expect(toScreen(view, { x: 0, y: 0 }).x).toBeLessThanOrEqual(800 - 79);
    expect(toScreen(view, { x: 0, y: 100 }).y).toBeGreaterThanOrEqual(79);
  });

  it('moves no further than to bring a door into sight', () => {
    const view = fit(sheet, size);
    expect(reveal(view, { x: 100, y: 50 }, size, 20)).toEqual(view);
    const aside = reveal(view, { x: 400, y: 50 }, size, 20);
    expect(toScreen(aside, { x: 400, y: 50 }).x).toBeCloseTo(780);
    expect(aside.y).toBe(view.y);
  });
});

describe('finding doors by where they are', () => {
  const things = fc.array(fc.record({ x: fc.integer({ min: -50, max: 50 }), y: fc.integer({ min: -50, max: 50 }) }), {
    maxLength: 60,
  });

  it('finds exactly those inside a rectangle, whatever the cells', () => {
    fc.assert(
      fc.property(things, fc.integer({ min: 1, max: 30 }), (points, cell) => {
        const all = points.map((point, at) => ({ ...point, id: `${at}` }));
        const found = createSpatialIndex(all, cell).within({ x: -10, y: -20, width: 25, height: 33 });
        const wanted = all.filter(({ x, y }) => x >= -10 && x <= 15 && y >= -20 && y <= 13);
        expect(new Set(found)).toEqual(new Set(wanted));
      }),
    );
  });

  it('finds the nearest within reach, and nothing beyond it', () => {
    const index = createSpatialIndex(
      [
        { id: 'a', x: 0, y: 0 },
        { id: 'b', x: 10, y: 0 },
      ],
      4,
    );
    expect(index.nearest({ x: 7, y: 1 }, 5)?.id).toBe('b');
    expect(index.nearest({ x: 5, y: 40 }, 5)).toBeUndefined();
  });

  it('goes rather straight ahead than aside', () => {
    const from = { id: 'from', x: 0, y: 0 };
    const index = createSpatialIndex(
      [from, { id: 'ahead', x: 8, y: 0 }, { id: 'aside', x: 4, y: 4 }, { id: 'behind', x: -1, y: 0 }],
      4,
    );
    expect(index.next(from, 'right')?.id).toBe('ahead');
    expect(index.next(from, 'left')?.id).toBe('behind');
    expect(index.next(from, 'down')?.id).toBe('aside');
    expect(index.next(from, 'up')).toBeUndefined();
  });
});
