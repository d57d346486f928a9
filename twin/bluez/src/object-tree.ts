import dbus from 'dbus-next';
import type { DbusInterface, Dump } from './dbus-interface.ts';

/** Objects of a service, told by `org.freedesktop.DBus.ObjectManager` at `/` as they come and go. */
export interface ObjectTree {
  /** Puts an object there, or more interfaces on it. */
  add(path: string, ...interfaces: readonly DbusInterface[]): void;
  /** Takes an object away with all its interfaces. */
  remove(path: string): void;
}

/** The signals of ObjectManager: dbus-next makes a method of this class emit what it returns. */
class ObjectManager extends dbus.interface.Interface {
  readonly objects = new Map<string, DbusInterface[]>();

  GetManagedObjects(): Record<string, Record<string, Dump>> {
    return Object.fromEntries([...this.objects].map(([path, interfaces]) => [path, dumpAll(interfaces)]));
  }
  InterfacesAdded(path: string, interfaces: Record<string, Dump>): readonly unknown[] {
    return [path, interfaces];
  }
  InterfacesRemoved(path: string, names: readonly string[]): readonly unknown[] {
    return [path, names];
  }
}
ObjectManager.configureMembers({
  methods: { GetManagedObjects: { outSignature: 'a{oa{sa{sv}}}' } },
  signals: { InterfacesAdded: { signature: 'oa{sa{sv}}' }, InterfacesRemoved: { signature: 'oas' } },
});

/** Starts with nothing but its root. */
export function createObjectTree(bus: dbus.MessageBus): ObjectTree {
  const manager = new ObjectManager('org.freedesktop.DBus.ObjectManager');
  bus.export('/', manager);
  return {
    add(path, ...interfaces) {
      for (const { exported } of interfaces) bus.export(path, exported);
      manager.objects.set(path, [...(manager.objects.get(path) ?? []), ...interfaces]);
      manager.InterfacesAdded(path, dumpAll(interfaces));
    },
    remove(path) {
      const interfaces = manager.objects.get(path) ?? [];
      for (const { exported } of interfaces) bus.unexport(path, exported);
      manager.objects.delete(path);
      manager.InterfacesRemoved(
        path,
        interfaces.map(({ name }) => name),
      );
    },
  };
}

function dumpAll(interfaces: readonly DbusInterface[]): Record<string, Dump> {
  return Object.fromEntries(interfaces.map((one) => [one.name, one.dump()]));
}
