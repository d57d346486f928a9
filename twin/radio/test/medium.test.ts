import { seededRandom, settle } from '@cardea/kit-node';
import type {
  AdvertisementReport,
  CentralLink,
  GattService,
  Peripheral,
  PeripheralLink,
  RadioError,
} from '@cardea/kit-radio';
import { createVirtualClock } from '@cardea/kit-runtime';
import { describe, expect, test } from 'vitest';
import { createMedium, DEFAULT_TIMING, type TappedFrame } from '../src/index.ts';

const LINK = '11111111-1111-1111-1111-111111111111';
const service: GattService = {
  uuid: '00000000-0000-0000-0000-000000000001',
  characteristics: [{ uuid: LINK, write: true, notify: true }],
};
const ADDRESS = 'C0DEA0000101';

function scene(seed: number, bluetooth: '4.2' | '5.0' = '5.0') {
  const clock = createVirtualClock(1_700_000_000_000, settle);
  const medium = createMedium({ clock, random: seededRandom(seed) });
  const seen: string[] = [];
  const links: PeripheralLink[] = [];
  const peripheral: Peripheral = medium.radioFor('lock').serve(
    service,
    {
      connected: (link) => links.push(link),
      written(link, characteristic, value) {
        seen.push(`written ${value.join(' ')}`);
        link.notify(
          characteristic,
          value.map((octet) => octet + 1),
        );
      },
      disconnected: () => seen.push('disconnected'),
    },
    { name: 'lock', bluetooth, mtu: 517 },
  );
  peripheral.advertise({ address: ADDRESS, data: Uint8Array.of(1, 2, 3) });
  const gateway = medium.radioFor('gateway');
  /** Runs virtual time until the promise is settled. */
  const done = async <T>(promise: Promise<T>, limitMs = 60_000): Promise<T> => {
    let over = false;
    const end = () => {
      over = true;
    };
    promise.then(end, end);
    await clock.runUntil(() => over, limitMs);
    return promise;
  };
  const connect = () => done(gateway.connect(ADDRESS, { timeoutMs: 5_000 }));
  return { clock, medium, peripheral, gateway, seen, links, done, connect };
}

const failure = (promise: Promise<unknown>): Promise<RadioError> =>
  promise.then(
    () => {
      throw new Error('succeeded');
    },
    (error: RadioError) => error,
  );

function listen(link: CentralLink): string[] {
  const heard: string[] = [];
  link.onNotify(LINK, (value) => heard.push(value.join(' ')));
  return heard;
}

describe('advertising and scanning', () => {
  test('a scanner hears each advertising event: one interval and its jitter apart, until it stops', async () => {
    const { clock, gateway } = scene(1);
    const at: number[] = [];
    const stop = gateway.scan([service.uuid], () => at.push(clock.monotonic()));
    await clock.advance(10_000);
    expect(at.length).toBeGreaterThanOrEqual(38);
    for (let i = 1; i < at.length; i++) {
      const gap = at[i]! - at[i - 1]!;
      expect(gap).toBeGreaterThanOrEqual(DEFAULT_TIMING.advertisingIntervalMs);
      expect(gap).toBeLessThan(DEFAULT_TIMING.advertisingIntervalMs + DEFAULT_TIMING.advertisingJitterMs);
    }
    stop();
    const count = at.length;
    await clock.advance(10_000);
    expect(at.length).toBe(count);
  });

  test('only the services asked for are reported, and what is advertised can be replaced and stopped', async () => {
    const { clock, gateway, peripheral } = scene(2);
    const reports: AdvertisementReport[] = [];
    gateway.scan([service.uuid], (report) => reports.push(report));
    gateway.scan(['00000000-0000-0000-0000-000000000002'], () => expect.unreachable());
    await clock.advance(1_000);
    expect(reports[0]).toMatchObject({ address: ADDRESS, data: Uint8Array.of(1, 2, 3), connectable: true });
    peripheral.advertise({ address: 'C0DEA0000999', data: Uint8Array.of(9) });
    await clock.advance(1_000);
    expect(reports.at(-1)).toMatchObject({ address: 'C0DEA0000999', data: Uint8Array.of(9) });
    peripheral.advertise(undefined);
    const count = reports.length;
    await clock.advance(1_000);
    expect(reports.length).toBe(count);
  });

  test('a peripheral out of range is not heard, nor is any when all is lost', async () => {
    const { clock, medium, gateway } = scene(3);
    let count = 0;
    gateway.scan([service.uuid], () => count++);
    medium.setFaults('lock', { range: 'out' });
    await clock.advance(5_000);
    medium.setFaults('lock', { range: 'in', loss: 1 });
    await clock.advance(5_000);
    expect(count).toBe(0);
    medium.setFaults('lock', { loss: 0 });
    await clock.advance(1_000);
    expect(count).toBeGreaterThan(0);
  });
});

