import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEnvelope, nodePrimitives, settle } from '@cardea/kit-node';
import { cardeaDriver } from '@cardea/wire-lock';
import { maker2Driver } from '@cardea/wire-maker2';
import { expect, it } from 'vitest';
import { createMemoryJournal, openFileJournal } from '../src/index.ts';
import { Estate, type Manner } from './estate.ts';

const A = { identifier: 'C0FFEE000001', maker: 'cardea' };
const B = { identifier: 'C0FFEE000003', maker: 'maker2' };

async function estate(manner: () => Manner = () => ({ kind: 'answers', afterMs: 300 }), seed = 1): Promise<Estate> {
  const made = new Estate(seed);
  made.addLock(A.identifier, 'cardea', '5.0', manner);
  made.addLock(B.identifier, 'maker2', '4.2', () => ({ kind: 'answers', afterMs: 300 }));
  await made.gateway.start();
  made.serve(A, B);
  await made.clock.advance(2_000);
  return made;
}

it('carries frames to locks of two makers and their answers back, and says where each stands', async () => {
  const made = await estate();
  const first = made.frame(A.identifier);
  const second = made.frame(B.identifier);
  await made.clock.advance(5_000);
  expect(made.messages(A.identifier)).toEqual([first]);
  expect(made.messages(B.identifier)).toEqual([second]);
  expect(made.stages(first)).toEqual(['queued', 'connecting', 'written']);
  const positions = made.reports.filter((report) => report.kind === 'progress' && report.id === second);
  expect(positions[0]).toMatchObject({ stage: 'queued', queuePosition: 2 });
});

it('keeps a connection for the messages that follow', async () => {
  const made = await estate();
  for (let i = 0; i < 5; i++) {
    made.frame(A.identifier);
    await made.clock.advance(1_500);
  }
  expect(made.connections).toEqual([A.identifier]);
  expect(made.messages(A.identifier)).toHaveLength(5);
});

it('29 a late command never acts: expired before the queue, in the queue, and while its lock is away', async () => {
  const made = await estate();
  const dead = made.frame(A.identifier, { lifeMs: -1_000 });
  made.medium.setFaults(A.identifier, { range: 'out' });
  await made.clock.advance(1_000);
  const away = made.frame(A.identifier, { lifeMs: 2_000 });
  await made.clock.advance(30_000);
  made.medium.setFaults(A.identifier, { range: 'in' });
  await made.clock.advance(10_000);
  expect(made.stages(dead)).toEqual(['expired']);
  expect(['failed', 'expired']).toContain(made.stages(away).at(-1));
  expect(made.received).toEqual([]);
});

it('a lock that nobody hears is out of range, with the reason', async () => {
  const made = await estate();
  made.medium.setFaults(A.identifier, { range: 'out' });
  await made.clock.advance(25_000);
  const id = made.frame(A.identifier);
  await made.clock.advance(9_000);
  expect(made.reports.findLast((report) => report.kind === 'progress' && report.id === id)).toMatchObject({
    stage: 'failed',
    reason: 'out_of_range',
  });
});

it('a cancelled frame is not written', async () => {
  const made = await estate();
  made.frame(A.identifier);
  const second = made.frame(B.identifier);
  made.tell({ kind: 'cancel', id: second });
  await made.clock.advance(10_000);
  expect(made.messages(B.identifier)).toEqual([]);
});

it('the ninth frame of one lock is refused, another lock is served all the same', async () => {
  const made = await estate(() => ({ kind: 'hangs' }));
  const ids = Array.from({ length: 9 }, () => made.frame(A.identifier));
  expect(made.stages(ids[8]!)).toEqual([]);
  await settle();
  expect(made.reports.find((report) => report.kind === 'progress' && report.id === ids[8])).toMatchObject({
    stage: 'failed',
    reason: 'busy',
  });
  const other = made.frame(B.identifier);
  await made.clock.advance(9_000);
  expect(made.messages(B.identifier)).toEqual([other]);
});

