import { nodeKeyAgreement, nodePrimitives, seededRandom } from '@cardea/kit-node';
import { silentLog } from '@cardea/kit-runtime';
import { expect, it } from 'vitest';
import { type CorePorts, recordRestore } from '../src/index.ts';
import { attemptAt, openWorld, START_MS } from './kit.ts';

const mark = (n: number) => ({ id: `rst_${n}`, backupMadeAt: START_MS - 1000 });

async function opened() {
  const world = await openWorld();
  await world.core.stop();
  const none = () => Promise.reject(new Error('not asked for here'));
  const portsAt = (nowMs: number): CorePorts => ({
    store: world.store,
    clock: { now: () => nowMs, monotonic: () => 0, after: () => () => {} },
    random: seededRandom('restore'),
    primitives: nodePrimitives,
    keys: nodeKeyAgreement,
    passwords: { hash: none, verify: none },
    scram: { derive: none },
    uplink: { send: () => false, disconnect: () => undefined },
    log: silentLog,
  });
  return { world, portsAt };
}

it('what could have been withdrawn since the backup is withdrawn, and what was under way is over', async () => {
  const { world, portsAt } = await opened();
  const { organizationId, personId } = world.owner;
  await world.store.unit(async (tx) => {
    await tx.tokens.insert({
      id: 'tok_1',
      organizationId,
      personId,
      kind: 'api',
      phoneId: null,
      name: 'long',
      hash: 'a'.repeat(64),
      scopes: [],
      createdAt: START_MS,
      expiresAt: Number.MAX_SAFE_INTEGER - 1,
    });
    await tx.gateways.setEnrolment(world.gatewayId, 'b'.repeat(64), START_MS + 3_600_000);
    await tx.idempotency.set('k', {
      owner: organizationId,
      bodyHash: '',
      status: 200,
      headers: '',
      body: '',
      createdAt: START_MS,
    });
    for (const [id, state] of [
      ['att_1', 'pending'],
      ['att_2', 'sent'],
    ] as const) {
      const who = { organizationId, doorId: world.door.id, lockId: world.lockId, actorId: personId };
      await tx.attempts.insert(attemptAt(START_MS, { id, ...who, state }));
    }
  });
  await recordRestore(portsAt(START_MS + 5000), mark(1));
  await world.store.unit(async (tx) => {
    expect(await tx.tokens.get(organizationId, 'tok_1')).toBeUndefined();
    expect(await tx.tokens.list(organizationId, personId)).toEqual([]);
    expect(await tx.gateways.takeEnrolment('b'.repeat(64), START_MS)).toBeUndefined();
    expect(await tx.idempotency.get('k')).toBeUndefined();
    expect(await tx.attempts.open()).toEqual([]);
    // Pending in the backup may have been sent after it: nobody knows what came of either.
    for (const id of ['att_1', 'att_2']) {
      expect(await tx.attempts.get(organizationId, id)).toMatchObject({ state: 'expired', reason: 'outcome_unknown' });
    }
  });
});

it('a restore is recorded once, whatever happens between its unit and the end of its mark', async () => {
  const { world, portsAt } = await opened();
  const first = await recordRestore(portsAt(START_MS), mark(1));
  const events = await world.store.read((tx) =>
    tx.events.list(world.owner.organizationId, {}, { after: undefined, limit: 200 }),
  );
  expect(await recordRestore(portsAt(START_MS + 60_000), mark(1))).toEqual(first);
  const again = await world.store.read((tx) =>
    tx.events.list(world.owner.organizationId, {}, { after: undefined, limit: 200 }),
  );
  expect(again).toEqual(events);
  expect(events.filter(({ type }) => type === 'estate.restored')).toHaveLength(1);
});

it('the floor of generations only rises, also for a restore of the same backup and with a clock set back', async () => {
  const { portsAt } = await opened();
  const first = await recordRestore(portsAt(START_MS), mark(1));
  // One order a second since 2024 would have come so far: whoever counts orders one by one has not.
  expect(first.generationFloor).toBe(START_MS / 1000 - Date.UTC(2024, 0, 1) / 1000);
  expect(first.generationFloor).toBeLessThan(2 ** 32);
  const second = await recordRestore(portsAt(START_MS + 1000), mark(2));
  const third = await recordRestore(portsAt(START_MS - 86_400_000), mark(3));
  expect(second.generationFloor).toBeGreaterThan(first.generationFloor);
  expect(third.generationFloor).toBeGreaterThan(second.generationFloor);
});
