import { doorStateOf } from '@cardea/client-sdk';
import { describe, expect, it } from 'vitest';
import { type FloorDoors, layOut } from '../src/plan/layout.ts';
import { type Picture, paint } from '../src/plan/paint.ts';
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
  const images: (readonly unknown[])[] = [];
  const context = new Proxy({} as Record<string | symbol, unknown>, {
    get: (_, name) => (name === 'drawImage' ? (...told: readonly unknown[]) => images.push(told) : () => {}),
    set: () => true,
  });
  const sheet = layOut([floor]);
  const doors = sheet.doors.map((door) => ({ ...door, name: door.id }));
  const picture = {
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
    backdrop: backdrop as unknown as CanvasImageSource | undefined,
  } satisfies Picture;
  paint(context as unknown as CanvasRenderingContext2D, picture);
  return images;
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
