import { describe, expect, it } from 'vitest';
import { type StormReport, storm } from './storm.ts';

/** `STORMS=10000 npm test -- wire/scpm/test/storm.test.ts` runs more of them; `STORM_SEED` begins elsewhere. */
const RUNS = Number(process.env.STORMS ?? 500);
const FIRST_SEED = Number(process.env.STORM_SEED ?? 1);

describe('two machines over a lossy, duplicating, reordering link, with power cuts between any two effects', () => {
  for (const { profile, group, share } of [
    { profile: 'hardened', group: 2, share: 0.7 },
    { profile: 'hardened', group: 1, share: 0.1 },
    { profile: 'standard', group: 3, share: 0.2 },
  ] as const) {
    it(`end with the same active key, never stuck, nothing executed twice: ${profile}, group ${group}`, () => {
      const runs = Math.ceil(RUNS * share);
      const reports = Array.from({ length: runs }, (_, i) => storm(FIRST_SEED + i, { settings: { profile }, group }));
      expect(reports.filter(({ faults }) => faults.length > 0)).toEqual([]);
      const sum = (of: (report: StormReport) => number) => reports.reduce((total, report) => total + of(report), 0);
      // The weather did its work, and so did the machines.
      expect(sum(({ cuts }) => cuts)).toBeGreaterThan(runs);
      expect(sum(({ delivered }) => delivered)).toBeGreaterThan(2 * runs);
    }, 3_600_000);
  }
});
