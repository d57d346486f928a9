import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { decodeInput, encodeInput, readCorpus } from '../src/fuzz/corpus.ts';
import { fuzz, isPlateau, replay } from '../src/fuzz/fuzz.ts';
import { must, octetsOf, type Target } from '../src/fuzz/target.ts';
import { TARGETS } from '../src/fuzz/targets/list.ts';

const corpusFolder = fileURLToPath(new URL('../../vectors/corpus/', import.meta.url));

describe('every parser of octets from outside', () => {
  it('has a corpus, and every corpus a parser', () => {
    const kept = readdirSync(corpusFolder).map((file) => file.replace(/\.json$/, ''));
    expect(kept.sort()).toEqual(Object.keys(TARGETS).sort());
  });

  it.each(Object.keys(TARGETS))('%s holds against what fuzzing has kept', async (name) => {
    const target = await TARGETS[name]!();
    const { kept, found } = readCorpus(join(corpusFolder, `${name}.json`));
    expect(kept.length).toBeGreaterThan(0);
    expect(
      (await replay(target, [...kept, ...found])).map(({ what, input }) => `${what} ${encodeInput(input)}`),
    ).toEqual([]);
  });
});

describe('the fuzzer', () => {
  const target = (run: (text: string) => void): Target => ({
    name: 'planted',
    covers: [],
    seeds: [octetsOf('{"a":1}')],
    maxOctets: 64,
    run: (input) => run(Buffer.from(input).toString('latin1')),
  });
  /** Coverage by what `reach` is told, in place of V8's: which of the planted branches an input took. */
  function planted(run: (text: string, reach: (branch: number) => void) => void) {
    const taken = new Set<number>();
    const ever = new Set<number>();
    const coverage = {
      texts: ["const words = ['unlock', 'now', '!'];"],
      take(hit?: (place: number) => void) {
        const fresh = [...taken].filter((branch) => !ever.has(branch));
        for (const branch of taken) hit?.(branch);
        for (const branch of taken) ever.add(branch);
        taken.clear();
        return { fresh, steps: 0 };
      },
      forget: () => ever.clear(),
      blocks: () => ({ covered: ever.size, total: 4 }),
      missing: () => [],
    };
    return { coverage, target: target((text) => run(text, (branch) => taken.add(branch))) };
  }

  it('climbs from branch to branch to a fault that no single mutation reaches', async () => {
    const { coverage, target } = planted((text, reach) => {
      reach(0);
      if (!text.includes('unlock')) return;
      reach(1);
      if (!text.startsWith('now')) return;
      reach(2);
      must(!text.endsWith('!'), 'the planted fault');
    });
    const report = await fuzz(target, coverage, { seed: 1, quietAtLeast: 40_000, secondsMax: 60, kept: [] });
    expect(report.broken.map(({ what }) => what)).toEqual(['the planted fault']);
    expect(report.corpus.some((input) => Buffer.from(input).toString().startsWith('now'))).toBe(true);
    expect(report.plateau).toBe(true);
  });

  it('finds an error that nobody foresaw, and a changed prototype', async () => {
    const wild = target((text) => {
      if (text === 'type') Reflect.get(undefined as never, 'x');
      if (text === 'proto') Reflect.set(Object.prototype, 'polluted', true);
    });
    const found = await replay(wild, ['type', 'proto', 'fine'].map(octetsOf));
    Reflect.deleteProperty(Object.prototype, 'polluted');
    expect(found.map(({ what }) => what.split('\n')[0])).toEqual([
      expect.stringMatching(/^TypeError/),
      'a prototype was changed by an input of this batch',
    ]);
  });

  it('says that coverage stopped growing after the least quiet, and after twice what the last new block took', () => {
    expect(isPlateau(1000, 0, 1000)).toBe(true);
    expect(isPlateau(999, 0, 1000)).toBe(false);
    expect(isPlateau(30_000, 10_001, 1000)).toBe(false);
    expect(isPlateau(30_000, 10_000, 1000)).toBe(true);
  });

  it('keeps inputs as text where they are printable', () => {
    for (const input of [octetsOf('a\nb'), Uint8Array.of(0, 255), new Uint8Array(0)]) {
      expect(decodeInput(encodeInput(input))).toEqual(input);
    }
    expect(encodeInput(octetsOf('{"a":1}'))).toBe('t:{"a":1}');
    expect(() => decodeInput('a')).toThrow(RangeError);
  });
});
