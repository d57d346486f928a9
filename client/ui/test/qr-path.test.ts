import { expect, it } from 'vitest';
import { qrPath } from '../src/qr/qr-path.ts';
import { readQr } from '../src/qr/read-qr.ts';

const SCALE = 4;

it.each([
  'otpauth://totp/Cardea:guest@example.org?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Cardea&period=30',
  'a',
])('what is drawn is read as what it was drawn of: %s', async (text) => {
  const { sideModules, path } = qrPath(text);
  const side = sideModules * SCALE;
  const data = new Uint8ClampedArray(side * side * 4).fill(255);
  const squares = [...path.matchAll(/M(\d+) (\d+)h1v1h-1z/g)].map(([, x, y]) => [Number(x), Number(y)] as const);
  // The quiet zone of four modules stays light.
  expect(Math.min(...squares.flat())).toBe(4);
  expect(Math.max(...squares.flat())).toBe(sideModules - 5);
  for (const [x, y] of squares) {
    for (let at = 0; at < SCALE * SCALE; at++) {
      const pixel = (y * SCALE + Math.floor(at / SCALE)) * side + x * SCALE + (at % SCALE);
      data.set([0, 0, 0], 4 * pixel);
    }
  }
  expect(await readQr({ width: side, height: side, data })).toBe(text);
});
