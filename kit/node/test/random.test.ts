import { toHex } from '@cardea/kit-octets';
import { expect, test } from 'vitest';
import { systemRandom } from '../src/index.ts';

test("no two requests of the system's generator get the same octets, whatever their sizes", () => {
  const seen = new Set<string>();
  for (let i = 0; i < 5000; i++) {
    const octets = systemRandom.octets(16 + (i % 300));
    expect(octets.length).toBe(16 + (i % 300));
    seen.add(toHex(octets.subarray(0, 16)));
  }
  expect(seen.size).toBe(5000);
});

test('what was handed out stays as it was, and belongs to the caller', () => {
  const first = systemRandom.octets(16);
  const kept = toHex(first);
  for (let i = 0; i < 600; i++) systemRandom.octets(16);
  expect(toHex(first)).toBe(kept);
  expect(first.buffer.byteLength).toBe(16);
});
