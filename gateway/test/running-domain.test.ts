import { nodePrimitives, seededDh, seededRandom, settle } from '@cardea/kit-node';
import { createVirtualClock, Secret, silentLog } from '@cardea/kit-runtime';
import { expect, it } from 'vitest';
import { makeDomain } from '../src/scpm/create-domain.ts';
import type { DomainStore } from '../src/scpm/domain-store.ts';
import { type RunningDomain, runDomain } from '../src/scpm/running-domain.ts';
import { memoryStore } from './memory-store.ts';

const DAY_MS = 86_400_000;
const random = seededRandom('rotation');
const choice = { profile: 'hardened', group: 2, algorithm: 'ccm', pin: new Secret('246810') } as const;

async function power(
  clock: ReturnType<typeof createVirtualClock>,
  store: DomainStore,
  broken: (error: unknown) => void,
): Promise<RunningDomain> {
  const stored = await store.read();
  if (stored === undefined) throw new Error('no domain');
  const parts = { clock, random, log: silentLog, primitives: nodePrimitives, dh: seededDh(random), store, broken };
  const domain = runDomain(parts, stored, () => {});
  domain.start();
  return domain;
}

const failed = (error: unknown): never => {
  throw error;
};
const generationOf = ({ state }: RunningDomain) => state.domainKeys[0]?.generation;

it('renews the user key at its interval, counted through restarts', async () => {
  const clock = createVirtualClock(Date.UTC(2026, 0, 5), settle);
  const store = memoryStore();
  const parts = { primitives: nodePrimitives, random, nowMs: clock.now() };
  await makeDomain(store, parts, { ...choice, rotateEveryMs: 30 * DAY_MS });
  let domain = await power(clock, store, failed);
  await clock.advance(20 * DAY_MS);
  await domain.stop();
  domain = await power(clock, store, failed);
  await clock.advance(9.9 * DAY_MS);
  expect(generationOf(domain)).toBe(1);
  await clock.advance(0.2 * DAY_MS);
  expect(generationOf(domain)).toBe(2);
  await clock.advance(29 * DAY_MS);
  expect(generationOf(domain)).toBe(2);
  await clock.advance(2 * DAY_MS);
  expect(generationOf(domain)).toBe(3);
  await domain.stop();
});

it('an interval of 0 renews nothing by itself', async () => {
  const clock = createVirtualClock(Date.UTC(2026, 0, 5), settle);
  const store = memoryStore();
  await makeDomain(store, { primitives: nodePrimitives, random, nowMs: clock.now() }, { ...choice, rotateEveryMs: 0 });
  const domain = await power(clock, store, failed);
  await clock.advance(400 * DAY_MS);
  expect(generationOf(domain)).toBe(1);
});

it('a record that cannot be written stops the domain, and says so', async () => {
  const clock = createVirtualClock(Date.UTC(2026, 0, 5), settle);
  const store = memoryStore();
  await makeDomain(store, { primitives: nodePrimitives, random, nowMs: clock.now() }, { ...choice, rotateEveryMs: 0 });
  const told: unknown[] = [];
  const full = { ...store, persist: () => Promise.reject(new Error('ENOSPC')) };
  const domain = await power(clock, full, (error) => told.push(error));
  domain.renew([1]);
  await domain.settled();
  expect(told).toMatchObject([{ message: 'ENOSPC' }]);
});
