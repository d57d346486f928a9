import { nodeKeyAgreement, nodePrimitives, seededRandom, settle } from '@cardea/kit-node';
import { createVirtualClock, Secret, silentLog } from '@cardea/kit-runtime';
import { openStore } from '@cardea/server-store';
import { decodeHead, decodeNote, treeHash } from '@cardea/wire-audit';
import { expect, it } from 'vitest';
import { beginLogs } from '../src/audit/backfill.ts';
import { createHeads } from '../src/audit/heads.ts';
import { noteAuditRestored } from '../src/audit/restored.ts';
import type { StoredHead } from '../src/audit/tables.ts';
import { createWitnesses } from '../src/audit/witnesses.ts';
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

it('a witness that fails is an alarm once, holds nothing up, and is asked again, less and less often', async () => {
  const { store, ports } = await opened();
  const clock = createVirtualClock(START_MS, settle);
  const given: number[] = [];
  const asked: number[] = [];
  let fails = true;
  const witness = {
    name: 'test',
    async give({ size }: { size: number }) {
      asked.push(clock.monotonic());
      if (fails) throw new Error('not today');
      given.push(size);
      return 'taken';
    },
  };
  const context = createContext({ ...ports, clock });
  const witnesses = createWitnesses(context, [witness]);
  const heads = createHeads(context, (head) => witnesses.signed(head));
  const add = (n: number) => context.write((_tx, note) => note(fact(n)));
  await add(1);
  await heads.sign(ORGANIZATION);
  await clock.advance(29_000);
  await add(2);
  await heads.sign(ORGANIZATION);
  await clock.advance(4 * 3_600_000);
  expect(asked.slice(0, 5)).toEqual([0, 30_000, 90_000, 210_000, 450_000]);
  expect(asked.length).toBeLessThan(14);
  expect(given).toEqual([]);
  fails = false;
  await clock.advance(3_600_000);
  expect(given).toHaveLength(1);
  const events = await store.read((tx) => tx.events.list(ORGANIZATION, {}, { after: undefined, limit: 100 }));
  const types = events.map(({ type }) => type).filter((type) => type !== 'estate.tested');
  expect(types).toEqual(['alarm.audit_witness_failing', 'audit.witness_recovered']);
  expect(await store.read((tx) => tx.audit.newestWitnessing(ORGANIZATION, 'test'))).toMatchObject({
    size: given[0],
    receipt: 'taken',
  });
  expect((await verifyAudit(ports))[0]).toMatchObject({ ok: true });
  await witnesses.stop();
});

it('a head that is signed while an earlier one is handed over is handed over next; an older one never is', async () => {
  const { context } = await opened();
  const given: number[] = [];
  let free = (): void => undefined;
  const witness = {
    name: 'test',
    async give({ size }: { size: number }) {
      given.push(size);
      if (size === 1) await new Promise<void>((resolve) => (free = resolve));
      return 'taken';
    },
  };
  const witnesses = createWitnesses(context, [witness]);
  const signed: StoredHead[] = [];
  const heads = createHeads(context, (head) => signed.push(head));
  for (let n = 1; n <= 3; n++) {
    await context.write((_tx, note) => note(fact(n)));
    await heads.sign(ORGANIZATION);
  }
  witnesses.signed(signed[0]!);
  await settle();
  witnesses.signed(signed[2]!);
  // Signed at the same time as the one before it, and told of later.
  witnesses.signed(signed[1]!);
  free();
  for (let i = 0; i < 10; i++) await settle();
  expect(given).toEqual([1, 3]);
  await witnesses.stop();
});

it('an alarm by the log that could not be recorded keeps no other log from its head, and is told the next time', async () => {
  const { store, ports } = await opened();
  await store.unit((tx) => tx.organizations.insert({ id: 'org_b', name: 'B', createdAt: 1 }));
  const clock = createVirtualClock(START_MS, settle);
  const context = createContext({ ...ports, clock });
  const heads = createHeads(context, () => undefined);
  await context.write((_tx, note) => note(fact(1)));
  await heads.sign(ORGANIZATION);
  await context.write(async (_tx, note) => {
    await note(fact(2));
    await note({ ...fact(1), organizationId: 'org_b' });
  });
  await store.unit(async (tx) => {
    const audit = tx.audit as { leafHashes: unknown };
    const real = tx.audit.leafHashes;
    audit.leafHashes = async (...asked: Parameters<typeof real>) => {
      const hashes = await real(...asked);
      return asked[0] === ORGANIZATION && asked[1] === 0
        ? [treeHash(nodePrimitives).leaf(hashes[0]!), ...hashes.slice(1)]
        : hashes;
    };
  });
  const unit = store.unit;
  let full = true;
  (store as { unit: unknown }).unit = (work: Parameters<typeof unit>[0]) => {
    if (!full) return unit(work);
    full = false;
    return Promise.reject(new Error('no room'));
  };
  heads.start();
  await clock.advance(600_000);
  expect((await store.read((tx) => tx.audit.newestHead('org_b')))?.size).toBe(1);
  await clock.advance(600_000);
  const types = (await store.read((tx) => tx.events.list(ORGANIZATION, {}, { after: undefined, limit: 9 }))).map(
    ({ type }) => type,
  );
  expect(types).toContain('alarm.audit_log_altered');
  await heads.stop();
});

it('what a former process did not hand over is handed over at the start', async () => {
  const { context } = await opened();
  const heads = createHeads(context, () => undefined);
  await context.write((_tx, note) => note(fact(1)));
  await heads.sign(ORGANIZATION);
  const given: number[] = [];
  const witness = { name: 'test', give: async ({ size }: { size: number }) => String(given.push(size)) };
  const witnesses = createWitnesses(context, [witness]);
  await witnesses.start();
  await witnesses.stop();
  expect(given).toEqual([1]);
  const again = createWitnesses(context, [witness]);
  await again.start();
  await again.stop();
  expect(given).toEqual([1]);
});

