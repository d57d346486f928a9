import { describe, expect, test } from 'vitest';
import { readDrawing } from '../src/estate/drawing.ts';

describe('a picture of a floor', () => {
  test('goes to the server as it is, however long', async () => {
    const octets = Uint8Array.from({ length: 100_001 }, (_, at) => at % 251);
    const read = await readDrawing(new Blob([octets], { type: 'image/png' }));
    expect(read?.media_type).toBe('image/png');
    expect(Buffer.from(read?.data ?? '', 'base64').equals(octets)).toBe(true);
  });

  test.each([
    ['a drawing that can hold a program', 'image/svg+xml', 10],
    ['a file that does not say what it is', '', 10],
    ['an empty file', 'image/png', 0],
    ['more than 1 MiB', 'image/png', 1_048_577],
  ])('is not %s', async (_, type, length) => {
    expect(await readDrawing(new Blob([new Uint8Array(length)], { type }))).toBeUndefined();
  });
});