it('a driver that throws costs its own lock the frame, and no other lock anything', async () => {
  const thrower = {
    ...cardeaDriver(nodePrimitives),
    link: () => {
      throw new Error('broken driver');
    },
  };
  const made = new Estate(1, createMemoryJournal(), [thrower, maker2Driver(nodePrimitives)]);
  made.addLock(A.identifier, 'cardea', '5.0', () => ({ kind: 'answers', afterMs: 1 }));
  made.addLock(B.identifier, 'maker2', '5.0', () => ({ kind: 'answers', afterMs: 1 }));
  await made.gateway.start();
  made.serve(A, B);
  await made.clock.advance(2_000);
  const broken = made.frame(A.identifier);
  const other = made.frame(B.identifier);
  await made.clock.advance(5_000);
  expect(made.stages(broken).at(-1)).toBe('failed');
  expect(made.messages(B.identifier)).toEqual([other]);
});

it('sightings come on change and once a minute, not with every advertisement', async () => {
  const made = await estate();
  await made.clock.advance(180_000);
  const seen = made.reports.filter((report) => report.kind === 'sighting' && report.lock === A.identifier);
  expect(seen.length).toBeGreaterThanOrEqual(3);
  expect(seen.length).toBeLessThanOrEqual(4);
});

it('messages of locks wait for the uplink, come in order, and once', async () => {
  const made = await estate();
  made.online = false;
  const ids: string[] = [];
  for (let i = 0; i < 6; i++) {
    ids.push(made.frame(A.identifier));
    await made.clock.advance(1_000);
  }
  expect(made.messages(A.identifier)).toEqual([]);
  expect(made.gateway.unacknowledged).toBe(6);
  made.goOnline(true);
  await made.clock.advance(1_000);
  expect(made.messages(A.identifier)).toEqual(ids);
  expect(made.gateway.unacknowledged).toBe(0);
  made.goOnline(true);
  await made.clock.advance(5_000);
  expect(made.messages(A.identifier)).toEqual(ids);
});

it('26 after a kill the sealed journal sends what was not acknowledged, and never again what was', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gateway-'));
  try {
    const envelope = await createEnvelope(join(folder, 'key'));
    const path = join(folder, 'journal');
    const report = (number: number) =>
      ({
        number,
        report: { kind: 'frame', id: `r-${number}`, lock: A.identifier, channel: 1, octets: Uint8Array.of(1, number) },
      }) as const;
    const killed = await openFileJournal(path, envelope);
    for (const number of [1, 2, 3]) await killed.append(report(number));
    await killed.remove(1);
    // No close: the process is gone. A torn record is what a kill in the middle of a write leaves.
    const whole = new Uint8Array(await readFile(path));
    expect(Buffer.from(whole).includes(A.identifier)).toBe(false);
    const torn = await openFileJournal(path, envelope);
    await torn.append(report(4));
    await truncate(path, (await readFile(path)).length - 5);
    const again = await openFileJournal(path, envelope);
    const { entries, nextNumber } = await again.load();
    expect(entries).toEqual([report(2), report(3)]);
    expect(nextNumber).toBe(4);
    await again.close();
    // The files of processes that were killed are closed for them; the test's are its own to close.
    await Promise.all([killed.close(), torn.close()]);
    // Damage before the end is not a torn write: it is said, not skipped.
    await writeFile(
      path,
      whole.map((octet, i) => (i === 20 ? octet ^ 1 : octet)),
    );
    await expect(openFileJournal(path, envelope)).rejects.toMatchObject({ code: 'journal' });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

it('a journal that fails stops the promises', async () => {
  const storage = createMemoryJournal();
  const made = new Estate(1, { ...storage, append: () => Promise.reject(new Error('EIO')) });
  made.addLock(A.identifier, 'cardea', '5.0', () => ({ kind: 'answers', afterMs: 1 }));
  await made.gateway.start();
  made.serve(A);
  made.online = false;
  await made.clock.advance(2_000);
  made.frame(A.identifier);
  await made.clock.advance(2_000);
  made.goOnline(true);
  await made.clock.advance(2_000);
  expect(made.messages(A.identifier)).toEqual([]);
});
