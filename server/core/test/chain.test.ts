import { importP256, nodePrimitives, signP256 } from '@cardea/kit-node';
import { toHex } from '@cardea/kit-octets';
import { lockChain } from '@cardea/wire-lock';
import type { ChainHead, ControllerInput, EventCode, LockEvent } from '@cardea/wire-profile';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CoreError } from '../src/errors.ts';
import type { ChainView, Event } from '../src/index.ts';
import { IDENTIFIER, openWorld, outcome, page, receiptOf, type World } from './kit.ts';

const SERIAL = importP256(new Uint8Array(32).fill(5));
const HOUR_MS = 3_600_000;

/** A lock that keeps its chain, and what of it reached the record. */
interface Chained {
  readonly world: World;
  record(code?: EventCode, actor?: number): LockEvent;
  /** What the lock signs now. */
  head(): ChainHead;
  arrives(...events: readonly LockEvent[]): Promise<void>;
  answers(head: ChainHead): Promise<void>;
  later(ms: number): Promise<void>;
  view(): Promise<ChainView>;
  alarms(type: Event['type']): Promise<readonly Event[]>;
}

const EVENT = { actor: 0, detail: 0, lockTimeS: 1_800_000_000 };

async function chained(options: { readonly resetCount?: number } = {}): Promise<Chained> {
  const world = await openWorld({ chain: lockChain });
  const { store, lockId, owner, clock } = world;
  await store.unit(async (tx) => {
    await tx.locks.setSerial(lockId, { publicKey: SERIAL.publicKey, printedCodeHash: new Uint8Array(32) });
  });
  if (options.resetCount !== undefined) {
    const record = { keyVersion: 1, resetCount: options.resetCount, active: undefined, pending: undefined };
    await world.lockSays({ kind: 'store', id: 1, record });
  }
  let sequence = 0;
  let hash = lockChain.start(nodePrimitives, IDENTIFIER);
  const events = async (type: Event['type']) =>
    (await world.core.events.list(owner, { type }, page)).filter((event) => event.lockId === lockId);
  return {
    world,
    record(code = 'door_opened', actor = 0) {
      const event = { ...EVENT, sequence: ++sequence, code, actor };
      hash = lockChain.next(nodePrimitives, hash, event);
      return event;
    },
    head() {
      const head = { day: 20_833, sequence, hash };
      return { ...head, signature: signP256(SERIAL.privateKey, lockChain.signed(IDENTIFIER, head)) };
    },
    async arrives(...list) {
      for (const event of list) await world.lockSays({ kind: 'event', event, clockOffsetS: 0 });
    },
    async answers(head) {
      await world.lockSays({ kind: 'chain-head', head });
    },
    async later(ms) {
      await clock.advance(ms);
      await world.settled();
    },
    view: () => world.core.locks.chain(owner, lockId),
    alarms: events,
  };
}

const spans = ({ gaps }: ChainView) =>
  gaps.map(({ kind, fromSequence, toSequence, closedAt }) => [kind, fromSequence, toSequence, closedAt !== null]);

test('events that all came hash to what the lock signs: verified up to its head, which is a fact of the record', async () => {
  const lock = await chained();
  const events = Array.from({ length: 300 }, () => lock.record());
  await lock.arrives(...events);
  expect((await lock.view()).chain).toBeUndefined();
  const head = lock.head();
  await lock.answers(head);
  const { chain, gaps } = await lock.view();
  expect(chain).toMatchObject({ verifiedTo: 300, headSequence: 300, unsettledSince: null });
  expect(gaps).toEqual([]);
  const [fact] = await lock.alarms('door.chain_verified');
  expect(fact!.detail).toMatchObject({ sequence: 300, hash: toHex(head.hash), signature: toHex(head.signature) });
  await lock.arrives(lock.record());
  await lock.answers(lock.head());
  expect((await lock.view()).chain).toMatchObject({ verifiedTo: 301 });
});

test('a tail that somebody withholds shows: the head counts further than what came, and after ten minutes it is an alarm', async () => {
  const lock = await chained();
  await lock.arrives(lock.record(), lock.record());
  const held = [lock.record('unlocked'), lock.record()];
  await lock.answers(lock.head());
  expect((await lock.view()).chain).toMatchObject({ verifiedTo: 0, headSequence: 4 });
  await lock.later(9 * 60_000);
  expect(await lock.alarms('alarm.chain_gap')).toEqual([]);
  await lock.later(2 * 60_000);
  const [alarm] = await lock.alarms('alarm.chain_gap');
  expect(alarm!.detail).toMatchObject({ from: 3, to: 4, head_sequence: 4, head_hash: toHex(lock.head().hash) });
  expect(spans(await lock.view())).toEqual([['missing', 3, 4, false]]);
  // It comes after all.
  await lock.arrives(...held);
  await lock.later(5_000);
  expect(spans(await lock.view())).toEqual([['missing', 3, 4, true]]);
});

