import { describe, expect, it } from 'vitest';
import { beginEditing, draftedFloor, place, planOf, resize, undo } from '../src/plan/draft.ts';
import { type FloorDoors, layOut } from '../src/plan/layout.ts';

const floor = (
  plan: FloorDoors['plan'],
  positions: readonly FloorDoors['doors'][number]['position'][],
): FloorDoors => ({
  id: 'floor_1',
  name: 'Floor 1',
  plan,
  doors: positions.map((position, at) => ({ id: `door_${at + 1}`, name: `${101 + at}`, position })),
});

describe('a plan that is edited', () => {
  it('begins as it is shown, with a place for every door', () => {
    const drawn = floor({ width: 20, height: 10 }, [{ x: 3, y: 4 }, null, null]);
    const { draft, past } = beginEditing(drawn);
    const shown = layOut([drawn]);
    expect(past).toEqual([]);
    expect(draft.width).toBeCloseTo(shown.box.width, 2);
    expect(draft.height).toBeCloseTo(shown.box.height, 2);
    expect(draft.places.size).toBe(3);
    for (const { id, x, y } of shown.doors) {
      expect(draft.places.get(id)?.x).toBeCloseTo(x, 2);
      expect(draft.places.get(id)?.y).toBeCloseTo(y, 2);
    }
    const again = layOut([draftedFloor(drawn, draft)]);
    expect(again.box).toMatchObject({ width: draft.width, height: draft.height });
    expect(again.doors).toHaveLength(3);
  });

  it('puts doors on the grid and inside, and takes each step back', () => {
    const begun = beginEditing(floor({ width: 20, height: 10 }, [{ x: 3, y: 4 }]));
    const moved = place(begun, 'door_1', { x: 5.3, y: 7.8 });
    expect(moved.draft.places.get('door_1')).toEqual({ x: 5.5, y: 8 });
    const out = place(moved, 'door_1', { x: -4, y: 99 });
    expect(out.draft.places.get('door_1')).toEqual({ x: 0, y: 10 });
    expect(undo(out).draft).toEqual(moved.draft);
    expect(undo(undo(out)).draft).toEqual(begun.draft);
    expect(undo(begun)).toBe(begun);
  });

  it('is the same where nothing was moved, and where no such door is', () => {
    const begun = beginEditing(floor({ width: 20, height: 10 }, [{ x: 3, y: 4 }]));
    expect(place(begun, 'door_1', { x: 3.1, y: 3.9 })).toBe(begun);
    expect(place(begun, 'door_9', { x: 1, y: 1 })).toBe(begun);
  });

  it('keeps its doors inside when it becomes smaller, and takes no side that the server would refuse', () => {
    const begun = beginEditing(floor({ width: 20, height: 10 }, [{ x: 18, y: 4 }]));
    expect(resize(begun, 12, 10).draft).toMatchObject({ width: 12, height: 10 });
    expect(resize(begun, 12, 10).draft.places.get('door_1')).toEqual({ x: 12, y: 4 });
    for (const side of [0, -1, 10_001, Number.NaN]) expect(resize(begun, side, 10)).toBe(begun);
  });

  it('is sent with the doors that are on the floor, and no others', () => {
    const before = floor({ width: 20, height: 10 }, [
      { x: 3, y: 4 },
      { x: 6, y: 4 },
    ]);
    const { draft } = beginEditing(before);
    const left = { ...before, doors: before.doors.slice(0, 1) };
    expect(planOf(draft, left)).toEqual({ width: 20, height: 10, doors: [{ door_id: 'door_1', x: 3, y: 4 }] });
  });
});
