import type { Event } from '@cardea/server-core';
import { createDemoEstate, type Estate } from '@cardea/twin-building';
import { afterEach, expect, it } from 'vitest';

/* What happened at a lock while nobody could hear it: the record has it afterwards, each once, in order, and what is lost is said. */

let estate: Estate;
afterEach(() => estate.stop());

async function open(index: number): Promise<void> {
  estate = await createDemoEstate({ seed: 31, keep: (_, at) => at === index });
  await estate.enrolAll();
  await estate.clock.advance(30_000);
  await estate.operate('101', 'status');
}

/** Everything that the record has of the lock, in the order in which it was recorded. */
async function recorded(): Promise<readonly Event[]> {
  const all: Event[] = [];
  for (;;) {
    const page = { after: all.at(-1)?.id, limit: 200 };
    const more = await estate.ras.core.events.list(estate.ras.owner, {}, page);
    all.push(...more);
    if (more.length < 200) return all.filter(({ lockSequence }) => lockSequence !== null);
  }
}

const sequences = (events: readonly Event[]): readonly number[] => events.map(({ lockSequence }) => lockSequence ?? 0);

/** The door is opened behind its bolt and closed again, `times` events within the hour. */
async function moveTheDoor(times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    estate.lock('101').door(i % 2 === 0);
    await estate.clock.advance(3_600_000 / times);
  }
}

const MAKERS = [
  ['cardea', 4],
  ['maker2', 9],
] as const;

it.each(MAKERS)(
  '%s: 300 events of an hour without uplink are there afterwards, each once and in order',
  async (_, index) => {
    await open(index);
    const before = await recorded();
    estate.cutUplink(true);
    await estate.clock.runUntil(() => !estate.gateway.online, 60_000);
    await moveTheDoor(300);
    expect(await recorded()).toEqual(before);
    estate.mendUplink();
    await estate.clock.runUntil(() => estate.gateway.online, 120_000);
    await estate.clock.advance(30 * 60_000);
    const news = (await recorded()).slice(before.length);
    const moved = news.filter(({ type }) => type.startsWith('lock.door_'));
    expect(moved.map(({ type }) => type)).toEqual(
      Array.from({ length: 300 }, (_, at) => (at % 2 === 0 ? 'lock.door_forced' : 'lock.door_closed')),
    );
    const found = sequences(news);
    expect(found).toEqual([...found].sort((a, b) => a - b));
    expect(new Set(found).size).toBe(found.length);
    // Without a gap from what was there before.
    expect(found[0]).toBe(Math.max(...sequences(before)) + 1);
    expect(found.at(-1)).toBe((found[0] ?? 0) + found.length - 1);
    expect(news.some(({ type }) => type === 'lock.events_lost')).toBe(false);
  },
);

it.each(MAKERS)(
  '%s: of 600 events in a ring of 500 the loss is said; the rest is there, each once and in order',
  async (_, index) => {
    await open(index);
    const before = await recorded();
    estate.cutUplink(true);
    await estate.clock.runUntil(() => !estate.gateway.online, 60_000);
    await moveTheDoor(600);
    estate.mendUplink();
    await estate.clock.runUntil(() => estate.gateway.online, 120_000);
    await estate.clock.advance(60 * 60_000);
    const news = (await recorded()).slice(before.length);
    const losses = news.filter(({ type }) => type === 'lock.events_lost');
    expect(losses.length).toBeGreaterThan(0);
    const found = sequences(news);
    expect(new Set(found).size).toBe(found.length);
    const kept = sequences(news.filter(({ type }) => type !== 'lock.events_lost'));
    expect(kept).toEqual([...kept].sort((a, b) => a - b));
    // `actor` of a loss is the last sequence given up: everything after it is there. Of what is before it, the gateway's
    // journal has what the lock could still hand over.
    const newest = Math.max(...found);
    const lastLost = Math.max(...losses.map(({ detail }) => Number(detail.actor)));
    expect([...found].filter((one) => one > lastLost).sort((a, b) => a - b)).toEqual(
      Array.from({ length: newest - lastLost }, (_, at) => lastLost + 1 + at),
    );
    const moved = news.filter(({ type }) => type.startsWith('lock.door_'));
    expect(moved.length).toBeLessThan(600);
    expect(moved.length).toBeGreaterThanOrEqual(440);
    expect(moved.at(-1)?.type).toBe('lock.door_closed');
    expect((await estate.operate('101', 'unlock')).state).toBe('succeeded');
  },
);

it.each(MAKERS)(
  '%s: a lock without power for a while says what its bolt is when it is back, not what it was',
  async (_, index) => {
    await open(index);
    expect((await estate.operate('101', 'unlock')).receipt?.attributes.bolt).toBe('unlocked');
    estate.lock('101').powerOff();
    estate.lock('101').knob('lock');
    estate.lock('101').door(true);
    await estate.clock.advance(60_000);
    estate.lock('101').powerOn();
    await estate.clock.advance(60_000);
    const status = await estate.operate('101', 'status');
    expect(status.receipt?.attributes).toMatchObject({ bolt: 'locked', door: 'open' });
  },
);