test('a withheld tail shows although the record had no room for the alarm when it was due', async () => {
  const lock = await chained();
  await lock.arrives(lock.record());
  lock.record('unlocked');
  await lock.answers(lock.head());
  await lock.later(9 * 60_000);
  const store = lock.world.store as { unit: World['store']['unit'] };
  const { unit } = store;
  store.unit = () => Promise.reject(new CoreError('unavailable', 'full'));
  await lock.later(2 * 60_000);
  store.unit = unit;
  await lock.later(2 * 60_000);
  expect((await lock.alarms('alarm.chain_gap')).map(({ detail }) => [detail.from, detail.to])).toEqual([[2, 2]]);
});

test('events that are still on their way when the head comes are no gap', async () => {
  const lock = await chained();
  const events = [lock.record(), lock.record(), lock.record()];
  await lock.answers(lock.head());
  await lock.later(60_000);
  await lock.arrives(...events.reverse());
  await lock.later(5_000);
  expect((await lock.view()).chain).toMatchObject({ verifiedTo: 3, unsettledSince: null });
  await lock.later(HOUR_MS);
  expect(await lock.alarms('alarm.chain_gap')).toEqual([]);
});

test('a gap that the lock states is told apart from a silent one, and is no alarm', async () => {
  const lock = await chained();
  await lock.arrives(lock.record(), lock.record());
  for (let i = 0; i < 50; i++) lock.record();
  await lock.arrives(lock.record('events_lost', 52));
  lock.record();
  await lock.arrives(lock.record());
  await lock.answers(lock.head());
  await lock.later(HOUR_MS);
  expect(spans(await lock.view())).toEqual([
    ['lost', 3, 52, false],
    ['missing', 54, 54, false],
  ]);
  expect((await lock.alarms('alarm.chain_gap')).map(({ detail }) => [detail.from, detail.to])).toEqual([[54, 54]]);
  // The head is the new beginning: what follows is verified from it.
  await lock.arrives(lock.record());
  await lock.answers(lock.head());
  expect((await lock.view()).chain).toMatchObject({ verifiedTo: 56 });
  expect(await lock.alarms('alarm.chain_head_wrong')).toEqual([]);
});

test('what a reset of the lock cleared is stated too', async () => {
  const lock = await chained();
  await lock.arrives(lock.record());
  lock.record();
  await lock.arrives(lock.record('reset'));
  await lock.answers(lock.head());
  expect(spans(await lock.view())).toEqual([['reset', 2, 2, false]]);
  expect(await lock.alarms('alarm.chain_gap')).toEqual([]);
});

test('an event that was altered on the way: the record does not hash to what the lock has signed', async () => {
  const lock = await chained();
  const [first, second, third] = [lock.record(), lock.record('unlocked'), lock.record()];
  await lock.arrives(first, { ...second, code: 'locked' }, third);
  await lock.answers(lock.head());
  const [alarm] = await lock.alarms('alarm.chain_head_wrong');
  expect(alarm!.detail).toMatchObject({ why: 'other_events', from: 1, to: 3, head_sequence: 3 });
  expect(spans(await lock.view())).toEqual([['altered', 1, 3, false]]);
});

test('any single change of any event is found', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 1, max: 0xffff_ffff }), async (at, by) => {
      const lock = await chained();
      const events = Array.from({ length: 10 }, () => lock.record());
      await lock.arrives(...events.map((event, i) => (i === at ? { ...event, actor: by } : event)));
      await lock.answers(lock.head());
      expect(await lock.alarms('alarm.chain_head_wrong')).toHaveLength(1);
    }),
    { numRuns: 20 },
  );
});