it('a record from before there was a log gets its leaves at the first start, in the order of its events', async () => {
  const { store, context, ports } = await opened();
  const old = Array.from({ length: 1203 }, (_, n) => ({
    ...{ propertyId: null, doorId: null, lockId: null, gatewayId: null, attemptId: null, lockSequence: null },
    ...{ occurredAt: null, receivedAt: START_MS + n, organizationId: ORGANIZATION, personId: null },
    ...{ id: `evt_${String(n).padStart(6, '0')}`, type: 'estate.old' as const, detail: { n } },
  }));
  await store.unit(async (tx) => {
    for (const event of old) await tx.events.insert(event);
  });
  await beginLogs(context);
  await context.write((_tx, note) => note(fact(1)));
  await beginLogs(context);
  const [found] = await verifyAudit(ports);
  expect(found).toMatchObject({ ok: true, events: 1204, log: { leaves: 1204 } });
  const leaves = await store.read((tx) => tx.audit.leaves(ORGANIZATION, 500, 2));
  expect(leaves.map(({ leaf }) => JSON.parse(leaf).id)).toEqual(['evt_000500', 'evt_000501']);
});

it('erasure of a person and of salts leaves the tree as it is, and nothing in it names the person', async () => {
  const { store, context, ports } = await opened();
  await context.write(async (_tx, note) => {
    await note(fact(1, 'per_1'));
    await note(fact(2, 'per_2'));
    await note(fact(3, 'per_1'));
  });
  const tags = async () =>
    (await store.read((tx) => tx.audit.leaves(ORGANIZATION, 0, 10))).map(({ leaf }) => JSON.parse(leaf).person);
  const [one, two, three] = await tags();
  expect(one).toBe(three);
  expect(one).not.toBe(two);
  const [before] = await verifyAudit(ports);
  await store.unit(async (tx) => {
    await tx.audit.erasePersonKey('per_1');
    for (const event of await tx.events.list(ORGANIZATION, { personId: 'per_1' }, { after: undefined, limit: 10 })) {
      await tx.audit.eraseSalt(ORGANIZATION, event.id);
    }
  });
  const [after] = await verifyAudit(ports);
  expect(after).toMatchObject({ ok: true, record: [] });
  expect(after!.log.root).toEqual(before!.log.root);
  await context.write((_tx, note) => note(fact(4, 'per_1')));
  expect((await tags())[3]).not.toBe(one);
  expect((await verifyAudit(ports))[0]).toMatchObject({ ok: true, record: [] });
});

it('a restore is the log’s own word: who saw later heads is told that they are gone, and why', async () => {
  const former = await opened();
  const signing = createHeads(former.context, () => undefined);
  for (const n of [1, 2, 3, 4, 5]) await former.context.write((_tx, note) => note(fact(n)));
  const head = await signing.sign(ORGANIZATION);
  const seen = [decodeHead(decodeNote(head.note).text)];

  // The record as it was after the third, under the same signing key.
  const { store, context, ports } = await opened();
  const signer = await former.store.read((tx) => tx.audit.signer());
  await store.unit((tx) => tx.audit.setSigner(signer!));
  for (const n of [1, 2, 3]) await context.write((_tx, note) => note(fact(n)));
  const denied = (await verifyAudit(ports, { seen }))[0]!.log;
  expect(denied.findings).toMatchObject([{ kind: 'head', of: 'seen', why: 'cut', until: 5 }]);
  await context.write((tx, note) =>
    noteAuditRestored(tx, note, ORGANIZATION, {
      restoreId: 'rst_1',
      backupMadeAt: START_MS - 1,
      formerHead: head.note,
    }),
  );
  expect((await verifyAudit(ports, { seen }))[0]!.log.ok).toBe(false);
  await createHeads(context, () => undefined).sign(ORGANIZATION);
  const [admitted] = await verifyAudit(ports, { seen });
  expect(admitted).toMatchObject({
    ok: true,
    log: { restores: [{ number: 3, cameBackAt: 3, gone: 2, told: { size: 3, former_size: 5 } }] },
  });
});

it('whatever commit finds no room, the log goes on without a gap or a fork', async () => {
  const random = seededRandom('no room');
  let failing = 0;
  const store = openStore({
    file: ':memory:',
    envelope: { seal: (secret) => secret.reveal(), open: (sealed) => new Secret(sealed) },
    engine: (engine) =>
      Object.create(engine, {
        commit: {
          value() {
            if (failing > 0 && random.octets(1)[0]! % 3 === 0) {
              failing--;
              throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
            }
            engine.commit();
          },
        },
      }),
  });
  await store.unit((tx) => tx.organizations.insert({ id: ORGANIZATION, name: 'A', createdAt: 1 }));
  const ports = portsOver(store, 1);
  const context = createContext(ports);
  failing = 20;
  let kept = 0;
  let refused = 0;
  for (let round = 0; round < 100; round++) {
    const units = await Promise.allSettled(
      Array.from({ length: 5 }, (_, i) => context.write((_tx, note) => note(fact(i, 'per_1')))),
    );
    for (const { status } of units) status === 'fulfilled' ? kept++ : refused++;
  }
  expect(refused).toBe(100);
  expect((await verifyAudit(ports))[0]).toMatchObject({ ok: true, record: [], events: kept, log: { leaves: kept } });
  await store.close();
});
