import { doorStateOf } from '@cardea/client-sdk';
import { describe, expect, it } from 'vitest';
import { type FloorDoors, layOut } from '../src/plan/layout.ts';
import { type Picture, paint, paintAnew } from '../src/plan/paint.ts';
import type { Palette } from '../src/plan/palette.ts';
import { createSpatialIndex } from '../src/plan/spatial.ts';
import type { Sprites } from '../src/plan/sprites.ts';

const drawn: FloorDoors = {
  id: 'floor_1',
  name: 'Floor 1',
  plan: { width: 30, height: 20 },
  doors: [
    { id: 'placed', name: '101', position: { x: 10, y: 5 } },
    { id: 'loose', name: '102', position: null },
  ],
};

/** The images that a context is told to draw, in their order, each with its place. */
function imagesOf(floor: FloorDoors, backdrop: string | undefined): readonly (readonly unknown[])[] {
  const { context, told } = listening('drawImage');
  paint(context, { ...pictureOf(floor), backdrop: backdrop as unknown as CanvasImageSource | undefined });
  return told.drawImage;
}

/** A context that keeps what some of its functions are told. */
function listening<Name extends string>(...names: readonly Name[]) {
  const told = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, (readonly unknown[])[]>;
  const context = new Proxy({} as Record<string | symbol, unknown>, {
    get:
      (_, name) =>
      (...args: readonly unknown[]) =>
        told[name as Name]?.push(args),
    set: () => true,
  });
  return { context: context as unknown as CanvasRenderingContext2D, told };
}

function pictureOf(floor: FloorDoors): Picture {
  const sheet = layOut([floor]);
  const doors = sheet.doors.map((door) => ({ ...door, name: door.id }));
  return {
    sheet,
    index: createSpatialIndex(doors, 8),
    stateOf: () => doorStateOf(undefined, 0),
    view: { x: -2, y: -1, scale: 10 },
    size: { width: 800, height: 600 },
    ratio: 1,
    palette: {} as Palette,
    sprites: { of: () => 'sign' } as unknown as Sprites,
    chosen: undefined,
    moved: undefined,
    backdrop: undefined,
  };
}

describe('the picture behind a plan', () => {
  it('lies below the doors, over the sides of the plan and not over doors that nobody has placed', () => {
    const images = imagesOf(drawn, 'picture');
    expect(images[0]).toEqual(['picture', 20, 10, 300, 200]);
    expect(images.map(([image]) => image)).toEqual(['picture', 'sign', 'sign']);
    const [loose] = layOut([drawn]).doors.filter(({ id }) => id === 'loose');
    expect(loose?.y).toBeGreaterThan(20);
  });

  it('is not painted where nobody has drawn the floor: nothing says how large it is', () => {
    expect(imagesOf({ ...drawn, plan: null }, 'picture').map(([image]) => image)).toEqual(['sign', 'sign']);
  });

  it('is left out where there is none', () => {
    expect(imagesOf(drawn, undefined).map(([image]) => image)).toEqual(['sign', 'sign']);
  });
});

describe('a door that changed', () => {
  const many: FloorDoors = {
    id: 'floor_1',
    name: 'Floor 1',
    plan: null,
    doors: Array.from({ length: 60 }, (_, n) => ({ id: `door_${n}`, name: `${100 + n}`, position: null })),
  };
  const picture = { ...pictureOf(many), view: { x: 0, y: 0, scale: 15 }, ratio: 1.5 };
  const [door] = picture.sheet.doors;
  if (door === undefined) throw new Error('nothing was laid out');

  it('is painted anew alone, within its own place and over all of it', () => {
    const { context, told } = listening('drawImage', 'rect', 'clearRect');
    paintAnew(context, picture, [door]);
    expect(told.rect).toEqual(told.clearRect);
    const [x, y, width, height] = told.rect[0] as [number, number, number, number];
    for (const edge of [x, y, x + width, y + height]) expect(edge * 1.5).toBeCloseTo(Math.round(edge * 1.5));
    const inside = told.drawImage.filter(
      ([, left, top, wide, high]) =>
        Number(left) < x + width &&
        Number(left) + Number(wide) > x &&
        Number(top) < y + height &&
        Number(top) + Number(high) > y,
    );
    expect(inside).toHaveLength(1);
    const [, left, top, wide, high] = inside[0] as [unknown, number, number, number, number];
    expect(left).toBeGreaterThanOrEqual(x);
    expect(top).toBeGreaterThanOrEqual(y);
    expect(left + wide).toBeLessThanOrEqual(x + width);
    expect(top + high).toBeLessThanOrEqual(y + height);
    expect(told.drawImage.length).toBeLessThan(8);
  });

  it('is painted with the whole where a great many changed', () => {
    const { context, told } = listening('rect', 'drawImage');
    paintAnew(context, picture, picture.sheet.doors);
    expect(told.rect).toEqual([]);
    expect(told.drawImage.length).toBeGreaterThan(8);
  });
});
