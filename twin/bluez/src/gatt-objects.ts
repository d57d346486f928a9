import { type CentralLink, type GattService, RadioError } from '@cardea/kit-radio';
import { bluezRefusal, type DbusInterface, dbusInterface } from './dbus-interface.ts';
import type { ObjectTree } from './object-tree.ts';

/** Client Characteristic Configuration: Chromium subscribes only where this descriptor is. */
const CCCD = '00002902-0000-1000-8000-00805f9b34fb';

/** The GATT objects of one device. */
export interface GattObjects {
  /** A connection is there: values go over it from now on, and nobody is subscribed. */
  linked(link: CentralLink): void;
  /** It is over. */
  unlinked(): void;
  remove(): void;
}

/** Puts the service with its characteristics below the device at `devicePath`. */
export function addGattObjects(tree: ObjectTree, devicePath: string, service: GattService): GattObjects {
  const servicePath = `${devicePath}/service0010`;
  const paths = [servicePath];
  let link: CentralLink | undefined;
  const add = (path: string, made: DbusInterface): void => {
    tree.add(path, made);
    if (!paths.includes(path)) paths.push(path);
  };
  const linked = (): CentralLink => {
    if (link === undefined) throw bluezRefusal('NotConnected', 'Not Connected');
    return link;
  };
  add(
    servicePath,
    dbusInterface('org.bluez.GattService1', {
      UUID: { signature: 's', value: service.uuid },
      Device: { signature: 'o', value: devicePath },
      Primary: { signature: 'b', value: true },
      Includes: { signature: 'ao', value: [] },
    }),
  );
  const characteristics = service.characteristics.map(({ uuid, write, notify }, index) => {
    const path = `${servicePath}/char${(0x11 + index * 3).toString(16).padStart(4, '0')}`;
    /** The link whose notifications come here: a radio subscribes once a link and never ends it. */
    let subscribedTo: CentralLink | undefined;
    const made = dbusInterface(
      'org.bluez.GattCharacteristic1',
      {
        UUID: { signature: 's', value: uuid },
        Service: { signature: 'o', value: servicePath },
        Value: { signature: 'ay', value: Buffer.alloc(0) },
        Notifying: { signature: 'b', value: false },
        Flags: { signature: 'as', value: [...(write ? ['write'] : []), ...(notify ? ['notify'] : [])] },
        MTU: { signature: 'q', value: 23 },
      },
      {
        ReadValue: {
          in: 'a{sv}',
          out: 'ay',
          run() {
            throw bluezRefusal('NotPermitted', 'Read not permitted');
          },
        },
        WriteValue: {
          in: 'aya{sv}',
          async run(value) {
            if (!write) throw bluezRefusal('NotPermitted', 'Write not permitted');
            const to = linked();
            const octets = Uint8Array.from(value as Uint8Array);
            if (octets.length > to.mtu - 3) throw bluezRefusal('InvalidValueLength', 'Invalid Length');
            await to.write(uuid, octets).catch((error: unknown) => {
              throw bluezRefusal('Failed', error instanceof RadioError ? error.message : 'Not written');
            });
          },
        },
        StartNotify: {
          run() {
            if (!notify) throw bluezRefusal('NotSupported', 'Operation is not supported');
            const to = linked();
            if (subscribedTo !== to) {
              subscribedTo = to;
              to.onNotify(uuid, (value) => {
                if (link === to && made.get('Notifying') === true) made.set({ Value: Buffer.from(value) });
              });
            }
            made.set({ Notifying: true });
          },
        },
        StopNotify: { run: () => made.set({ Notifying: false }) },
      },
    );
    add(path, made);
    if (notify) add(`${path}/desc${(0x13 + index * 3).toString(16).padStart(4, '0')}`, configuration(path));
    return made;
  });
  return {
    linked(to) {
      link = to;
      for (const made of characteristics) made.set({ MTU: to.mtu });
    },
    unlinked() {
      link = undefined;
      for (const made of characteristics) if (made.get('Notifying') === true) made.set({ Notifying: false });
    },
    remove() {
      for (const path of paths.reverse()) tree.remove(path);
    },
  };
}

/** BlueZ writes it by itself for StartNotify; a client sees it and may not write it. */
function configuration(characteristicPath: string): DbusInterface {
  return dbusInterface(
    'org.bluez.GattDescriptor1',
    {
      UUID: { signature: 's', value: CCCD },
      Characteristic: { signature: 'o', value: characteristicPath },
      Value: { signature: 'ay', value: Buffer.alloc(2) },
      Flags: { signature: 'as', value: ['read', 'write'] },
    },
    {
      ReadValue: { in: 'a{sv}', out: 'ay', run: () => Buffer.alloc(2) },
      WriteValue: {
        in: 'aya{sv}',
        run() {
          throw bluezRefusal('NotPermitted', 'Write not permitted');
        },
      },
    },
  );
}
