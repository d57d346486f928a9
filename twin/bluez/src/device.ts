import {
  type AdvertisementReport,
  type CentralLink,
  type GattService,
  type Radio,
  RadioError,
} from '@cardea/kit-radio';
import { bluezRefusal, dbusInterface } from './dbus-interface.ts';
import { addGattObjects, type GattObjects } from './gatt-objects.ts';
import type { ObjectTree } from './object-tree.ts';

/** A peripheral that was heard, as `org.bluez.Device1`. */
export interface Device {
  /** Monotonic milliseconds of the last advertisement. */
  readonly heardAtMs: number;
  /** Connected, or about to be: such a device is not forgotten. */
  readonly held: boolean;
  heard(report: AdvertisementReport, atMs: number): void;
  /** Takes it from the bus; a link that it has ends. */
  remove(): void;
}

/** What a device is made of. */
export interface DeviceParts {
  readonly tree: ObjectTree;
  readonly radio: Radio;
  readonly adapterPath: string;
  readonly service: GattService;
  readonly connectTimeoutMs: number;
}

/** BlueZ's own name of a device's object: `dev_AA_BB_CC_DD_EE_FF`. */
export function devicePathOf(adapterPath: string, address: string): string {
  return `${adapterPath}/dev_${octetsOf(address).join('_')}`;
}

/**
 * Puts a device on the bus that was heard for the first time. Its manufacturer data is left out: dbus-next writes no map
 * whose keys are numbers, and a page sees no advertisement anyway.
 */
export function addDevice(parts: DeviceParts, first: AdvertisementReport, atMs: number): Device {
  const { tree, radio, adapterPath, service } = parts;
  const path = devicePathOf(adapterPath, first.address);
  const address = octetsOf(first.address).join(':');
  let heardAtMs = atMs;
  let gatt: GattObjects | undefined;
  let link: CentralLink | undefined;
  let connecting = false;

  const dropped = (): void => {
    link = undefined;
    gatt?.unlinked();
    made.set({ Connected: false, ServicesResolved: false });
  };
  const connect = async (): Promise<void> => {
    if (link !== undefined) return;
    if (connecting) throw bluezRefusal('InProgress', 'Operation already in progress');
    connecting = true;
    try {
      const to = await radio.connect(first.address, { timeoutMs: parts.connectTimeoutMs });
      link = to;
      to.onDisconnect(() => {
        if (link === to) dropped();
      });
      // Clients count on this order: Connected, then the objects, then ServicesResolved, and the answer after Connected.
      made.set({ Connected: true });
      gatt ??= addGattObjects(tree, path, service);
      gatt.linked(to);
      made.set({ ServicesResolved: true });
    } catch (error) {
      if (error instanceof RadioError) throw bluezRefusal('Failed', `le-connection-abort-by-local (${error.message})`);
      throw error;
    } finally {
      connecting = false;
    }
  };
  const nothing = { run: () => undefined };
  const made = dbusInterface(
    'org.bluez.Device1',
    {
      Address: { signature: 's', value: address },
      AddressType: { signature: 's', value: 'random' },
      // A lock sends no name: BlueZ then shows its address.
      Alias: { signature: 's', value: address.replaceAll(':', '-'), writable: true },
      Paired: { signature: 'b', value: false },
      Bonded: { signature: 'b', value: false },
      Trusted: { signature: 'b', value: false, writable: true },
      Blocked: { signature: 'b', value: false, writable: true },
      LegacyPairing: { signature: 'b', value: false },
      RSSI: { signature: 'n', value: first.rssiDbm },
      Connected: { signature: 'b', value: false },
      UUIDs: { signature: 'as', value: [service.uuid] },
      Adapter: { signature: 'o', value: adapterPath },
      ServicesResolved: { signature: 'b', value: false },
      AdvertisingFlags: { signature: 'ay', value: Buffer.from([0x06]) },
    },
    {
      Connect: { run: connect },
      Disconnect: { run: () => link?.disconnect() },
      Pair: nothing,
      CancelPairing: nothing,
    },
  );
  tree.add(path, made);
  return {
    get heardAtMs() {
      return heardAtMs;
    },
    get held() {
      return connecting || link !== undefined;
    },
    heard(report, now) {
      heardAtMs = now;
      made.set({ RSSI: report.rssiDbm });
    },
    remove() {
      link?.disconnect();
      gatt?.remove();
      tree.remove(path);
    },
  };
}

function octetsOf(address: string): readonly string[] {
  return address.match(/../g) ?? [];
}
