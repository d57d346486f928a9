import { seededRandom, systemClock } from '@cardea/kit-node';
import type { GattService, PeripheralLink } from '@cardea/kit-radio';
import { createMedium, type Medium } from '@cardea/twin-radio';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bluez, dbusMissing, type PrivateBus, runBluez, startPrivateBus } from '../src/index.ts';
import { type Client, joinBus } from './client.ts';

const SERVICE: GattService = {
  uuid: '6c0c3a10-5a4f-4d0e-9b5e-1c43a7d2e001',
  characteristics: [
    { uuid: '6c0c3a10-5a4f-4d0e-9b5e-1c43a7d2e002', write: true, notify: true },
    { uuid: '6c0c3a10-5a4f-4d0e-9b5e-1c43a7d2e003', write: true, notify: false },
  ],
};
const ADAPTER = '/org/bluez/hci0';
const ONE = `${ADAPTER}/dev_C0_00_00_00_00_01`;
const TWO = `${ADAPTER}/dev_C0_00_00_00_00_02`;
const ECHO = `${ONE}/service0010/char0011`;

let medium: Medium;
let bus: PrivateBus;
let bluez: Bluez;
let client: Client;
let links: Map<string, PeripheralLink>;

/** A peripheral that answers each write with the same octets. */
function echo(name: string, address: string): void {
  const peripheral = medium.radioFor(name).serve(
    SERVICE,
    {
      connected: (link) => links.set(name, link),
      written: (link, characteristic, value) => link.notify(characteristic, value),
      disconnected: () => links.delete(name),
    },
    { name, bluetooth: '5.0', mtu: 103 },
  );
  peripheral.advertise({ address, data: Uint8Array.of(1, 2, 3) });
}

async function discover(...paths: readonly string[]): Promise<void> {
  await client.call(ADAPTER, 'Adapter1', 'StartDiscovery');
  await expect.poll(async () => Object.keys(await client.objects())).toEqual(expect.arrayContaining([...paths]));
}

