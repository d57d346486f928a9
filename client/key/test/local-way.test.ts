import { settle } from '@cardea/kit-node';
import { toHex } from '@cardea/kit-octets';
import { createVirtualClock } from '@cardea/kit-runtime';
import { frameLocal, type LocalMessage, LocalStream } from '@cardea/wire-route';
import { beforeEach, describe, expect, it } from 'vitest';
import { type LinkListener, type LocalPipe, type LockLink, localWay } from '../src/index.ts';

/** The other end of the pipe: a gateway, by hand. */
function createEndpoint() {
  const stream = new LocalStream();
  const heard: LocalMessage[] = [];
  let toPhone: (octets: Uint8Array) => void = () => {};
  let closed: () => void = () => {};
  let open = true;
  const pipe: LocalPipe = {
    send: (octets) => void heard.push(...stream.push(octets)),
    onData: (listener) => {
      toPhone = listener;
    },
    onClose: (listener) => {
      closed = listener;
    },
    close: () => {
      open = false;
    },
  };
  return {
    pipe,
    heard,
    say: (message: LocalMessage) => toPhone(frameLocal(message)),
    sayOctets: (octets: Uint8Array) => toPhone(octets),
    hangUp: () => closed(),
    get open() {
      return open;
    },
  };
}

describe("through the local endpoint of a gateway, by the phone's hand", () => {
  const LOCK = 'A1B2C3D4E5F6';
  const clock = createVirtualClock(0, settle);
  let endpoint: ReturnType<typeof createEndpoint>;
  let told: string[];
  const listener: LinkListener = {
    message: (channel, octets) => told.push(`${channel}:${toHex(octets)}`),
    ended: () => told.push('ended'),
  };
  const connect = (): Promise<LockLink> =>
    localWay({ open: () => Promise.resolve(endpoint.pipe), clock }).connect(LOCK, 3_000, listener);
  const opened = async (): Promise<LockLink> => {
    const link = connect();
    await settle();
    endpoint.say({ kind: 'opened' });
    return link;
  };
  beforeEach(() => {
    endpoint = createEndpoint();
    told = [];
  });

  it('the lock is found by its name alone', async () => {
    const way = localWay({ open: () => Promise.resolve(endpoint.pipe), clock });
    expect(await way.find({ identifier: LOCK, advertisementKey: new Uint8Array(16) }, 1)).toBe(LOCK);
  });

  it('messages of the mobile key go both ways, and of no other channel', async () => {
    const link = await opened();
    await link.send(3, Uint8Array.of(0x20, 1));
    await link.send(1, Uint8Array.of(0x01, 2));
    endpoint.say({ kind: 'message', octets: Uint8Array.of(0x21, 9) });
    expect(endpoint.heard).toEqual([
      { kind: 'open', lock: LOCK },
      { kind: 'message', octets: Uint8Array.of(0x20, 1) },
    ]);
    expect(told).toEqual(['3:2109']);
  });

  it.each([
    ['unknown_lock', 'unsupported'],
    ['not_heard', 'out-of-range'],
    ['busy', 'busy'],
    ['ended', 'disconnected'],
  ] as const)('a gateway that says %s: %s', async (reason, code) => {
    const link = connect();
    await settle();
    endpoint.say({ kind: 'refused', reason });
    await expect(link).rejects.toMatchObject({ name: 'RadioError', code });
    expect(endpoint.open).toBe(false);
    expect(told).toEqual([]);
  });

  it('a gateway that says nothing costs its time and no more', async () => {
    const link = expect(connect()).rejects.toMatchObject({ code: 'timeout' });
    await settle();
    await clock.advance(3_000);
    await link;
    expect(endpoint.open).toBe(false);
  });

  it('an endpoint that cannot be reached is not tried again', async () => {
    const open = () => Promise.reject(new Error('connect ECONNREFUSED'));
    const link = localWay({ open, clock }).connect(LOCK, 3_000, listener);
    await expect(link).rejects.toMatchObject({ code: 'closed' });
  });

  it.each<[string, () => void]>([
    ['hangs up', () => endpoint.hangUp()],
    ['says that it has ended', () => endpoint.say({ kind: 'refused', reason: 'ended' })],
    ['says what has no meaning', () => endpoint.sayOctets(Uint8Array.of(0, 1, 0x77))],
    ['opens twice', () => endpoint.say({ kind: 'opened' })],
  ])('the end is told once when it %s', async (_, act) => {
    const link = await opened();
    act();
    endpoint.hangUp();
    expect(told).toEqual(['ended']);
    await expect(link.send(3, Uint8Array.of(1))).rejects.toMatchObject({ code: 'disconnected' });
  });
});