describe('connecting', () => {
  test('takes the time to the next advertisement and the set-up', async () => {
    const { clock, connect } = scene(4);
    await connect();
    expect(clock.monotonic()).toBeGreaterThan(DEFAULT_TIMING.connectionSetupMs);
    expect(clock.monotonic()).toBeLessThan(400);
  });

  test.each([
    ['4.2', 23],
    ['5.0', 247],
  ] as const)('Bluetooth %s agrees on an MTU of %i', async (bluetooth, mtu) => {
    const { connect, links } = scene(5, bluetooth);
    expect((await connect()).mtu).toBe(mtu);
    expect(links[0]!.mtu).toBe(mtu);
  });

  test('an address that nobody advertises is out of range after the timeout', async () => {
    const { clock, gateway, done } = scene(6);
    const error = await failure(done(gateway.connect('000000000000', { timeoutMs: 3_000 })));
    expect(error.code).toBe('out-of-range');
    expect(clock.monotonic()).toBe(3_000);
  });

  test('one central per peripheral: the second is told busy, the scanner sees it as not connectable', async () => {
    const { clock, medium, gateway, connect, done } = scene(7);
    const first = await connect();
    const other = medium.radioFor('other');
    expect((await failure(done(other.connect(ADDRESS, { timeoutMs: 3_000 })))).code).toBe('busy');
    const connectable: boolean[] = [];
    gateway.scan([service.uuid], (report) => connectable.push(report.connectable));
    await clock.advance(1_000);
    expect(connectable).toContain(false);
    first.disconnect();
    await clock.advance(1_000);
    expect(connectable.at(-1)).toBe(true);
    await done(other.connect(ADDRESS, { timeoutMs: 3_000 }));
  });
});

describe('GATT', () => {
  test('a write is acknowledged by the peer, and its notification comes back', async () => {
    const { seen, connect, done, clock } = scene(8);
    const link = await connect();
    const heard = listen(link);
    await done(link.write(LINK, Uint8Array.of(1, 2)));
    await clock.advance(100);
    expect(seen).toEqual(['written 1 2']);
    expect(heard).toEqual(['2 3']);
  });

  test('an acknowledged write costs between one and two connection intervals and its airtime', async () => {
    const { clock, connect, done } = scene(9);
    const link = await connect();
    for (let i = 0; i < 20; i++) {
      const startMs = clock.monotonic();
      await done(link.write(LINK, new Uint8Array(20)));
      const tookMs = clock.monotonic() - startMs;
      expect(tookMs).toBeGreaterThan(DEFAULT_TIMING.connectionIntervalMs);
      expect(tookMs).toBeLessThan(2 * DEFAULT_TIMING.connectionIntervalMs + 5);
      await clock.advance(7 * i);
    }
  });

  test('without a subscription nothing is heard', async () => {
    const { links, connect, clock } = scene(10);
    await connect();
    links[0]!.notify(LINK, Uint8Array.of(1));
    await clock.advance(1_000);
    expect(links).toHaveLength(1);
  });

  test('values longer than the MTU less 3, and unknown characteristics, are unsupported', async () => {
    const { connect, done, links } = scene(11, '4.2');
    const link = await connect();
    expect((await failure(done(link.write(LINK, new Uint8Array(21))))).code).toBe('unsupported');
    await done(link.write(LINK, new Uint8Array(20)));
    expect((await failure(done(link.write(ADDRESS, new Uint8Array(1))))).code).toBe('unsupported');
    expect(() => links[0]!.notify(LINK, new Uint8Array(21))).toThrow(/MTU/);
  });

  test('order is kept under loss, nothing comes twice', async () => {
    const { medium, seen, connect, done, clock } = scene(12);
    const link = await connect();
    const heard = listen(link);
    medium.setFaults('lock', { loss: 0.4 });
    for (let i = 0; i < 50; i++) await done(link.write(LINK, Uint8Array.of(i)));
    await clock.advance(5_000);
    expect(seen).toEqual(Array.from({ length: 50 }, (_, i) => `written ${i}`));
    expect(heard).toEqual(Array.from({ length: 50 }, (_, i) => `${i + 1}`));
  });

  test('`delay` holds notifications and keeps their order', async () => {
    const { medium, connect, done, clock } = scene(13);
    const link = await connect();
    const heard = listen(link);
    medium.setFaults('lock', { delayMs: 12_000 });
    await done(link.write(LINK, Uint8Array.of(1)));
    await done(link.write(LINK, Uint8Array.of(2)));
    await clock.advance(11_000);
    expect(heard).toEqual([]);
    await clock.advance(1_500);
    expect(heard).toEqual(['2', '3']);
  });
});

