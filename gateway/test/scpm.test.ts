import { readableHead } from '@cardea/wire-scpm';
import { expect, it } from 'vitest';
import { idIn } from './estate.ts';
import { A, B, house, joined, numbersUsedTwice } from './house.ts';
import type { ScpmLock } from './scpm-lock.ts';

it('brings a lock into its domain by itself, and what the RAS says goes inside SCPM, both ways', async () => {
  const { estate, locks } = await joined([A]);
  const [lock] = locks;
  const id = estate.frame(A, { sizeOctets: 700, channel: 1 });
  await estate.clock.advance(5_000);
  expect(lock?.direct).toEqual([]);
  expect(lock?.inside).toMatchObject([{ channel: 1, keyIndex: 1 }]);
  expect(estate.messages(A)).toEqual([id]);
  expect(estate.stages(id)).toEqual(['queued', 'connecting', 'written']);
  expect(estate.reports.filter((one) => one.kind === 'frame' && one.channel === 2)).toEqual([]);
});

it('a lock that is not in setting mode is spoken to directly, and joins when its button was pressed', async () => {
  const made = await house([A]);
  await made.estate.clock.advance(20_000);
  expect(made.part.domain?.isJoined(A)).toBe(false);
  const direct = made.estate.frame(A);
  await made.estate.clock.advance(5_000);
  expect(made.locks[0]?.direct).toHaveLength(1);
  expect(made.estate.messages(A)).toEqual([direct]);
  made.locks[0]?.node.input({ kind: 'setting-mode' });
  await made.estate.clock.runUntil(() => made.part.domain?.isJoined(A) === true, 30 * 60_000);
});

it('without a domain nothing of SCPM is sent, and what comes on channel 2 is the RAS’s', async () => {
  const { estate, locks } = await house([A], false);
  for (const { node } of locks) node.input({ kind: 'setting-mode' });
  await estate.clock.advance(60_000);
  const id = estate.frame(A);
  await estate.clock.advance(5_000);
  expect(locks[0]?.frames).toEqual([]);
  expect(locks[0]?.direct).toHaveLength(1);
  expect(estate.messages(A)).toEqual([id]);
});

it('the RAS hears of its own frames alone: none of SCPM has progress', async () => {
  const { estate } = await joined([A]);
  estate.frame(A);
  await estate.clock.advance(5_000);
  const told = estate.reports.flatMap((report) => (report.kind === 'progress' ? [report.id] : []));
  expect(told.filter((id) => !id.startsWith('att_'))).toEqual([]);
});

it('29 a late message never acts inside SCPM either: away, it fails or expires, and back it stays so', async () => {
  const { estate, locks } = await joined([A]);
  await estate.clock.advance(5_000);
  estate.medium.setFaults(A, { range: 'out' });
  await estate.clock.advance(30_000);
  const away = estate.frame(A, { lifeMs: 8_000 });
  const dead = estate.frame(A, { lifeMs: -1_000 });
  await estate.clock.advance(30_000);
  estate.medium.setFaults(A, { range: 'in' });
  await estate.clock.advance(60_000);
  expect(estate.stages(dead)).toEqual(['expired']);
  expect(estate.stages(away)).toEqual(['queued', 'failed']);
  expect(locks[0]?.inside).toEqual([]);
  const next = estate.frame(A);
  await estate.clock.advance(5_000);
  expect(estate.messages(A)).toEqual([next]);
});

it('a message whose answer is lost is never said to have failed, and acts once', async () => {
  const { estate, locks } = await joined([A]);
  await estate.clock.advance(10_000);
  const [lock] = locks;
  if (lock === undefined) throw new Error('no lock');
  lock.deaf = 2;
  const id = estate.frame(A);
  await estate.clock.advance(9_000);
  expect(lock.inside).toHaveLength(1);
  expect(estate.stages(id).at(-1)).toBe('written');
  lock.deaf = Number.POSITIVE_INFINITY;
  const lost = estate.frame(A, { lifeMs: 6_000 });
  await estate.clock.advance(60_000);
  expect(lock.inside.length).toBeLessThanOrEqual(2);
  expect(estate.stages(lost).at(-1)).toBe('expired');
});

