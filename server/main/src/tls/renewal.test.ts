import fc from 'fast-check';
import { expect, it } from 'vitest';
import { renewAtMs, retryInMs } from './renewal.ts';

const DAY_MS = 86_400_000;
const life = fc
  .record({ notBeforeMs: fc.integer({ min: 0, max: 4e12 }), days: fc.integer({ min: 1, max: 400 }) })
  .map(({ notBeforeMs, days }) => ({ notBeforeMs, notAfterMs: notBeforeMs + days * DAY_MS }));
const draw = fc.double({ min: 0, max: 1, noNaN: true });

it('a certificate is renewed between two thirds and seven tenths of its life, whatever that is', () => {
  fc.assert(
    fc.property(life, draw, (one, drawn) => {
      const part = (renewAtMs(one, drawn) - one.notBeforeMs) / (one.notAfterMs - one.notBeforeMs);
      expect(part).toBeGreaterThanOrEqual(0.6666);
      expect(part).toBeLessThanOrEqual(0.7001);
    }),
  );
});

it('waits grow with the failures in a row, within a day, and never go below what was asked for', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 50 }),
      draw,
      fc.option(fc.integer({ min: 0, max: 7 * DAY_MS })),
      (n, drawn, asked) => {
        const waitMs = retryInMs(n, drawn, asked ?? undefined);
        expect(waitMs).toBeGreaterThanOrEqual(asked ?? 0);
        expect(waitMs).toBeGreaterThanOrEqual(5 * 60_000);
        if (asked === null) expect(waitMs).toBeLessThanOrEqual(DAY_MS);
        expect(retryInMs(n + 1, 0, undefined)).toBeGreaterThanOrEqual(retryInMs(n, 0, undefined));
      },
    ),
  );
});

it('at most five failed proofs fall into an hour', () => {
  let atMs = 0;
  const failures = Array.from({ length: 20 }, (_, i) => (atMs += retryInMs(i + 1, 0, undefined)));
  for (const one of failures) {
    expect(failures.filter((other) => other >= one && other < one + 3_600_000).length).toBeLessThanOrEqual(5);
  }
});
