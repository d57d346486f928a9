import { readLockCode, readQr } from '@cardea/client-ui';
import { Secret } from '@cardea/kit-runtime';
import { encodeLockLabel } from '@cardea/wire-manifest';
import { encodeQR } from 'qr';
import { describe, expect, test } from 'vitest';

/** A square picture as a canvas gives it: its sides and pixels are its class's, not its own. */
class Picture {
  readonly #side: number;
  readonly #data: Uint8ClampedArray;
  constructor(side: number, data: Uint8ClampedArray) {
    this.#side = side;
    this.#data = data;
  }
  get width(): number {
    return this.#side;
  }
  get height(): number {
    return this.#side;
  }
  get data(): Uint8ClampedArray {
    return this.#data;
  }
}

/** A QR code as a camera has it: a white margin, `scale` pixels a module. */
function photographed(text: string, scale = 6): Picture {
  const modules = encodeQR(text, 'raw', { border: 4, ecc: 'medium' });
  const side = modules.length * scale;
  const data = new Uint8ClampedArray(side * side * 4).fill(255);
  for (const [y, row] of modules.entries()) {
    for (const [x, dark] of row.entries()) {
      if (!dark) continue;
      for (let at = 0; at < scale * scale; at++) {
        const pixel = (y * scale + Math.floor(at / scale)) * side + x * scale + (at % scale);
        data.fill(0, pixel * 4, pixel * 4 + 3);
      }
    }
  }
  return new Picture(side, data);
}

describe('a QR code', () => {
  test('is read from the pixels of a picture', async () => {
    const text = encodeLockLabel({ identifier: '00112233aabb', serialKey: undefined });
    expect(await readQr(photographed(text))).toBe('CARDEA:LOCK:00112233AABB');
  });

  test('of a lock that speaks SCPM is read, and names the lock', async () => {
    const serialKey = new Secret(new Uint8Array(16).fill(0xa5));
    const text = await readQr(photographed(encodeLockLabel({ identifier: '00112233aabb', serialKey })));
    expect(readLockCode(text ?? '')).toBe('00112233AABB');
  });

  test('is not there in a white wall', async () => {
    const data = new Uint8ClampedArray(120 * 120 * 4).fill(255);
    expect(await readQr(new Picture(120, data))).toBeUndefined();
  });
});

describe('the identifier of a lock', () => {
  test.each([
    ['CARDEA:LOCK:00112233AABB', '00112233AABB'],
    [' cardea:lock:00112233aabb\n', '00112233AABB'],
    [`CARDEA:LOCK:00112233AABB/SK-${'A5'.repeat(16)}`, '00112233AABB'],
    ['CARDEA:LOCK:00112233AABB/ZZ-9', '00112233AABB'],
    ['00112233aabb', '00112233AABB'],
    ['00:11:22:33:AA:BB', '00112233AABB'],
    ['00-11-22-33-aa-bb', '00112233AABB'],
    ['0011 2233 AABB', '00112233AABB'],
  ])('is in %j', (text, identifier) => {
    expect(readLockCode(text)).toBe(identifier);
  });

  test.each([
    '',
    'CARDEA:LOCK:',
    'CARDEA:LOCK:00112233AAB',
    'CARDEA:LOCK:00112233AABBCC',
    'CARDEA:LOCK:00:11:22:33:AA:BB',
    'CARDEA:LOCK:00112233AABB/SK-A5',
    'CARDEA:GATEWAY:00112233AABB',
    'https://example.org/00112233AABB',
    '00112233AABG',
  ])('is not in %j', (text) => {
    expect(readLockCode(text)).toBeUndefined();
  });
});