describe('the end of a link', () => {
  test('out of range: both ends learn it after the supervision timeout, a pending write fails', async () => {
    const { medium, seen, connect, done, clock } = scene(14);
    const link = await connect();
    let ended = 0;
    link.onDisconnect(() => ended++);
    medium.setFaults('lock', { range: 'out' });
    const startMs = clock.monotonic();
    expect((await failure(done(link.write(LINK, Uint8Array.of(1))))).code).toBe('disconnected');
    expect(clock.monotonic() - startMs).toBeGreaterThanOrEqual(DEFAULT_TIMING.supervisionTimeoutMs - 30);
    expect(clock.monotonic() - startMs).toBeLessThan(DEFAULT_TIMING.supervisionTimeoutMs + 60);
    await clock.advance(1_000);
    expect([ended, seen]).toEqual([1, ['disconnected']]);
    expect((await failure(link.write(LINK, Uint8Array.of(1)))).code).toBe('disconnected');
  });

  test('an idle link is lost as well, and not when the peripheral comes back in time', async () => {
    const { medium, seen, connect, clock } = scene(15);
    await connect();
    medium.setFaults('lock', { range: 'out' });
    await clock.advance(3_000);
    medium.setFaults('lock', { range: 'in' });
    await clock.advance(3_000);
    expect(seen).toEqual([]);
    medium.setFaults('lock', { range: 'out' });
    await clock.advance(4_100);
    expect(seen).toEqual(['disconnected']);
  });

  test.each(['central', 'peripheral'] as const)('hung up by the %s: each end is told once', async (who) => {
    const { seen, links, connect, clock } = scene(16);
    const link = await connect();
    let ended = 0;
    link.onDisconnect(() => ended++);
    if (who === 'central') link.disconnect();
    else links[0]!.disconnect();
    await clock.advance(1_000);
    expect([ended, seen]).toEqual([1, ['disconnected']]);
  });
});

describe('somebody on the air', () => {
  test('observes, drops, alters, holds and injects frames', async () => {
    const { medium, seen, connect, done, clock } = scene(17);
    const link = await connect();
    const heard = listen(link);
    const observed: TappedFrame[] = [];
    const stop = medium.tap({
      frame(frame) {
        observed.push(frame);
        if (frame.direction === 'to-central') return undefined;
        if (frame.value[0] === 1) return { kind: 'drop' };
        if (frame.value[0] === 2) return { kind: 'replace', value: Uint8Array.of(20) };
        if (frame.value[0] === 3) return { kind: 'hold', ms: 1_000 };
        return undefined;
      },
    });
    for (const value of [1, 2, 3, 4]) await done(link.write(LINK, Uint8Array.of(value)));
    await clock.advance(2_000);
    expect(seen).toEqual(['written 20', 'written 4', 'written 3']);
    expect(heard).toEqual(['21', '5', '4']);
    expect(observed.filter((frame) => frame.direction === 'to-peripheral').map((frame) => frame.value[0])).toEqual([
      1, 2, 3, 4,
    ]);
    stop();
    expect(medium.inject(observed[0]!.link, 'to-peripheral', LINK, Uint8Array.of(7))).toBe(true);
    expect(medium.inject(observed[0]!.link, 'to-central', LINK, Uint8Array.of(99))).toBe(true);
    await clock.advance(1_000);
    expect(seen.at(-1)).toBe('written 7');
    expect(heard).toContain('99');
    expect(medium.inject(999, 'to-central', LINK, Uint8Array.of(1))).toBe(false);
  });
});

test('a seed repeats the whole run, another seed another', async () => {
  const run = async (seed: number): Promise<string> => {
    const { clock, medium, connect, done } = scene(seed);
    medium.setFaults('lock', { loss: 0.2 });
    const times: number[] = [];
    const link = await connect();
    for (let i = 0; i < 20; i++) {
      await done(link.write(LINK, new Uint8Array(100)));
      times.push(clock.monotonic());
    }
    return times.join(' ');
  };
  expect(await run(1)).toBe(await run(1));
  expect(await run(1)).not.toBe(await run(2));
});
