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
  expect(cuts.length).toBeGreaterThan(30);
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
