import type { FollowOptions, Listing } from '@cardea/client-sdk';
import { ApiProblem } from '@cardea/client-sdk';
import type { Door, Event, Lock } from '@cardea/wire-api';
import { describe, expect, it } from 'vitest';
import { LiveEstate } from '../src/live/estate.ts';

const AT = Date.parse('2026-05-01T12:00:00.000Z');
const at = (ms: number): string => new Date(AT + ms).toISOString();

const doorOf = (n: number): Door =>
  ({
    id: `door_${n}`,
    property_id: 'prop_1',
    floor_id: null,
    name: `${100 + n}`,
    lock_id: `lock_${n}`,
    kind: 'guest',
    created_at: at(0),
  }) as Door;

const lockOf = (n: number, provedMs = 0, bolt: 'locked' | 'unlocked' = 'locked'): Lock => ({
  id: `lock_${n}`,
  identifier: '0A0B0C0D0E0F',
  maker: 'cardea',
  suite: 'hardened',
  model: 'CL-1',
  bluetooth: '5.0',
  state: 'bound',
  door_id: `door_${n}`,
  gateway_id: 'gw_1',
  report: {
    bolt,
    door: 'closed',
    battery_percent: 80,
    tamper: false,
    privacy: false,
    clock: 'valid',
    proved_at: at(provedMs),
    clock_offset_s: 0,
    clock_error_s: 0.5,
  },
  mode: 'normal',
  mode_until: null,
  stale: false,
  stale_reason: null,
  created_at: at(0),
});

const eventOf = (type: string, n: number, more: Partial<Event> = {}): Event => ({
  id: `evt_${n}`,
  type,
  property_id: 'prop_1',
  door_id: `door_${n}`,
  lock_id: `lock_${n}`,
  gateway_id: null,
  person_id: null,
  attempt_id: null,
  lock_sequence: null,
  occurred_at: null,
  received_at: at(0),
  detail: {},
  ...more,
});

const opened = (n: number, provedMs: number): Event =>
  eventOf('door.state_changed', n, {
    detail: {
      bolt: 'unlocked',
      door: 'closed',
      battery_percent: 79,
      tamper: false,
      privacy: false,
      clock: 'valid',
      proved_at: new Date(AT + provedMs).toISOString(),
    },
  });

