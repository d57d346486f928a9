import { seededRandom } from '@cardea/kit-node';
import type { Attempt } from '@cardea/server-core';
import { expect, it } from 'vitest';
import { createDemoEstate } from '../src/estate.ts';

const AT_ONCE = 3;

it.each([1, 2, 3])(
  'locks of both makers are bound %#: three at a time over one radio, whenever the button is pressed',
  async (seed) => {
    const estate = await createDemoEstate({ seed });
    const { clock, ras } = estate;
    const random = seededRandom(`presses ${seed}`);
    const waiting = [...estate.doors];
    const ended = new Map<string, Attempt>();
    const began = clock.monotonic();
    const worker = async (): Promise<void> => {
      for (let door = waiting.shift(); door !== undefined; door = waiting.shift()) {
        const at = door;
        const attempt = await ras.core.locks.enrol(ras.owner, {
          doorId: estate.doorId(at),
          identifier: estate.identity(at).identifier,
        });
        ended.set(at, await ras.core.attempts.wait(ras.owner, attempt.id, 120_000));
      }
    };
    const workers = Promise.all(Array.from({ length: AT_ONCE }, worker));
    const pressing = new Set<string>();
    await clock.runUntil(() => {
      for (const door of estate.doors) {
        if (!estate.lock(door).view().confirmationWanted || pressing.has(door)) continue;
        pressing.add(door);
        clock.after(((random.octets(1)[0] ?? 0) * 10_000) / 256, () => {
          pressing.delete(door);
          estate.lock(door).pressButton();
        });
      }
      return ended.size === estate.doors.length;
    }, 3_600_000);
    await workers;
    console.info(`bound ${ended.size} locks in ${Math.round((clock.monotonic() - began) / 1000)} s of virtual time`);
    const unbound = [...ended].filter(([, { state }]) => state !== 'succeeded');
    expect(unbound.map(([door, { state, reason }]) => `${door} ${state} ${reason}`)).toEqual([]);
    await estate.stop();
  },
);