describe.skipIf(dbusMissing())('a stand-in for BlueZ', () => {
  beforeEach(async () => {
    links = new Map();
    medium = createMedium({ clock: systemClock(), random: seededRandom('bluez') });
    bus = await startPrivateBus();
    bluez = await runBluez({
      busAddress: bus.address,
      radio: medium.radioFor('adapter'),
      clock: systemClock(),
      services: [SERVICE],
      connectTimeoutMs: 500,
      rememberMs: 500,
    });
    client = await joinBus(bus.address);
  });

  afterEach(async () => {
    client?.close();
    bluez?.close();
    await bus?.close();
  });

  it('shows each peripheral that is heard while somebody discovers', async () => {
    echo('one', 'C00000000001');
    echo('two', 'C00000000002');
    expect(Object.keys(await client.objects())).toEqual(['/org/bluez', ADAPTER]);
    await discover(ONE, TWO);
    const objects = await client.objects();
    expect(objects[ADAPTER]?.['org.bluez.Adapter1']).toMatchObject({ Powered: true, Discovering: true });
    expect(objects[ONE]?.['org.bluez.Device1']).toMatchObject({
      Address: 'C0:00:00:00:00:01',
      AddressType: 'random',
      UUIDs: [SERVICE.uuid],
      Connected: false,
    });
    expect(client.signals).toContain(`${ONE} InterfacesAdded`);
  });

  it('connects, carries writes and notifications, and hangs up', async () => {
    echo('one', 'C00000000001');
    await discover(ONE);
    await client.call(ONE, 'Device1', 'Connect');
    const objects = await client.objects();
    expect(objects[ONE]?.['org.bluez.Device1']).toMatchObject({ Connected: true, ServicesResolved: true });
    expect(objects[ECHO]?.['org.bluez.GattCharacteristic1']).toMatchObject({
      UUID: SERVICE.characteristics[0]?.uuid,
      Flags: ['write', 'notify'],
      MTU: 103,
    });
    const descriptors = Object.keys(objects).filter((path) => path.includes('/desc'));
    expect(descriptors).toEqual([`${ECHO}/desc0013`]);
    await client.call(ECHO, 'GattCharacteristic1', 'StartNotify');
    for (const hex of ['aa', 'aa', 'bbcc']) {
      await client.call(ECHO, 'GattCharacteristic1', 'WriteValue', 'aya{sv}', [Buffer.from(hex, 'hex'), {}]);
    }
    await expect.poll(() => client.notified(ECHO)).toEqual(['aa', 'aa', 'bbcc']);
    await client.call(ONE, 'Device1', 'Disconnect');
    await expect.poll(() => links.size).toBe(0);
  });

  it('answers Connect only after Connected and ServicesResolved were told', async () => {
    echo('one', 'C00000000001');
    await discover(ONE);
    await client.call(ONE, 'Device1', 'Connect');
    const told = client.signals.filter((signal) => signal.startsWith(`${ONE} `) && !signal.includes('RSSI'));
    expect(told).toEqual([`${ONE} InterfacesAdded`, `${ONE} Connected`, `${ONE} ServicesResolved`]);
  });

  it('holds several connections at once', async () => {
    echo('one', 'C00000000001');
    echo('two', 'C00000000002');
    await discover(ONE, TWO);
    await Promise.all([client.call(ONE, 'Device1', 'Connect'), client.call(TWO, 'Device1', 'Connect')]);
    expect([...links.keys()].sort()).toEqual(['one', 'two']);
  });

  it('tells of a link that the peripheral ended, notifies nothing more, and connects anew', async () => {
    echo('one', 'C00000000001');
    await discover(ONE);
    await client.call(ONE, 'Device1', 'Connect');
    await client.call(ECHO, 'GattCharacteristic1', 'StartNotify');
    links.get('one')?.disconnect();
    const device = async () => (await client.objects())[ONE]?.['org.bluez.Device1'];
    await expect.poll(device).toMatchObject({ Connected: false, ServicesResolved: false });
    const write = () => client.call(ECHO, 'GattCharacteristic1', 'WriteValue', 'aya{sv}', [Buffer.from([1]), {}]);
    await expect(write()).rejects.toMatchObject({ type: 'org.bluez.Error.NotConnected' });
    await expect
      .poll(() =>
        client.call(ONE, 'Device1', 'Connect').then(
          () => true,
          () => false,
        ),
      )
      .toBe(true);
    await client.call(ECHO, 'GattCharacteristic1', 'StartNotify');
    await write();
    await expect.poll(() => client.notified(ECHO)).toEqual(['01']);
  });

  it('refuses as BlueZ does what GATT does not allow', async () => {
    echo('one', 'C00000000001');
    await discover(ONE);
    await client.call(ONE, 'Device1', 'Connect');
    const silent = `${ONE}/service0010/char0014`;
    const kind = 'GattCharacteristic1';
    const long = client.call(ECHO, kind, 'WriteValue', 'aya{sv}', [Buffer.alloc(101), {}]);
    await expect(long).rejects.toMatchObject({ type: 'org.bluez.Error.InvalidValueLength' });
    await expect(client.call(ECHO, kind, 'ReadValue', 'a{sv}', [{}])).rejects.toMatchObject({
      type: 'org.bluez.Error.NotPermitted',
    });
    await expect(client.call(silent, kind, 'StartNotify')).rejects.toMatchObject({
      type: 'org.bluez.Error.NotSupported',
    });
  });

  it('fails to connect to what cannot be heard any more, and forgets it', async () => {
    echo('one', 'C00000000001');
    echo('two', 'C00000000002');
    await discover(ONE, TWO);
    medium.setFaults('one', { range: 'out' });
    await expect(client.call(ONE, 'Device1', 'Connect')).rejects.toMatchObject({ type: 'org.bluez.Error.Failed' });
    await expect.poll(async () => Object.keys(await client.objects())).not.toContain(ONE);
    expect(client.signals).toContain(`${ONE} InterfacesRemoved`);
  });

  it('stops to listen when the last client that discovers has left the bus', async () => {
    echo('one', 'C00000000001');
    await discover(ONE);
    await expect(client.call(ADAPTER, 'Adapter1', 'StartDiscovery')).rejects.toMatchObject({
      type: 'org.bluez.Error.InProgress',
    });
    const other = await joinBus(bus.address);
    client.close();
    const discovering = async () => (await other.objects())[ADAPTER]?.['org.bluez.Adapter1']?.Discovering;
    await expect.poll(discovering).toBe(false);
    client = other;
  });

  it('ends its links and hears nothing more when its bus ends', async () => {
    echo('one', 'C00000000001');
    await discover(ONE);
    await client.call(ONE, 'Device1', 'Connect');
    expect(links.size).toBe(1);
    await bus.close();
    await expect.poll(() => links.size).toBe(0);
    // It is over once and for all.
    expect(() => bluez.close()).not.toThrow();
  });

  it('is one to a bus', async () => {
    const another = runBluez({
      busAddress: bus.address,
      radio: medium.radioFor('another'),
      clock: systemClock(),
      services: [],
    });
    await expect(another).rejects.toMatchObject({ code: 'name-taken' });
  });
});
