import { bluezRefusal, type DbusInterface, dbusInterface } from './dbus-interface.ts';

/** The adapter's discovery as its clients use it: it goes on while anybody wants it. */
export interface Discovery {
  /** @throws dbus.DBusError as the answer */
  start(client: string): void;
  /** @throws dbus.DBusError as the answer */
  stop(client: string): void;
  /** A client has left the bus. */
  left(client: string): void;
}

/** Discovery for many clients; `change` is told when the first one wants it and when the last one does not any more. */
export function createDiscovery(change: (discovering: boolean) => void): Discovery {
  const clients = new Set<string>();
  const drop = (client: string): boolean => {
    const was = clients.delete(client);
    if (was && clients.size === 0) change(false);
    return was;
  };
  return {
    start(client) {
      if (clients.has(client)) throw bluezRefusal('InProgress', 'Operation already in progress');
      clients.add(client);
      if (clients.size === 1) change(true);
    },
    stop(client) {
      if (!drop(client)) throw bluezRefusal('Failed', 'No discovery started');
    },
    left: drop,
  };
}

/** `org.bluez.Adapter1`, powered. `caller` names the client whose call is being answered. */
export function adapterInterface(
  discovery: Discovery,
  caller: () => string,
  removeDevice: (path: string) => void,
): DbusInterface {
  return dbusInterface(
    'org.bluez.Adapter1',
    {
      Address: { signature: 's', value: '00:00:5E:00:53:01' },
      AddressType: { signature: 's', value: 'public' },
      Name: { signature: 's', value: 'simulated' },
      Alias: { signature: 's', value: 'simulated', writable: true },
      Class: { signature: 'u', value: 0 },
      Powered: { signature: 'b', value: true, writable: true },
      Discoverable: { signature: 'b', value: false, writable: true },
      DiscoverableTimeout: { signature: 'u', value: 0, writable: true },
      Pairable: { signature: 'b', value: false, writable: true },
      PairableTimeout: { signature: 'u', value: 0, writable: true },
      Discovering: { signature: 'b', value: false },
      UUIDs: { signature: 'as', value: [] },
      Modalias: { signature: 's', value: 'usb:v1D6Bp0246d0542' },
      Roles: { signature: 'as', value: ['central'] },
    },
    {
      StartDiscovery: { run: () => discovery.start(caller()) },
      StopDiscovery: { run: () => discovery.stop(caller()) },
      // Everything that is heard is told to everybody: clients filter by themselves too.
      SetDiscoveryFilter: { in: 'a{sv}', run: () => undefined },
      GetDiscoveryFilters: { out: 'as', run: () => ['UUIDs', 'RSSI', 'Transport'] },
      RemoveDevice: { in: 'o', run: (path) => removeDevice(String(path)) },
    },
  );
}
