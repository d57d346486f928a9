import { fileURLToPath } from 'node:url';
import { chromiumMissing } from '@cardea/twin-browser';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { access } from '../src/access.ts';
import { agreement } from '../src/agreement.ts';
import { exchange } from '../src/exchange.ts';
import { fleet } from '../src/fleet.ts';
import { frames } from '../src/frames.ts';
import { hotel } from '../src/hotel.ts';
import { intake } from '../src/intake.ts';
import { lookup } from '../src/lookup.ts';
import type { Figure } from '../src/measure.ts';
import { monitor } from '../src/monitor.ts';
import { scpm } from '../src/scpm.ts';
import { stanza } from '../src/stanza.ts';
import { tap } from '../src/tap.ts';
import { unlock } from '../src/unlock.ts';
import { web } from '../src/web.ts';

// The measured servers are processes of their own, each of which would take a second of the processor to be compiled.
beforeAll(() => {
  vi.stubEnv('NODE_COMPILE_CACHE', fileURLToPath(new URL('../../node_modules/.cache/cardea', import.meta.url)));
});
afterAll(() => {
  vi.unstubAllEnvs();
});

// Whether a goal is met is the bench's own affair, on a quiet machine: here each figure has only to come about.
it.each([
  ['frames', () => frames({ rounds: 3 })],
  ['scpm', () => scpm({ rounds: 3 })],
  ['unlock', () => unlock({ iterations: 3, warmUp: 1 })],
  ['tap', () => tap({ taps: 3 })],
  ['intake', () => intake({ connections: 2, rounds: 1, sliceMs: 20 })],
  ['stanza', () => stanza({ iterations: 5, warmUp: 1 })],
  ['lookup', () => lookup({ rounds: 1, requests: 50, size: { gateways: 1, locksEach: 2 } })],
  ['fleet', () => fleet({ size: { gateways: 2, locksEach: 1 }, perS: 20, seconds: 0.5, lookEveryMs: 200 })],
  ['hotel', () => hotel({ doors: 3, days: 2 })],
  ['access', () => access({ doors: 20, grants: 100, rounds: 2, calls: 10 })],
  ['exchange', () => exchange({ rounds: 1, calls: 2 })],
  ['agreement', () => agreement({ rounds: 1 })],
  // A whole day passes in the monitor's own test.
  ['monitor', () => monitor({ days: 0 })],
] as const)('bench %s yields finite figures', { timeout: 60_000 }, async (_name, run) => {
  expectFinite(await run());
});

it.skipIf(chromiumMissing())('bench web yields finite figures', { timeout: 120_000 }, async () => {
  expectFinite(await web({ doors: 20, rounds: 1, lookMs: 300, changesPerS: 5, changes: 2 }));
});

function expectFinite(figures: readonly Figure[]): void {
  expect(figures.length).toBeGreaterThan(0);
  for (const { value, unit, of } of figures) {
    // What a handful of gateways adds to a process is lost in what the process does besides.
    // A page that never held still for 50 ms has no longest task.
    if (unit !== 'kB' && unit !== 'ms') expect(value).toBeGreaterThan(0);
    for (const number of [value, ...Object.values(of)]) expect(number).toSatisfy(Number.isFinite);
  }
}
