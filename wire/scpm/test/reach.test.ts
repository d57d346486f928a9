import { expect, it } from 'vitest';
import { isJoined } from '../src/index.ts';
import { CALM, World } from './world.ts';

const LOST = { ...CALM, loss: 1 };

/** A joined device, and what each end does for a message to the other. */
function joined(seed: number) {
  const world = new World({ seed });
  world.join();
  world.pass(60_000, () => isJoined(world.ksn, world.device().address));
  world.pass(2_000);
  const ends = { ksn: world.ksn.address, 'device-0': world.device().address };
  const other = { ksn: 'device-0', 'device-0': 'ksn' } as const;
  const send = (from: keyof typeof ends, token: number): void =>
    world.tell(from, {
      ...{ kind: 'send', to: ends[other[from]], keyIndex: 1, token, expiresAtMs: undefined },
      octets: Uint8Array.of(token, token),
    });
  const delivered = (at: keyof typeof ends): readonly number[] =>
    world.of(at, 'deliver').map(({ octets }) => octets[0] as number);
  return { world, ends, other, send, delivered };
}

it.each(['ksn', 'device-0'] as const)(
  'once %s hears that its peer is gone, messages to it are given up, and the next one arrives',
  (from) => {
    const { world, ends, other, send, delivered } = joined(1);
    world.weather = LOST;
    for (const token of [1, 2, 3]) send(from, token);
    const peer = ends[other[from]];
    world.tell(from, { kind: 'unreachable', peer });
    expect(world.of(from, 'message-done')).toEqual(
      [1, 2, 3].map((token) => ({ kind: 'message-done', to: peer, token, arrived: false })),
    );
    const before = world.heard.length;
    world.pass(60_000);
    expect(world.heard.length).toBe(before);
    world.weather = CALM;
    send(from, 4);
    world.pass(10_000);
    expect(delivered(other[from])).toEqual([4]);
    expect(world.of(from, 'message-done').at(-1)).toMatchObject({ token: 4, arrived: true });
  },
);

it.each(['ksn', 'device-0'] as const)(
  'once %s hears that its peer is there again, it sends again at once, also after its last try',
  (from) => {
    const { world, ends, other, send, delivered } = joined(2);
    world.weather = LOST;
    send(from, 1);
    // Tries at 0, 1, 3, 7 and 15 s; it is given up at 31 s.
    world.pass(20_000);
    expect(world.of(from, 'message-done')).toEqual([]);
    world.weather = CALM;
    const atMs = world.nowMs;
    world.tell(from, { kind: 'reachable', peer: ends[other[from]] });
    world.pass(100, () => delivered(other[from]).length > 0);
    expect(delivered(other[from])).toEqual([1]);
    expect(world.nowMs - atMs).toBeLessThan(100);
  },
);
