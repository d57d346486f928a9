import { nodeKeyAgreement, nodePrimitives, seededRandom, settle } from '@cardea/kit-node';
import { createVirtualClock, silentLog } from '@cardea/kit-runtime';
import { treeHash } from '@cardea/wire-audit';
import { expect, it } from 'vitest';
import { createHeads } from '../src/audit/heads.ts';
import { type Context, createContext } from '../src/context.ts';
import type { CorePorts, Store } from '../src/index.ts';
import { verifyAudit } from '../src/index.ts';
import { memoryStore, openWorld, START_MS } from './kit.ts';

const ORGANIZATION = 'org_a';

/** A record with one organization and the context that writes to it. */
async function opened(seed = 1): Promise<{ store: Store; context: Context; ports: CorePorts }> {
  const store = memoryStore();
  await store.unit((tx) => tx.organizations.insert({ id: ORGANIZATION, name: 'A', createdAt: 1 }));
  const ports = portsOver(store, seed);
  return { store, context: createContext(ports), ports };
}

function portsOver(store: Store, seed: number): CorePorts {
  const none = () => Promise.reject(new Error('not asked for here'));
  return {
    store,
    clock: createVirtualClock(START_MS, settle),
    random: seededRandom(`audit ${seed}`),
    primitives: nodePrimitives,
    keys: nodeKeyAgreement,
    passwords: { hash: none, verify: none },
    scram: { derive: none },
    uplink: { send: () => false, disconnect: () => undefined },
    log: silentLog,
  };
}

const fact = (n: number, personId: string | null = null) =>
  ({ organizationId: ORGANIZATION, type: 'estate.tested', personId, detail: { n } }) as const;

it('every event has its leaf, and the log verifies', async () => {
  const world = await openWorld();
  const [found] = await verifyAudit({ store: world.store, primitives: nodePrimitives, keys: nodeKeyAgreement });
  expect(found).toMatchObject({ ok: true, record: [] });
  expect(found!.events).toBeGreaterThan(2);
  expect(found!.log.leaves).toBe(found!.events);
});

it('a unit that fails takes its leaves with it, and its neighbours in the same commit follow on without a gap', async () => {
  const { store, context, ports } = await opened();
  let kept = 0;
  for (let round = 0; round < 20; round++) {
    const units = await Promise.allSettled(
      Array.from({ length: 8 }, (_, i) =>
        context.write(async (_tx, note) => {
          await note(fact(i, i % 2 === 0 ? 'per_1' : null));
          await note(fact(i));
          if ((i + round) % 3 === 0) throw new Error('no');
        }),
      ),
    );
    expect(units.some(({ status }) => status === 'rejected')).toBe(true);
    kept += units.filter(({ status }) => status === 'fulfilled').length;
  }
  const [found] = await verifyAudit(ports);
  expect(found).toMatchObject({ ok: true, record: [] });
  expect(found!.events).toBe(2 * kept);
  expect(found!.log.leaves).toBe(2 * kept);
  await store.close();
});

it('notes of one unit that do not wait for each other take numbers of their own', async () => {
  const { context, ports } = await opened();
  await context.write(async (_tx, note) => {
    await Promise.all(Array.from({ length: 30 }, (_, i) => note(fact(i, `per_${i % 3}`))));
  });
  expect((await verifyAudit(ports))[0]).toMatchObject({ ok: true, events: 30, log: { leaves: 30 } });
});

it('another process goes on where the last one ended, over stored hashes of 256 leaves', async () => {
  const { store, context, ports } = await opened();
  const write = (to: Context, count: number) =>
    to.write(async (_tx, note) => {
      for (let i = 0; i < count; i++) await note(fact(i));
    });
  await write(context, 600);
  const next = portsOver(store, 2);
  await write(createContext(next), 1);
  // The first process comes back: what it remembers is behind the record by a leaf.
  await write(context, 300);
  const heads = createHeads(context, () => undefined);
  await heads.sign(ORGANIZATION);
  const [found] = await verifyAudit(ports);
  expect(found).toMatchObject({ ok: true, events: 901, log: { leaves: 901, heads: 1, uncovered: 0 } });
  expect(await store.read((tx) => tx.audit.nodeHashes(ORGANIZATION, 8, 0, 10))).toHaveLength(3);
  expect(treeHash(nodePrimitives).empty()).not.toEqual(found!.log.root);
});

it('organizations have logs of their own', async () => {
  const { store, context, ports } = await opened();
  await store.unit((tx) => tx.organizations.insert({ id: 'org_b', name: 'B', createdAt: 1 }));
  await context.write(async (_tx, note) => {
    await note(fact(1));
    await note({ ...fact(2), organizationId: 'org_b' });
    await note(fact(3));
  });
  expect((await verifyAudit(ports)).map(({ log }) => log.leaves)).toEqual([2, 1]);
});

it('an event that is there already has no second leaf', async () => {
  const { context, ports } = await opened();
  const draft = { ...fact(1), lockId: 'lock_1', lockSequence: 5 };
  const noted = await context.write(async (_tx, note) => [await note(draft), await note(draft)]);
  expect(noted).toEqual([true, false]);
  expect((await verifyAudit(ports))[0]).toMatchObject({ ok: true, events: 1, log: { leaves: 1 } });
});

it('a log whose past was changed gets no further head', async () => {
  const { store, context, ports } = await opened();
  const heads = createHeads(context, () => undefined);
  await context.write((_tx, note) => note(fact(1)));
  await heads.sign(ORGANIZATION);
  await context.write((_tx, note) => note(fact(2)));
  await store.unit(async (tx) => {
    const [first] = await tx.audit.leaves(ORGANIZATION, 0, 1);
    // As an editor of the file would: a leaf of another text, with its own hash beside it. Done by way of a node-less tree.
    const audit = tx.audit as { leafHashes: unknown };
    const real = tx.audit.leafHashes;
    audit.leafHashes = async (...asked: Parameters<typeof real>) => {
      const hashes = await real(...asked);
      return asked[1] === 0 ? [treeHash(nodePrimitives).leaf(first!.hash), ...hashes.slice(1)] : hashes;
    };
  });
  await expect(heads.sign(ORGANIZATION)).rejects.toMatchObject({ code: 'conflict' });
  expect(ports.store).toBe(store);
});
