import { describe, expect, it } from 'vitest';
import type { PlanDrawing } from '../src/index.ts';
import { openWorld, page } from './kit.ts';

/** A floor with three doors beside the hotel's own door, which is on none. */
async function hotel() {
  const world = await openWorld();
  const { core, owner, propertyId } = world;
  const floor = await core.estate.addFloor(owner, { propertyId, name: 'first', level: 1 });
  const doorIds: string[] = [];
  for (const name of ['201', '202', '203']) {
    doorIds.push((await core.estate.addDoor(owner, { propertyId, floorId: floor.id, name })).id);
  }
  const [a = '', b = '', c = ''] = doorIds;
  const draw = (doors: PlanDrawing['doors'], size = { width: 40, height: 12.5 }) =>
    core.estate.drawPlan(owner, floor.id, { ...size, doors });
  const positions = async () =>
    (await core.estate.listDoors(owner, { floorId: floor.id }, page)).map(({ position }) => position);
  return { world, floor, a, b, c, draw, positions };
}

describe('a floor plan', () => {
  it('is drawn whole: doors that it does not name are nowhere on it', async () => {
    const { floor, world, a, b, c, draw, positions } = await hotel();
    expect(floor.plan).toBeNull();
    const first = await draw([
      { doorId: a, x: 0, y: 0 },
      { doorId: b, x: 40, y: 12.5 },
    ]);
    expect(first.plan).toEqual({ width: 40, height: 12.5, revision: 1 });
    expect(await positions()).toEqual([{ x: 0, y: 0 }, { x: 40, y: 12.5 }, null]);
    await draw([{ doorId: c, x: 3, y: 4 }]);
    expect(await positions()).toEqual([null, null, { x: 3, y: 4 }]);
    const read = await world.core.estate.getFloor(world.owner, floor.id);
    expect(read.plan?.revision).toBe(2);
    const [event] = (await world.core.events.list(world.owner, { type: 'estate.floor_planned' }, page)).slice(-1);
    expect(event?.detail).toEqual({ floor_id: floor.id, revision: 2, doors: 1 });
  });

  it('is drawn by one who has seen the newest of it', async () => {
    const { world, floor, draw } = await hotel();
    await draw([]);
    const refuse = (): never => {
      throw new Error('seen another');
    };
    const drawing = { width: 1, height: 1, doors: [] };
    await expect(world.core.estate.drawPlan(world.owner, floor.id, drawing, refuse)).rejects.toThrow('seen another');
    expect((await world.core.estate.getFloor(world.owner, floor.id)).plan?.width).toBe(40);
  });

  it.each<[string, (doors: { a: string; elsewhere: string }) => PlanDrawing['doors'], string, string]>([
    ['to the right of it', ({ a }) => [{ doorId: a, x: 40.1, y: 0 }], 'invalid', 'doors.0.x'],
    ['below it', ({ a }) => [{ doorId: a, x: 0, y: 12.6 }], 'invalid', 'doors.0.y'],
    ['above it', ({ a }) => [{ doorId: a, x: 0, y: -0.1 }], 'invalid', 'doors.0.y'],
    ['at no place', ({ a }) => [{ doorId: a, x: Number.NaN, y: 0 }], 'invalid', 'doors.0.x'],
    ['twice', ({ a }) => [0, 1].map((x) => ({ doorId: a, x, y: 0 })), 'invalid', 'doors.1.door_id'],
    [
      'of no floor',
      ({ a, elsewhere }) => [a, elsewhere].map((doorId) => ({ doorId, x: 1, y: 1 })),
      'not_found',
      'doors.1.door_id',
    ],
    ['that never was', () => [{ doorId: 'door_never', x: 1, y: 1 }], 'not_found', 'doors.0.door_id'],
  ])('with a door %s is refused, and nothing of it is kept', async (_, doors, code, field) => {
    const { world, a, draw, positions } = await hotel();
    await draw([{ doorId: a, x: 5, y: 5 }]);
    const before = await positions();
    await expect(draw(doors({ a, elsewhere: world.door.id }))).rejects.toMatchObject({ code, field });
    expect(await positions()).toEqual(before);
  });

  it.each([
    ['width', { width: 0.5, height: 10 }],
    ['height', { width: 10, height: 10_001 }],
    ['width', { width: Number.POSITIVE_INFINITY, height: 1 }],
  ])('has sides within bounds: %s', async (field, size) => {
    const { draw } = await hotel();
    await expect(draw([], size)).rejects.toMatchObject({ code: 'invalid', field });
  });

  it('holds 2,000 doors and no more', async () => {
    const { a, draw } = await hotel();
    const doors = Array.from({ length: 2001 }, () => ({ doorId: a, x: 1, y: 1 }));
    await expect(draw(doors)).rejects.toMatchObject({ code: 'invalid', field: 'doors' });
  });
});

