import { connectTcp, seededRandom, settle, systemClock } from '@cardea/kit-node';
import type { GattService } from '@cardea/kit-radio';
import { createVirtualClock } from '@cardea/kit-runtime';
import {
  AirError,
  type AirMessage,
  type AirTransport,
  frameAirMessage,
  type JoinOptions,
  joinAir,
} from '@cardea/wire-air';
import { expect, test } from 'vitest';
import { createMedium, runHub, type SimulationCommand, welcomeGuest } from '../src/index.ts';

const token = new Uint8Array(32).fill(5);
const LINK = '11111111-1111-1111-1111-111111111111';
const service: GattService = {
  uuid: '00000000-0000-0000-0000-000000000001',
  characteristics: [{ uuid: LINK, write: true, notify: true }],
};

/** Two ends of a pipe in memory; octets arrive in a later microtask, as they would from a socket. */
function pipe(): [AirTransport, AirTransport] {
  const end = () => ({ data: [] as ((octets: Uint8Array) => void)[], close: [] as (() => void)[] });
  const ends = [end(), end()] as const;
  let open = true;
  const side = (mine: 0 | 1): AirTransport => ({
    send(octets) {
      queueMicrotask(() => {
        for (const hear of ends[mine === 0 ? 1 : 0].data) hear(octets);
      });
    },
    onData: (listener) => ends[mine].data.push(listener),
    onClose: (listener) => ends[mine].close.push(listener),
    close() {
      if (!open) return;
      open = false;
      queueMicrotask(() => {
        for (const hear of ends.flatMap((one) => one.close)) hear();
      });
    },
  });
  return [side(0), side(1)];
}

function scene() {
  const clock = createVirtualClock(1_700_000_000_000, settle);
  const medium = createMedium({ clock, random: seededRandom('hub') });
  const commands: SimulationCommand[] = [];
  const enter = (): AirTransport => {
    const [mine, theirs] = pipe();
    welcomeGuest(theirs, {
      medium,
      token,
      async control(command) {
        if (command.value === 'bad') throw new Error('jam: must be on or off');
        commands.push(command);
      },
    });
    return mine;
  };
  const join = (name: string, more: Partial<JoinOptions> = {}) => joinAir(enter(), { token, name, ...more });
  const done = async <T>(promise: Promise<T>): Promise<T> => {
    let over = false;
    const end = () => {
      over = true;
    };
    promise.then(end, end);
    await clock.runUntil(() => over, 60_000);
    return promise;
  };
  return { clock, medium, enter, join, done, commands };
}

test('two processes meet on the air: scan, connect, write, notify, disconnect', async () => {
  const { clock, join, done, medium } = scene();
  const lock = await join('lock process');
  const gateway = await join('gateway');
  const told: string[] = [];
  const peripheral = lock.radio.serve(
    service,
    {
      connected: (link) => told.push(`connected ${link.mtu}`),
      written(link, characteristic, value) {
        told.push(`written ${value.join(' ')}`);
        link.notify(characteristic, Uint8Array.of(9, ...value));
      },
      disconnected: () => told.push('disconnected'),
    },
    { name: 'C0DEA0000101', bluetooth: '4.2', mtu: 23 },
  );
  peripheral.advertise({ address: 'C0DEA0000101', data: Uint8Array.of(1) });
  const heard: string[] = [];
  const stop = gateway.radio.scan([service.uuid], (report) => heard.push(report.address));
  await clock.advance(1_000);
  stop();
  expect(heard.length).toBeGreaterThan(2);
  const link = await done(gateway.radio.connect('C0DEA0000101', { timeoutMs: 5_000 }));
  const notified: string[] = [];
  link.onNotify(LINK, (value) => notified.push(value.join(' ')));
  let ended = 0;
  link.onDisconnect(() => ended++);
  await done(link.write(LINK, Uint8Array.of(4)));
  await clock.advance(200);
  expect(await gateway.peripherals()).toEqual([
    { name: 'C0DEA0000101', bluetooth: '4.2', mtu: 23, advertising: true, connected: true },
  ]);
  link.disconnect();
  await clock.advance(1_000);
  expect(told).toEqual(['connected 23', 'written 4', 'disconnected']);
  expect(notified).toEqual(['9 4']);
  expect(ended).toBe(1);
  await expect(link.write(LINK, Uint8Array.of(1))).rejects.toMatchObject({ code: 'disconnected' });
  await expect(done(gateway.radio.connect('000000000000', { timeoutMs: 500 }))).rejects.toMatchObject({
    code: 'out-of-range',
  });
  lock.close();
  await settle();
  expect(medium.peripherals()).toEqual([]);
});

test('a process that dies ends its links; the survivor is told', async () => {
  const { clock, join, done } = scene();
  const lock = await join('lock process');
  const gateway = await join('gateway');
  lock.radio
    .serve(service, { connected() {}, written() {}, disconnected() {} }, { name: 'L', bluetooth: '5.0', mtu: 247 })
    .advertise({ address: 'C0DEA0000101', data: new Uint8Array(0) });
  const link = await done(gateway.radio.connect('C0DEA0000101', { timeoutMs: 5_000 }));
  let ended = 0;
  link.onDisconnect(() => ended++);
  lock.close();
  await clock.advance(5_000);
  expect(ended).toBe(1);
});

