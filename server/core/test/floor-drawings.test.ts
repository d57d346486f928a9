import { describe, expect, it } from 'vitest';
import { openWorld, page } from './kit.ts';

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3];
const JPEG = [0xff, 0xd8, 0xff, 0xe0];
const WEBP = [...'RIFF....WEBPVP8 '].map((letter) => letter.charCodeAt(0));
const MEBIBYTE = 1_048_576;

async function floorOf() {
  const world = await openWorld();
  const { core, owner, propertyId } = world;
  const { id } = await core.estate.addFloor(owner, { propertyId, name: 'first', level: 1 });
  const set = (mediaType: string, octets: Uint8Array) => core.estate.setDrawing(owner, id, { mediaType, octets });
  return { world, core, owner, id, set };
}

describe('a drawing of a floor', () => {
  it('is given out as it was put there, the newest alone, until it is taken away', async () => {
    const { core, owner, id, set } = await floorOf();
    expect(await core.estate.getDrawing(owner, id)).toBeUndefined();
    await set('image/png', Uint8Array.from(PNG));
    await set('image/jpeg', Uint8Array.from(JPEG));
    const drawing = await core.estate.getDrawing(owner, id);
    expect(drawing?.mediaType).toBe('image/jpeg');
    expect(Array.from(drawing?.octets ?? [])).toEqual(JPEG);
    await core.estate.removeDrawing(owner, id);
    expect(await core.estate.getDrawing(owner, id)).toBeUndefined();
    await expect(core.estate.removeDrawing(owner, id)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('is on record without its octets', async () => {
    const { core, owner, id, set } = await floorOf();
    await set('image/png', Uint8Array.from(PNG));
    const [event] = await core.events.list(owner, { type: 'estate.floor_drawing_set' }, page);
    expect(event?.detail).toEqual({ floor_id: id, media_type: 'image/png', octets: PNG.length });
  });

  it('goes with its floor', async () => {
    const { world, core, owner, id, set } = await floorOf();
    await set('image/png', Uint8Array.from(PNG));
    await core.estate.removeFloor(owner, id);
    expect(await world.store.read((tx) => tx.drawings.get(id))).toBeUndefined();
  });

  it.each([
    ['image/png', PNG],
    ['image/jpeg', JPEG],
    ['image/webp', WEBP],
  ])('is taken as %s when it begins as one', async (type, octets) => {
    const { set, id } = await floorOf();
    expect((await set(type, Uint8Array.from(octets))).id).toBe(id);
  });

  it.each([
    ['an SVG, which can hold a script', 'image/svg+xml', [0x3c], 'media_type'],
    ['a page that calls itself a picture', 'image/png', [...'<html>'].map((one) => one.charCodeAt(0)), 'data'],
    ['a JPEG that calls itself a PNG', 'image/png', JPEG, 'data'],
    [
      'a sound in the same container as WebP',
      'image/webp',
      [...'RIFF....WAVE'].map((one) => one.charCodeAt(0)),
      'data',
    ],
    ['a PNG that breaks off in its signature', 'image/png', PNG.slice(0, 7), 'data'],
    ['nothing', 'image/jpeg', [], 'data'],
  ])('is not %s', async (_, type, octets, field) => {
    const { set } = await floorOf();
    await expect(set(type, Uint8Array.from(octets))).rejects.toMatchObject({ code: 'invalid', field });
  });

  it('has at most 1 MiB', async () => {
    const { set } = await floorOf();
    const octets = new Uint8Array(MEBIBYTE + 1);
    octets.set(PNG);
    await expect(set('image/png', octets)).rejects.toMatchObject({ code: 'invalid', field: 'data' });
    await set('image/png', octets.subarray(0, MEBIBYTE));
  });
});