/** A world whose frames, timers, time and server are in the hands of the test. */
function createWorld(doors: readonly Door[], locks: Lock[]) {
  let nowMs = AT;
  const frames: (() => void)[] = [];
  const tasks: (() => void)[] = [];
  const timers = new Set<{ readonly dueMs: number; readonly then: () => void }>();
  const streams: { readonly options: FollowOptions; push: (event: Event) => void; fail: (error: unknown) => void }[] =
    [];
  const reads = { doors: 0, locks: 0, single: [] as string[] };
  let letRead = Promise.resolve();
  const listing = <T>(noun: 'doors' | 'locks', items: () => readonly T[]) =>
    ({
      async *list() {
        reads[noun]++;
        const now = [...items()];
        await letRead;
        yield* now;
      },
    }) as unknown as Listing<T, never>;
  const settle = async () => {
    for (let turn = 0; turn < 30; turn++) await Promise.resolve();
  };
  const api = {
    doors: listing('doors', () => doors),
    locks: {
      ...listing('locks', () => locks),
      get: async (id: string) => {
        reads.single.push(id);
        return locks.find((lock) => lock.id === id);
      },
    },
    events: {
      async *follow(options: FollowOptions) {
        const queue: Event[] = [];
        let wake = () => {};
        let failure: unknown;
        streams.push({
          options,
          push: (event) => {
            queue.push(event);
            wake();
          },
          fail: (error) => {
            failure = error;
            wake();
          },
        });
        while (true) {
          const next = queue.shift();
          if (next !== undefined) yield next;
          else if (failure !== undefined) throw failure;
          else await new Promise<void>((resolve) => (wake = resolve));
        }
      },
    },
  };
  const estate = new LiveEstate({
    api: api as never,
    propertyId: 'prop_1',
    now: () => nowMs,
    soon: (then) => void tasks.push(then),
    atNextFrame: (then) => void frames.push(then),
    after: (ms, then) => {
      const timer = { dueMs: nowMs + ms, then };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
  });
  return {
    estate,
    reads,
    streams,
    locks,
    settle,
    /** Lists are answered only once this has been resolved. */
    holdReads() {
      let go = () => {};
      letRead = new Promise((resolve) => (go = resolve));
      return () => go();
    },
    /** The tasks that wait, and no frame. */
    async turn() {
      await settle();
      for (const task of tasks.splice(0)) task();
      await settle();
    },
    async frame() {
      await this.turn();
      for (const frame of frames.splice(0)) frame();
      await this.turn();
    },
    async pass(ms: number) {
      const untilMs = nowMs + ms;
      for (;;) {
        const due = [...timers].filter((timer) => timer.dueMs <= untilMs).sort((a, b) => a.dueMs - b.dueMs)[0];
        if (due === undefined) break;
        timers.delete(due);
        nowMs = due.dueMs;
        due.then();
        await settle();
      }
      nowMs = untilMs;
    },
  };
}

async function started(count = 3) {
  const numbers = Array.from({ length: count }, (_, n) => n + 1);
  const world = createWorld(
    numbers.map(doorOf),
    numbers.map((n) => lockOf(n)),
  );
  world.estate.start();
  await world.settle();
  world.streams[0]?.options.onState?.('open');
  await world.frame();
  return world;
}

describe('the live estate', () => {
  it('is loading, then ready with every door', async () => {
    const world = createWorld([doorOf(1)], [lockOf(1)]);
    expect(world.estate.loading()).toBe('loading');
    world.estate.start();
    await world.settle();
    world.streams[0]?.options.onState?.('open');
    await world.frame();
    expect(world.estate.loading()).toBe('ready');
    expect(world.estate.list().map(({ door }) => door.name)).toEqual(['101']);
    expect(world.estate.connection().state).toBe('open');
  });

  it('tells one changed door to whoever watches it, and nobody else', async () => {
    const world = await started();
    const told: string[] = [];
    world.estate.watch('door_1', () => told.push('door_1'));
    world.estate.watch('door_2', () => told.push('door_2'));
    const other = world.estate.door('door_1');
    world.streams[0]?.push(opened(2, 1));
    await world.frame();
    expect(told).toEqual(['door_2']);
    expect(world.estate.door('door_2')?.state.sign).toBe('unlocked');
    expect(world.estate.door('door_1')).toBe(other);
  });

  it('shows a proof that changed nothing by its time, and never an older one', async () => {
    const world = await started(2);
    const told: string[] = [];
    world.estate.watch('door_1', () => told.push('door_1'));
    world.estate.watch('door_2', () => told.push('door_2'));
    const { onProof } = world.streams[0]?.options ?? {};
    const prove = (ms: number) =>
      onProof?.({ lock_id: 'lock_1', door_id: 'door_1', property_id: 'prop_1', report: lockOf(1, ms).report! });
    prove(7_000);
    prove(3_000);
    await world.frame();
    expect(world.estate.door('door_1')?.state.provedAt).toBe(at(7_000));
    expect(told).toEqual(['door_1']);
    expect(world.reads).toMatchObject({ locks: 1, single: [] });
  });

  it('tells many changes of one frame together', async () => {
    const world = await started();
    const told: ReadonlySet<string>[] = [];
    world.estate.changes.add((ids) => told.push(ids));
    for (const n of [1, 2, 3]) world.streams[0]?.push(opened(n, n));
    await world.frame();
    expect(told).toEqual([new Set(['door_1', 'door_2', 'door_3'])]);
  });

  it('tells a change before the next frame, and what follows it with that frame', async () => {
    const world = await started();
    await world.frame();
    const told: ReadonlySet<string>[] = [];
    world.estate.changes.add((ids) => told.push(ids));
    world.streams[0]?.push(opened(1, 1));
    await world.turn();
    expect(told).toEqual([new Set(['door_1'])]);
    for (const n of [2, 3]) world.streams[0]?.push(opened(n, n));
    await world.turn();
    expect(told).toHaveLength(1);
    await world.frame();
    expect(told).toEqual([new Set(['door_1']), new Set(['door_2', 'door_3'])]);
  });

  it('keeps an event that comes while the lists are read', async () => {
    const world = createWorld([doorOf(1)], [lockOf(1)]);
    const go = world.holdReads();
    world.estate.start();
    await world.settle();
    world.streams[0]?.options.onState?.('open');
    await world.settle();
    world.streams[0]?.push(opened(1, 5));
    await world.settle();
    go();
    await world.frame();
    expect(world.estate.door('door_1')?.state.sign).toBe('unlocked');
  });

  it('never puts an older proof of a list over a newer one of the stream', async () => {
    const world = await started(1);
    world.streams[0]?.push(opened(1, 5));
    await world.frame();
    world.estate.reread();
    await world.frame();
    expect(world.estate.door('door_1')?.state).toMatchObject({ sign: 'unlocked', provedAt: at(5) });
  });

  it('fetches a lock of which it hears only that something changed', async () => {
    const world = await started(1);
    world.locks[0] = { ...lockOf(1, 7), mode: 'passage' };
    world.streams[0]?.push(eventOf('attempt.succeeded', 1));
    await world.settle();
    await world.pass(50);
    await world.frame();
    expect(world.reads.single).toEqual(['lock_1']);
    expect(world.estate.door('door_1')?.state.mode).toBe('passage');
  });

  it('reads all once where too many locks changed', async () => {
    const world = await started(40);
    const before = world.reads.locks;
    for (let n = 1; n <= 40; n++) world.streams[0]?.push(eventOf('attempt.succeeded', n));
    await world.settle();
    await world.settle();
    await world.pass(50);
    await world.frame();
    expect(world.reads.single).toEqual([]);
    expect(world.reads.locks).toBe(before + 1);
  });

  it('shows a door as stale once its proof is 16 minutes old and nothing newer is to be read', async () => {
    const world = await started(1);
    await world.pass(16 * 60_000 + 15_000);
    await world.frame();
    expect(world.estate.door('door_1')?.state.stale).toBe('overdue');
  });

  it('says since when the stream is lost, and reads anew when it stands again', async () => {
    const world = await started(1);
    await world.pass(1_000);
    world.streams[0]?.options.onState?.('lost');
    expect(world.estate.connection()).toEqual({ state: 'lost', since: AT + 1_000 });
    world.locks[0] = lockOf(1, 500, 'unlocked');
    world.streams[0]?.options.onState?.('open');
    await world.frame();
    expect(world.estate.connection().state).toBe('open');
    expect(world.estate.door('door_1')?.state.sign).toBe('unlocked');
  });

  it('begins the stream afresh where the server does not resume it, and not where it refuses', async () => {
    const world = await started(1);
    world.streams[0]?.fail(new ApiProblem('invalid', 'no such event', { status: 400 }));
    await world.settle();
    expect(world.estate.connection().state).toBe('lost');
    await world.pass(1_000);
    expect(world.streams).toHaveLength(2);
    world.streams[1]?.fail(new ApiProblem('not_signed_in', 'the session is over', { status: 401 }));
    await world.settle();
    await world.pass(60_000);
    expect(world.estate.connection().state).toBe('failed');
    expect(world.streams).toHaveLength(2);
  });
});