test('when the hub goes, connects and commands fail as closed and links end', async () => {
  const { join, done, clock } = scene();
  const gateway = await join('gateway');
  const connecting = gateway.radio.connect('C0DEA0000101', { timeoutMs: 5_000 });
  const listing = gateway.peripherals();
  let reason = '';
  gateway.onClose((why) => {
    reason = why;
  });
  gateway.close();
  await expect(connecting).rejects.toMatchObject({ code: 'closed' });
  await expect(listing).rejects.toMatchObject({ code: 'closed' });
  await expect(gateway.control('jam', 'L', 'on')).rejects.toMatchObject({ code: 'closed' });
  expect(reason).toBe('left the air');
  await done(clock.advance(10_000));
});

test('simulation commands are answered ok or with the reason', async () => {
  const { join, commands } = scene();
  const server = await join('server');
  await server.control('jam', 'C0DEA0000101', 'on');
  expect(commands).toEqual([{ fault: 'jam', identifier: 'C0DEA0000101', value: 'on' }]);
  await expect(server.control('jam', 'C0DEA0000101', 'bad')).rejects.toThrow('jam: must be on or off');
});

test.each([0, 31, 255])(
  'every wrong token is refused, and nothing happens before the right one (bit %i)',
  async (bit) => {
    const { enter } = scene();
    const wrong = token.slice();
    wrong[bit >> 3]! ^= 1 << (bit & 7);
    await expect(joinAir(enter(), { token: wrong, name: 'x' })).rejects.toThrow('wrong token');
    await expect(joinAir(enter(), { token: new Uint8Array(0), name: 'x' })).rejects.toThrow('wrong token');
  },
);

test.each<[string, Uint8Array]>([
  ['a message before hello', frameAirMessage({ kind: 'list', id: 1 })],
  ['a message longer than a hello', Uint8Array.of(0, 0, 1, 0)],
  ['an unknown kind', Uint8Array.of(0, 0, 0, 1, 0xff)],
  ['an empty message', Uint8Array.of(0, 0, 0, 0)],
])('%s ends the stay with a reason', async (_, octets) => {
  const { enter } = scene();
  const transport = enter();
  let closed = false;
  let said = 0;
  transport.onData((answer) => {
    said += answer.length;
  });
  transport.onClose(() => {
    closed = true;
  });
  transport.send(octets);
  await settle();
  expect(closed).toBe(true);
  expect(said).toBeGreaterThan(0);
});

test('hostile messages after the token end that stay alone: the air goes on for others', async () => {
  const { enter, join, done, clock } = scene();
  const hello: AirMessage = { kind: 'hello', version: 1, token, name: 'bad' };
  const scan: AirMessage = { kind: 'scan', id: 1, services: [] };
  const hostile: AirMessage[][] = [
    [scan, scan],
    [{ kind: 'welcome', version: 1 }],
    Array.from({ length: 17 }, (_, id) => ({ ...scan, id })),
    [{ kind: 'serve', id: 1, name: 'L', bluetooth: '5.0', mtu: 1, service: service.uuid, characteristics: [] }, hello],
  ];
  for (const messages of hostile) {
    const transport = enter();
    let closed = false;
    transport.onData(() => undefined);
    transport.onClose(() => {
      closed = true;
    });
    for (const message of [hello, ...messages]) transport.send(frameAirMessage(message));
    await settle();
    expect(closed).toBe(true);
  }
  const good = await join('good');
  expect(await good.peripherals()).toEqual([]);
  await done(clock.advance(10));
});

test('over TCP on the loopback: join, faults of the air, a command handed on to the process of the lock, close', async () => {
  const medium = createMedium({ clock: systemClock(), random: seededRandom('tcp') });
  const hub = await runHub({ host: '127.0.0.1', port: 0, token, medium });
  const obeyed: string[] = [];
  const lock = await joinAir(await connectTcp('127.0.0.1', hub.port), {
    token,
    name: 'lock',
    onControl({ fault, value }) {
      if (fault !== 'jam') throw new AirError('refused', 'no such fault');
      obeyed.push(value);
    },
  });
  const server = await joinAir(await connectTcp('127.0.0.1', hub.port), { token, name: 'server' });
  lock.radio.serve(
    service,
    { connected() {}, written() {}, disconnected() {} },
    { name: 'L', bluetooth: '5.0', mtu: 247 },
  );
  await lock.peripherals();
  await server.control('range', 'L', 'out');
  await server.control('delay', 'L', '12');
  expect(medium.peripherals()[0]!.faults).toEqual({ range: 'out', delayMs: 12_000, loss: 0 });
  await server.control('jam', 'L', 'on');
  expect(obeyed).toEqual(['on']);
  await expect(server.control('melt', 'L', 'on')).rejects.toThrow('no such fault');
  await expect(server.control('range', 'L', 'far')).rejects.toThrow('range: must be in or out');
  await expect(server.control('delay', 'L', '-1')).rejects.toThrow('delay: must be from 0 to 600 seconds');
  await expect(server.control('jam', 'nobody', 'on')).rejects.toThrow('no virtual lock nobody');
  const closed = new Promise<string>((resolve) => server.onClose(resolve));
  await hub.close();
  expect(await closed).toBe('the hub is closing');
});
