import { nodeKeyAgreement, nodePrimitives, seededRandom, settle } from '@cardea/kit-node';
import { createVirtualClock, silentLog, type VirtualClock } from '@cardea/kit-runtime';
import { expect, it } from 'vitest';
import { createHeads } from '../src/audit/heads.ts';
import { auditUseCases } from '../src/audit/use-cases.ts';
import { type Context, createContext } from '../src/context.ts';
import { createRetention } from '../src/event/retention.ts';
import type { CorePorts, Event, Store } from '../src/index.ts';
import { verifyAudit } from '../src/index.ts';
import { actorOf, memoryStore, page, START_MS } from './kit.ts';

const ORGANIZATION = 'org_a';
const DAY_MS = 86_400_000;

interface Bench {
  readonly store: Store;
  readonly clock: VirtualClock;
  readonly context: Context;
  readonly ports: CorePorts;
  note(count: number, more?: Partial<Event>): Promise<void>;
  sign(): Promise<void>;
  /** What is left after a sweep that keeps `days`. */
  left(days: number | undefined): Promise<readonly Event[]>;
}

async function bench(): Promise<Bench> {
  const store = memoryStore();
  await store.unit((tx) => tx.organizations.insert({ id: ORGANIZATION, name: 'A', createdAt: 1 }));
  const clock = createVirtualClock(START_MS, settle);
  const none = () => Promise.reject(new Error('not asked for here'));
  const ports: CorePorts = {
    store,
    clock,
    random: seededRandom('retention'),
    primitives: nodePrimitives,
    keys: nodeKeyAgreement,
    passwords: { hash: none, verify: none },
    scram: { derive: none },
    uplink: { send: () => false, disconnect: () => undefined },
    log: silentLog,
  };
  const context = createContext(ports);
  return {
    store,
    clock,
    context,
    ports,
    async note(count, more = {}) {
      await context.write(async (_, note) => {
        for (let i = 0; i < count; i++) {
          const sequence =
            more.lockSequence === undefined || more.lockSequence === null
              ? {}
              : { lockSequence: more.lockSequence + i };
          await note({ organizationId: ORGANIZATION, type: 'door.state_changed', ...more, ...sequence });
        }
      });
    },
    async sign() {
      await createHeads(context, () => {}).sign(ORGANIZATION);
    },
    async left(days) {
      const retention = createRetention(context, days);
      let over = false;
      const swept = retention.sweep().finally(() => {
        over = true;
      });
      while (!over) await clock.advance(1000);
      await swept;
      const all: Event[] = [];
      for (let after: string | undefined; ; ) {
        const from = after;
        const some = await store.read((tx) => tx.events.list(ORGANIZATION, {}, { after: from, limit: 200 }));
        all.push(...some);
        if (some.length < 200) return all;
        after = some.at(-1)?.id;
      }
    },
  };
}

it('events older than the limit go, in units of a hundred; their leaves stay, the log verifies, and the record says how many', async () => {
  const { store, clock, ports, context, note, sign, left } = await bench();
  await note(350);
  await clock.advance(200 * DAY_MS);
  await note(20);
  await clock.advance(166 * DAY_MS);
  await sign();
  const [oldest] = await store.read((tx) => tx.events.list(ORGANIZATION, {}, page));
  const commits = store.commits;
  expect(await left(365)).toHaveLength(20);
  expect(store.commits - commits).toBe(4);

  const [found] = await verifyAudit(ports);
  expect(found).toMatchObject({ ok: true, record: [], events: 20 });
  expect(found?.log.leaves).toBe(370);
  const removal = await store.read((tx) => tx.removals.get(ORGANIZATION));
  expect(removal).toMatchObject({ removed: 350, receivedBefore: START_MS + DAY_MS });
  // That it happened can still be proved; what it was is gone.
  const audit = auditUseCases(
    context,
    createHeads(context, () => {}),
  );
  const proof = await audit.inclusion(actorOf(ORGANIZATION, 'per_1', 'owner'), oldest?.id ?? '');
  expect(proof).toMatchObject({ number: 0, opening: null });
  // A second sweep finds nothing more, and counts nothing twice.
  expect(await left(365)).toHaveLength(20);
  expect(await store.read((tx) => tx.removals.get(ORGANIZATION))).toEqual(removal);
});

it('without a limit nothing goes', async () => {
  const { clock, note, sign, left } = await bench();
  await note(5);
  await sign();
  await clock.advance(4000 * DAY_MS);
  expect(await left(undefined)).toHaveLength(5);
});

it('what no signed head covers stays; where heads are witnessed, what no witnessed one covers', async () => {
  const { store, clock, note, sign, left } = await bench();
  await note(5);
  await clock.advance(400 * DAY_MS);
  expect(await left(365)).toHaveLength(5);
  await sign();
  await store.unit((tx) =>
    tx.audit.insertWitnessing({
      organizationId: ORGANIZATION,
      size: 3,
      witness: 'file',
      witnessedAt: 1,
      receipt: '',
    }),
  );
  expect(await left(365)).toHaveLength(5);
  await store.unit((tx) =>
    tx.audit.insertWitnessing({
      organizationId: ORGANIZATION,
      size: 5,
      witness: 'file',
      witnessedAt: 2,
      receipt: '',
    }),
  );
  expect(await left(365)).toHaveLength(0);
});

it('what an alert rests on stays until somebody has acknowledged it', async () => {
  const { store, clock, note, sign, left } = await bench();
  await note(3);
  const events = await store.read((tx) => tx.events.list(ORGANIZATION, {}, page));
  await store.unit((tx) =>
    tx.alerts.insert({
      id: 'alr_1',
      organizationId: ORGANIZATION,
      rule: 'key_trouble',
      subjectId: 'lock_1',
      propertyId: null,
      doorId: null,
      lockId: null,
      gatewayId: null,
      personId: null,
      state: 'open',
      count: 1,
      evidence: [events[1]?.id ?? ''],
      firstAt: 1,
      lastAt: 1,
      acknowledgedAt: null,
      acknowledgedBy: null,
      createdAt: 1,
    }),
  );
  await sign();
  await clock.advance(400 * DAY_MS);
  expect((await left(365)).map(({ id }) => id)).toEqual([events[1]?.id]);
  await store.unit((tx) => tx.alerts.update(ORGANIZATION, 'alr_1', { state: 'acknowledged' }));
  expect(await left(365)).toHaveLength(0);
});

it('the newest events of a lock stay, so that its sequence goes on where it was', async () => {
  const { store, clock, note, sign, left } = await bench();
  await store.unit((tx) =>
    tx.locks.insert({
      id: 'lock_1',
      organizationId: ORGANIZATION,
      identifier: 'C0FFEE000001',
      maker: 'cardea',
      model: 'm',
      bluetooth: '5.0',
      state: 'bound',
      createdAt: 1,
    }),
  );
  await note(100, { type: 'lock.locked', lockId: 'lock_1', lockSequence: 1 });
  await sign();
  await clock.advance(400 * DAY_MS);
  expect((await left(365)).map(({ lockSequence }) => lockSequence)).toEqual(
    Array.from({ length: 64 }, (_, i) => 37 + i),
  );
});