test('a head that the lock did not sign, one that goes back, and a second one of the same count are alarms and change nothing', async () => {
  const lock = await chained();
  await lock.arrives(lock.record());
  const old = lock.head();
  await lock.arrives(lock.record());
  const good = lock.head();
  await lock.answers(good);
  const before = (await lock.view()).chain;
  const sign = (head: Omit<ChainHead, 'signature'>) => signP256(SERIAL.privateKey, lockChain.signed(IDENTIFIER, head));
  const other = { ...good, hash: new Uint8Array(32) };
  await lock.answers({ ...good, sequence: 9 });
  await lock.answers(old);
  await lock.answers({ ...other, signature: sign(other) });
  expect((await lock.view()).chain).toEqual(before);
  const alarms = await lock.alarms('alarm.chain_head_wrong');
  expect(alarms.map(({ detail }) => detail.why)).toEqual(['signature', 'goes_back', 'two_heads']);
});

test("a lock that was somebody else's begins at its reset: what was before is not ours to miss", async () => {
  const lock = await chained({ resetCount: 1 });
  for (let i = 0; i < 5; i++) lock.record();
  await lock.arrives(lock.record('reset'), lock.record('bound'));
  await lock.answers(lock.head());
  expect((await lock.view()).chain).toMatchObject({ verifiedTo: 7 });
  expect((await lock.view()).gaps).toEqual([]);
});

test('what a restart interrupts goes on: a head whose events did not come is still an alarm', async () => {
  const lock = await chained();
  lock.record();
  await lock.answers(lock.head());
  const core = await lock.world.restart();
  await lock.later(11 * 60_000);
  const view = await core.locks.chain(lock.world.owner, lock.world.lockId);
  expect(spans(view)).toEqual([['missing', 1, 1, false]]);
});

test('the server asks for a head after a poll, then daily, and soon when a gap shows; never a lock that signs none', async () => {
  const lock = await chained();
  const { world } = lock;
  const asked = () => world.script.inputs.filter((input) => input.kind === 'chain-head').length;
  let signs = true;
  world.script.on = (input: ControllerInput) => {
    if (input.kind === 'message') return world.script.replies.shift() ?? [];
    if (input.kind === 'operate') return [outcome(input.attempt, { kind: 'succeeded', receipt: receiptOf() })];
    if (input.kind !== 'chain-head') return [];
    const done = outcome(input.attempt, { kind: 'succeeded', receipt: receiptOf() });
    if (signs) return [{ kind: 'chain-head', head: lock.head() }, done];
    return [
      outcome(input.attempt, { kind: 'failed', reason: 'unsupported', receipt: undefined, clockOffsetS: undefined }),
    ];
  };
  await lock.later(HOUR_MS);
  expect(asked()).toBe(1);
  await lock.later(18 * HOUR_MS);
  expect(asked()).toBe(1);
  await world.lockSays({ kind: 'alarm', code: 'event_gap', detail: 'a gap' });
  await lock.later(20 * 60_000);
  expect(asked()).toBe(2);
  await lock.later(48 * HOUR_MS);
  expect(asked()).toBe(4);
  signs = false;
  await lock.later(24 * HOUR_MS);
  expect(asked()).toBe(5);
  await lock.later(72 * HOUR_MS);
  expect(asked()).toBe(5);
});

test('a lock that answers and whose head never comes is an alarm after two days, and again every two', async () => {
  const lock = await chained();
  const { world } = lock;
  let headless = true;
  world.script.on = (input: ControllerInput) => {
    if (input.kind === 'message') return world.script.replies.shift() ?? [];
    if (input.kind !== 'operate' && input.kind !== 'chain-head') return [];
    const done = outcome(input.attempt, { kind: 'succeeded', receipt: receiptOf() });
    return input.kind === 'operate' || headless ? [done] : [{ kind: 'chain-head', head: lock.head() }, done];
  };
  await lock.later(47 * HOUR_MS);
  expect(await lock.alarms('alarm.chain_head_overdue')).toEqual([]);
  await lock.later(50 * HOUR_MS);
  const alarms = await lock.alarms('alarm.chain_head_overdue');
  expect(alarms.map(({ detail }) => detail.last_head_at)).toEqual([null, null]);
  headless = false;
  await lock.later(100 * HOUR_MS);
  expect(await lock.alarms('alarm.chain_head_overdue')).toHaveLength(2);
  // A server that was down for a week asks first.
  await world.core.stop();
  await world.clock.advance(168 * HOUR_MS);
  const core = await world.restart();
  await core.uplink.online(world.gatewayId);
  await lock.later(2 * HOUR_MS);
  expect(await lock.alarms('alarm.chain_head_overdue')).toHaveLength(2);
});
