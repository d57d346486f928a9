import type { AdvertisementReport, GattService, Radio } from '@cardea/kit-radio';
import type { Cancel, Clock } from '@cardea/kit-runtime';
import dbus from 'dbus-next';
import { adapterInterface, createDiscovery } from './adapter.ts';
import { dbusInterface } from './dbus-interface.ts';
import { addDevice, type Device, devicePathOf } from './device.ts';
import { BluezError } from './errors.ts';
import { createObjectTree } from './object-tree.ts';

/** What the stand-in is made of. */
export interface BluezOptions {
  /** Where `org.bluez` is to answer. */
  readonly busAddress: string;
  /** The air: a medium's, or a hub's that was joined. */
  readonly radio: Radio;
  readonly clock: Clock;
  /** Peripherals of these services are heard; all others do not exist. */
  readonly services: readonly GattService[];
  /** How long a connection is tried. Default 20 s, as the kernel does. */
  readonly connectTimeoutMs?: number;
  /** How long a device that is silent and not connected is remembered. Default 30 s (TemporaryTimeout of BlueZ). */
  readonly rememberMs?: number;
}

/** The running stand-in. */
export interface Bluez {
  /** Ends every link, and leaves the bus. */
  close(): void;
}

const ADAPTER = '/org/bluez/hci0';
const CONNECT_TIMEOUT_MS = 20_000;
const REMEMBER_MS = 30_000;

/**
 * Stands in for BlueZ 5 on a bus: one adapter whose devices are the peripherals of a {@link Radio}, for clients that know
 * only D-Bus (Chromium, a gateway with a real adapter). Central role, without pairing.
 * @throws BluezError `name-taken` when somebody else is `org.bluez` there
 */
export async function runBluez(options: BluezOptions): Promise<Bluez> {
  const { clock, radio } = options;
  const { connectTimeoutMs = CONNECT_TIMEOUT_MS, rememberMs = REMEMBER_MS } = options;
  const bus = dbus.sessionBus({ busAddress: byNode(options.busAddress) });
  const tree = createObjectTree(bus);
  const devices = new Map<string, Device>();
  let closed = false;

  // dbus-next hands methods no sender, and calls them at once after this.
  let caller = '';
  bus.addMethodHandler((message: dbus.Message) => {
    caller = message.sender ?? '';
    return false;
  });
  bus.on('error', () => close());

  const forget = (path: string): void => {
    devices.get(path)?.remove();
    devices.delete(path);
  };
  const heard = (report: AdvertisementReport): void => {
    const service = options.services.find(({ uuid }) => uuid === report.service);
    if (service === undefined || closed) return;
    const now = clock.monotonic();
    for (const [path, device] of devices) if (!device.held && now - device.heardAtMs > rememberMs) forget(path);
    const path = devicePathOf(ADAPTER, report.address);
    const known = devices.get(path);
    if (known !== undefined) known.heard(report, now);
    else devices.set(path, addDevice({ tree, radio, adapterPath: ADAPTER, service, connectTimeoutMs }, report, now));
  };
  let stopScan: Cancel | undefined;
  const discovery = createDiscovery((discovering) => {
    stopScan?.();
    stopScan = undefined;
    if (closed) return;
    if (discovering)
      stopScan = radio.scan(
        options.services.map(({ uuid }) => uuid),
        heard,
      );
    adapter.set({ Discovering: discovering });
  });
  const adapter = adapterInterface(discovery, () => caller, forget);
  const ok = { run: () => undefined };
  tree.add(
    '/org/bluez',
    dbusInterface(
      'org.bluez.AgentManager1',
      {},
      {
        RegisterAgent: { in: 'os', ...ok },
        UnregisterAgent: { in: 'o', ...ok },
        RequestDefaultAgent: { in: 'o', ...ok },
      },
    ),
    dbusInterface(
      'org.bluez.ProfileManager1',
      {},
      { RegisterProfile: { in: 'osa{sv}', ...ok }, UnregisterProfile: { in: 'o', ...ok } },
    ),
  );
  tree.add(
    ADAPTER,
    adapter,
    dbusInterface(
      'org.bluez.GattManager1',
      {},
      { RegisterApplication: { in: 'oa{sv}', ...ok }, UnregisterApplication: { in: 'o', ...ok } },
    ),
    dbusInterface(
      'org.bluez.LEAdvertisingManager1',
      {
        ActiveInstances: { signature: 'y', value: 0 },
        SupportedInstances: { signature: 'y', value: 0 },
        SupportedIncludes: { signature: 'as', value: [] },
      },
      { RegisterAdvertisement: { in: 'oa{sv}', ...ok }, UnregisterAdvertisement: { in: 'o', ...ok } },
    ),
  );

  function close(): void {
    if (closed) return;
    // First of all: a bus that has ended answers each signal with an error, which closes.
    closed = true;
    stopScan?.();
    for (const path of [...devices.keys()]) forget(path);
    bus.disconnect();
    // What is still being connected or written ends later, and has nobody to tell.
    bus.send = () => undefined;
  }

  bus.on('message', (message: dbus.Message) => {
    if (message.member !== 'NameOwnerChanged' || message.sender !== 'org.freedesktop.DBus') return;
    const [name, , owner] = message.body;
    if (owner === '') discovery.left(String(name));
  });
  await bus.call(
    new dbus.Message({
      destination: 'org.freedesktop.DBus',
      path: '/org/freedesktop/DBus',
      interface: 'org.freedesktop.DBus',
      member: 'AddMatch',
      signature: 's',
      body: ["type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged'"],
    }),
  );
  const PRIMARY_OWNER = 1;
  if ((await bus.requestName('org.bluez', dbus.NameFlag.DO_NOT_QUEUE)) !== PRIMARY_OWNER) {
    close();
    throw new BluezError('name-taken', 'somebody else is org.bluez on this bus');
  }
  return { close };
}

/**
 * The address as dbus-next has it for a socket of Node's own. For `unix:path=` it takes a native module where it finds one,
 * which runs on the main thread's loop whichever thread asks: tests run in others.
 */
function byNode(busAddress: string): string {
  return busAddress.replace(/^unix:path=/, 'unix:socket=');
}
