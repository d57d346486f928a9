import { Secret } from '@cardea/kit-runtime';
import type { NorFlash } from '@cardea/lock';
import { expect, it } from 'vitest';
import { createScpmBench, joinAndAsk, type ScpmBench, STRAY } from './scpm-bench.ts';

/** Where each of the writes begins that `run` makes, and where the last one ends: octets touched, from `run` on. */
async function writesOf(one: ScpmBench, run: () => Promise<void>): Promise<readonly number[]> {
  const { flash } = one;
  const from = flash.touchedOctets;
  const marks = new Set<number>();
  const { write, erase } = flash;
  Object.assign(flash, {
    write(...args: Parameters<typeof write>) {
      marks.add(flash.touchedOctets - from);
      write(...args);
    },
    erase(...args: Parameters<typeof erase>) {
      marks.add(flash.touchedOctets - from);
      erase(...args);
    },
  });
  await run();
  return [...marks, flash.touchedOctets - from].sort((a, b) => a - b);
}

/** The first octet, the one in the middle and the last of each write. */
function cutsOf(marks: readonly number[]): readonly number[] {
  const cuts = marks.slice(1).flatMap((end, i) => {
    const begin = marks[i] as number;
    return [begin, (begin + end) >> 1, end - 1];
  });
  return [...new Set(cuts)];
}

it('power cuts at every write while it joins and is spoken with: it ends in the domain, and hears nothing twice', async () => {
  const reference = await createScpmBench();
  const cuts = cutsOf(await writesOf(reference, () => joinAndAsk(reference)));
  expect(reference.ksn.inside).toHaveLength(1);
  expect(cuts.length).toBeGreaterThan(20);
  for (const cut of cuts) {
    const one = await createScpmBench();
    const { clock, flash, lock, ksn } = one;
    flash.cutAfter(cut);
    await joinAndAsk(one);
    expect(lock.view().powered, `cut ${cut}`).toBe(false);
    const answers = ksn.inside.length;
    expect(answers).toBeLessThanOrEqual(1);
    flash.powerOn();
    await clock.advance(5_000);
    lock.powerOn();
    await clock.runUntil(() => ksn.joined && lock.view().hasUserKey, 30 * 60_000);
    ksn.say(STRAY);
    await clock.runUntil(() => ksn.inside.length > answers, 10 * 60_000);
    await clock.advance(120_000);
    // What was said before the cut is answered once, or lost with the power; what is said after it, once.
    expect(ksn.inside.length, `cut ${cut}`).toBeLessThanOrEqual(2);
    expect(ksn.arrived.length + ksn.givenUp.length).toBeLessThanOrEqual(2);
    expect(ksn.outside).toEqual([]);
  }
}, 120_000);

it('power cuts at every write while its key is renewed: it holds the new one in the end, and is spoken with under it', async () => {
  const isRenewed = ({ ksn }: ScpmBench): boolean => {
    const userKey = ksn.state.domainKeys.find(({ keyIndex }) => keyIndex === 1);
    return userKey?.generation === 2 && userKey.next === undefined;
  };
  const renew = async (one: ScpmBench): Promise<void> => {
    one.ksn.tell({ kind: 'update-key', keyIndex: 1, key: new Secret(new Uint8Array(16).fill(5)) });
    await one.clock.runUntil(() => isRenewed(one) || !one.lock.view().powered, 30 * 60_000);
    await one.clock.advance(1_000);
  };
  const reference = await createScpmBench();
  await joinAndAsk(reference);
  const cuts = cutsOf(await writesOf(reference, () => renew(reference)));
  expect(cuts.length).toBeGreaterThan(20);
  for (const cut of cuts) {
    const one = await createScpmBench();
    const { clock, flash, lock, ksn } = one;
    await joinAndAsk(one);
    flash.cutAfter(cut);
    await renew(one);
    expect(lock.view().powered, `cut ${cut}`).toBe(false);
    flash.powerOn();
    await clock.advance(5_000);
    lock.powerOn();
    expect(lock.view().hasUserKey).toBe(true);
    await clock.runUntil(() => isRenewed(one), 60 * 60_000);
    const answers = ksn.inside.length;
    ksn.say(STRAY);
    await clock.runUntil(() => ksn.inside.length > answers, 10 * 60_000);
    expect(ksn.outside).toEqual([]);
  }
}, 120_000);

it('power cuts at every write of its reset: the key is there or gone, and after the next reset it joins again', async () => {
  const reset = async ({ clock, lock }: ScpmBench): Promise<void> => {
    lock.factoryReset();
    await clock.advance(1_000);
  };
  const reference = await createScpmBench();
  await joinAndAsk(reference);
  reference.ksn.off();
  const cuts = cutsOf(await writesOf(reference, () => reset(reference)));
  expect(reference.lock.view()).toMatchObject({ powered: true, hasUserKey: false });
  const seen = new Set<boolean>();
  for (const cut of cuts) {
    const one = await createScpmBench();
    const { clock, flash, lock, ksn } = one;
    await joinAndAsk(one);
    ksn.off();
    flash.cutAfter(cut);
    await reset(one);
    expect(lock.view().powered, `cut ${cut}`).toBe(false);
    flash.powerOn();
    lock.powerOn();
    seen.add(lock.view().hasUserKey);
    await reset(one);
    expect(lock.view().hasUserKey).toBe(false);
    ksn.on();
    ksn.join();
    await clock.runUntil(() => ksn.joined && lock.view().hasUserKey, 30 * 60_000);
  }
  expect([...seen].sort()).toEqual([false, true]);
}, 120_000);

it('once a key is renewed or given up, the flash holds no record that held it', async () => {
  const bench = await createScpmBench();
  const { clock, flash, lock, ksn } = bench;
  await joinAndAsk(bench);
  const userKey = () => ksn.state.domainKeys.find(({ keyIndex }) => keyIndex === 1);
  const generations = (count: number) => userKey()?.generation === count && userKey()?.next === undefined;
  // What the flash holds under the first key: records are sealed, so they are told by their octets.
  const records = recordsOf(flash);
  ksn.tell({ kind: 'update-key', keyIndex: 1, key: new Secret(new Uint8Array(16).fill(5)) });
  await clock.runUntil(() => generations(2), 10 * 60_000);
  await clock.advance(10_000);
  const image = Buffer.from(flash.image());
  for (const record of records) expect(image.includes(record)).toBe(false);
  expect(records.length).toBeGreaterThan(1);
  expect(lock.view().hasUserKey).toBe(true);
});

/** The records in both banks: length(2) sequence(4) payload crc(4) each, after a head of 12 octets. */
function recordsOf(flash: NorFlash): readonly Buffer[] {
  const image = Buffer.from(flash.image());
  const half = image.length / 2;
  const found: Buffer[] = [];
  for (const bank of [0, half]) {
    for (let at = bank + 12; at + 10 < bank + half && image.readUInt16BE(at) !== 0xffff; ) {
      const end = at + 6 + image.readUInt16BE(at);
      found.push(image.subarray(at + 6, end));
      at = end + 4;
    }
  }
  return found;
}