describe('a floor', () => {
  it('is called otherwise and moves in its order', async () => {
    const { world, floor } = await hotel();
    const { core, owner } = world;
    expect(await core.estate.changeFloor(owner, floor.id, { name: 'mezzanine' })).toEqual({
      ...floor,
      name: 'mezzanine',
    });
    await core.estate.changeFloor(owner, floor.id, { level: -1 });
    expect(await core.estate.getFloor(owner, floor.id)).toEqual({ ...floor, name: 'mezzanine', level: -1 });
    const refused = core.estate.changeFloor(owner, floor.id, { level: 1.5 });
    await expect(refused).rejects.toMatchObject({ code: 'invalid', field: 'level' });
  });
});

describe('a door', () => {
  it('is called by a name that is free in its property, its own included', async () => {
    const { world, a } = await hotel();
    const { core, owner } = world;
    await expect(core.estate.changeDoor(owner, a, { name: '202' })).rejects.toMatchObject({
      code: 'conflict',
      field: 'name',
    });
    expect((await core.estate.changeDoor(owner, a, { name: '201' })).name).toBe('201');
    expect((await core.estate.changeDoor(owner, a, { name: '201 A' })).name).toBe('201 A');
    expect(await core.estate.listDoors(owner, { name: '201 A' }, page)).toHaveLength(1);
  });

  it('moves to another floor of its property, and leaves its place on the plan', async () => {
    const { world, floor, a, draw } = await hotel();
    const { core, owner, propertyId } = world;
    await draw([{ doorId: a, x: 1, y: 2 }]);
    const kept = await core.estate.changeDoor(owner, a, { floorId: floor.id, kind: 'staff' });
    expect(kept.position).toEqual({ x: 1, y: 2 });
    const upper = await core.estate.addFloor(owner, { propertyId, name: 'second', level: 2 });
    const moved = await core.estate.changeDoor(owner, a, { floorId: upper.id });
    expect(moved).toEqual({ ...kept, floorId: upper.id, position: null });
    expect(await core.estate.getDoor(owner, a)).toEqual(moved);
    expect((await core.estate.changeDoor(owner, a, { floorId: null })).floorId).toBeNull();
    const events = await core.events.list(owner, { type: 'door.changed' }, page);
    expect(events.map(({ detail }) => [detail.floor_id_before, detail.floor_id])).toEqual([
      [undefined, floor.id],
      [floor.id, upper.id],
      [upper.id, null],
    ]);
    const annex = await core.estate.addProperty(owner, {
      name: 'annex',
      timeZone: 'UTC',
      region: 'eu',
      geofence: null,
    });
    const foreign = await core.estate.addFloor(owner, { propertyId: annex.id, name: 'first', level: 1 });
    await expect(core.estate.changeDoor(owner, a, { floorId: foreign.id })).rejects.toMatchObject({
      code: 'invalid',
      field: 'floor_id',
    });
  });
});
