import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { type ConnectionGuard, createConnectionGuard, GUARD_LIMITS, type GuardLimits } from '../src/index.ts';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

interface Rig {
  readonly guard: ConnectionGuard;
  readonly clock: { nowMs: number };
  readonly server: Server;
  /** A client from this address and the server's end of it; undefined when it was refused. */
  dial(from: string, begins?: boolean): Promise<{ readonly near: Socket; readonly far: Socket | undefined }>;
  /** From where the connections come that have begun and were not answered by `dial`. */
  begun(): readonly (string | undefined)[];
  /** Lets time pass for the guard. */
  pass(durationMs: number): Promise<void>;
}

async function rig(limits: Partial<GuardLimits>): Promise<Rig> {
  const clock = { nowMs: 0 };
  const due: (() => void)[] = [];
  const guard = createConnectionGuard(
    {
      monotonic: () => clock.nowMs,
      after: (_, run) => {
        due.push(run);
        return () => {};
      },
    },
    { ...GUARD_LIMITS, starts: { burst: 1000, perS: 0 }, ...limits },
  );
  const far: Socket[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => {});
    far.push(socket);
  });
  guard.watch(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  cleanups.push(() => {
    for (const socket of far) socket.destroy();
    server.close();
  });
  return {
    guard,
    clock,
    server,
    begun: () => far.map(({ remoteAddress }) => remoteAddress),
    async pass(durationMs) {
      clock.nowMs += durationMs;
      for (const run of due.splice(0)) run();
    },
    async dial(from, begins = true) {
      const { refused, strangers } = guard.counts();
      const near = connect({ port, host: '127.0.0.1', localAddress: from });
      cleanups.push(() => near.destroy());
      near.on('error', () => {});
      await once(near, 'connect').catch(() => undefined);
      if (!begins) {
        while (guard.counts().strangers === strangers) await new Promise((done) => setImmediate(done));
        return { near, far: undefined };
      }
      while (far.length === 0 && guard.counts().refused === refused) await new Promise((done) => setImmediate(done));
      return { near, far: far.shift() };
    },
  };
}

const ended = async (socket: Socket): Promise<void> => {
  // `once` of node:events would take the reset for a failure.
  if (!socket.closed) await new Promise((closed) => socket.once('close', closed));
};

it('gives the place of the stranger that waits longest at the earliest stage to a new one', async () => {
  const { guard, dial } = await rig({ strangers: 3 });
  const [first, second, third] = [await dial('127.0.0.2'), await dial('127.0.0.3'), await dial('127.0.0.4')];
  guard.progressed(first.far!, 'secured');
  guard.progressed(third.far!, 'spoke');
  await dial('127.0.0.5');
  await ended(second.near);
  expect(guard.counts()).toEqual({ strangers: 3, evicted: 1, refused: 0 });
  await dial('127.0.0.6');
  await dial('127.0.0.7');
  await dial('127.0.0.8');
  expect([first.near.closed, third.near.closed]).toEqual([false, false]);
});

it('takes the place of one that is slow, however far it got, before that of one that just came', async () => {
  const { guard, dial, pass } = await rig({ strangers: 2, stageMs: 1000 });
  const slow = await dial('127.0.0.2');
  guard.progressed(slow.far!, 'spoke');
  await pass(1000);
  const newcomer = await dial('127.0.0.3');
  await dial('127.0.0.4');
  await ended(slow.near);
  expect(newcomer.near.closed).toBe(false);
});

it('spares an address that somebody signed in from as long as there is another', async () => {
  const { guard, dial } = await rig({ strangers: 2 });
  guard.trusted((await dial('127.0.0.2')).far!);
  const colleague = await dial('127.0.0.2');
  const other = await dial('127.0.0.3');
  guard.progressed(other.far!, 'spoke');
  await dial('127.0.0.4');
  await dial('127.0.0.5');
  await ended(other.near);
  expect(colleague.near.closed).toBe(false);
});

it('ends no connection whose peer has signed in, and does not count it', async () => {
  const { guard, dial } = await rig({ strangers: 2, strangersPerAddress: 1 });
  const gateway = await dial('127.0.0.2');
  guard.trusted(gateway.far!);
  for (let last = 10; last < 30; last++) await dial(`127.0.0.${last}`);
  for (let more = 0; more < 10; more++) await dial('127.0.0.2');
  expect(gateway.near.closed).toBe(false);
  expect(guard.counts().strangers).toBe(2);
});

it('holds one address to its share', async () => {
  const { guard, dial } = await rig({ strangersPerAddress: 2 });
  const other = await dial('127.0.0.9');
  const [oldest] = [await dial('127.0.0.2'), await dial('127.0.0.2'), await dial('127.0.0.2')];
  await ended(oldest!.near);
  expect(other.near.closed).toBe(false);
  expect(guard.counts()).toEqual({ strangers: 3, evicted: 1, refused: 0 });
});

it('closes what comes past the rate of its address, and takes it again later', async () => {
  const { guard, clock, dial } = await rig({ perAddress: { burst: 2, perS: 1 } });
  await dial('127.0.0.2');
  await dial('127.0.0.2');
  expect((await dial('127.0.0.2')).far).toBeUndefined();
  expect((await dial('127.0.0.3')).far).toBeDefined();
  clock.nowMs = 1000;
  expect((await dial('127.0.0.2')).far).toBeDefined();
  expect(guard.counts().refused).toBe(1);
});

it('lets strangers begin at its pace, an address after the other, and first those that somebody signed in from', async () => {
  const { guard, begun, dial, pass } = await rig({ starts: { burst: 1, perS: 1 } });
  const first = (await dial('127.0.0.2')).far!;
  expect(guard.knows(first)).toBe(false);
  guard.trusted(first);
  expect(guard.knows(first)).toBe(true);
  for (const from of ['127.0.0.3', '127.0.0.3', '127.0.0.3', '127.0.0.4', '127.0.0.2']) await dial(from, false);
  expect(begun()).toEqual([]);
  for (let seconds = 0; seconds < 5; seconds++) await pass(1000);
  expect(begun()).toEqual(['127.0.0.2', '127.0.0.3', '127.0.0.4', '127.0.0.3', '127.0.0.3']);
});

it('forgets connections as they end', async () => {
  const { guard, dial } = await rig({});
  const { near, far } = await dial('127.0.0.2');
  near.destroy();
  await ended(far!);
  expect(guard.counts().strangers).toBe(0);
});