it('the ninth message for one lock is refused, one that was cancelled is not sent', async () => {
  const { estate, locks } = await joined([A, B]);
  estate.medium.setFaults(A, { range: 'out' });
  const ids = Array.from({ length: 9 }, () => estate.frame(A));
  const other = estate.frame(B);
  await estate.clock.advance(100);
  expect(estate.stages(ids[8]!).at(-1)).toBe('failed');
  estate.tell({ kind: 'cancel', id: ids[7]! });
  estate.medium.setFaults(A, { range: 'in' });
  await estate.clock.advance(15_000);
  expect(estate.messages(B)).toEqual([other]);
  const said = (locks[0]?.inside ?? []).map(({ octets }) =>
    new TextDecoder().decode(octets.subarray(0, octets.indexOf(0))),
  );
  expect(said).not.toContain(ids[7]);
});

it('26 a restart of the gateway goes on in its domain: no number is used twice', async () => {
  const made = await joined([A]);
  const { estate, locks } = made;
  estate.frame(A);
  await estate.clock.advance(5_000);
  for (let i = 0; i < 3; i++) {
    await made.restart();
    await estate.clock.advance(3_000);
    const id = estate.frame(A);
    await estate.clock.advance(8_000);
    expect(estate.messages(A)).toContain(id);
  }
  // Every encryption of the key setting node has a number of its own.
  const frames = locks[0]?.frames ?? [];
  expect(numbersUsedTwice(frames)).toEqual([]);
  const enciphered = frames.filter((octets) => {
    const { keyIndex, services, dh } = readableHead(octets, 6);
    return keyIndex === 1 && services === 'auth+enc' && dh === false;
  });
  expect(enciphered.length).toBeGreaterThan(6);
  const another = enciphered.at(-1)?.map((octet, i, all) => (i === all.length - 1 ? octet ^ 1 : octet));
  expect(numbersUsedTwice([...frames, another ?? new Uint8Array(0)])).toHaveLength(1);
});

it('a key is renewed at all locks, and traffic goes on', async () => {
  const made = await joined([A, B]);
  const { estate } = made;
  const versionOf = (lock: ScpmLock) =>
    lock.node.state.keys.find(({ keyIndex, state }) => keyIndex === 1 && state === 'active')?.version;
  const before = made.locks.map(versionOf);
  const begun = made.part.domain?.renew([1]);
  expect(begun).toEqual([1]);
  const over = () =>
    made.part.domain?.state.domainKeys.every(({ generation, next }) => generation === 2 && !next) === true;
  await estate.clock.runUntil(over, 120_000);
  for (const [i, lock] of made.locks.entries()) expect(versionOf(lock)).toBeGreaterThan(before[i] ?? 0);
  const id = estate.frame(B);
  await estate.clock.advance(5_000);
  expect(estate.messages(B)).toEqual([id]);
});

it('a renewal at many locks keeps nobody at a door waiting', async () => {
  const identifiers = Array.from({ length: 9 }, (_, i) => `C0FFEE00010${i}`);
  const made = await joined(identifiers);
  const { estate } = made;
  await estate.clock.advance(10_000);
  for (const { answers } of made.locks) answers.afterMs = 700;
  const sentAt = new Map<string, number>();
  const took: number[] = [];
  estate.onReport = (report) => {
    const at = report.kind === 'frame' ? sentAt.get(idIn(report.octets)) : undefined;
    if (at !== undefined) took.push(estate.clock.monotonic() - at);
  };
  made.part.domain?.renew([1]);
  for (const identifier of identifiers) {
    await estate.clock.advance(700);
    sentAt.set(estate.frame(identifier), estate.clock.monotonic());
  }
  await estate.clock.advance(20_000);
  expect(took).toHaveLength(identifiers.length);
  expect(Math.max(...took)).toBeLessThan(6_000);
  await estate.clock.runUntil(() => made.part.domain?.state.domainKeys[0]?.generation === 2, 300_000);
});

it('what waits for a lock that is taken out ends in its time, and the next message finds it free', async () => {
  const made = await joined([A]);
  const { estate } = made;
  await estate.clock.advance(10_000);
  for (const lock of made.locks) lock.deaf = Number.POSITIVE_INFINITY;
  const underWay = estate.frame(A, { lifeMs: 8_000 });
  const waits = estate.frame(A, { lifeMs: 9_000 });
  await estate.clock.advance(2_000);
  await made.part.domain?.remove(A);
  await estate.clock.advance(10_000);
  expect(estate.stages(underWay).at(-1)).toBe('expired');
  expect(['failed', 'expired']).toContain(estate.stages(waits).at(-1));
  expect(estate.gateway.queued).toBe(0);
});
