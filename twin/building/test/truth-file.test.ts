import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openTruthFile, readTruthFile, type Truth } from '../src/truth-file.ts';

const SEEN: readonly Truth[] = [
  { atMs: 1, lock: 'C0DEA0000101', kind: 'powered', boltOut: true },
  { atMs: 2, lock: 'C0DEA0000101', kind: 'moving', operation: 'unlock', cause: 'command' },
  { atMs: 3, lock: 'C0DEA0000101', kind: 'rest', operation: 'unlock', cause: 'command', boltOut: false, jammed: false },
];

it('what was seen is read back, across openings, and what is no sighting is refused by its line', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cardea-truth-'));
  try {
    const path = join(folder, 'truth.ndjson');
    const [first, ...others] = SEEN;
    openTruthFile(path).write(first as Truth);
    const again = openTruthFile(path);
    for (const one of others) again.write(one);
    expect(readTruthFile(path)).toEqual(SEEN);
    appendFileSync(path, '{"at_ms":4,"lock":"C0DEA0000101","kind":"rest"}\n');
    expect(() => readTruthFile(path)).toThrow(`${path}:4`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
