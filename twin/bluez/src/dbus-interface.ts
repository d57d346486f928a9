import dbus from 'dbus-next';

/** Properties of an interface by name, as D-Bus carries them. */
export type Dump = Readonly<Record<string, dbus.Variant>>;

/** What an interface has: the D-Bus signature and the first value of each property. */
export interface PropertyTable {
  readonly [name: string]: {
    readonly signature: string;
    readonly value: unknown;
    /** Clients may write it. */
    readonly writable?: boolean;
  };
}

/** What an interface does: signatures of what goes in and comes out, and the method itself. */
export interface MethodTable {
  readonly [name: string]: {
    readonly in?: string;
    readonly out?: string;
    /** Arguments as dbus-next reads them. @throws dbus.DBusError as the answer to the caller */
    run(...args: readonly unknown[]): unknown;
  };
}

/** One interface of one object. */
export interface DbusInterface {
  readonly name: string;
  /** What dbus-next exports. */
  readonly exported: dbus.interface.Interface;
  dump(): Dump;
  /** Sets properties and tells everybody (PropertiesChanged), in this order. */
  set(changed: Readonly<Record<string, unknown>>): void;
  get(property: string): unknown;
}

/** Makes an interface from its tables. */
export function dbusInterface(name: string, properties: PropertyTable, methods: MethodTable = {}): DbusInterface {
  const values = new Map(Object.entries(properties).map(([key, { value }]) => [key, value]));
  // dbus-next configures classes, not objects: each interface of each object is a class of its own.
  class Exported extends dbus.interface.Interface {}
  for (const key of values.keys()) {
    Object.defineProperty(Exported.prototype, key, {
      configurable: true,
      get: () => values.get(key),
      set: (value: unknown) => values.set(key, value),
    });
  }
  for (const [key, { run }] of Object.entries(methods)) {
    Object.defineProperty(Exported.prototype, key, { configurable: true, value: run });
  }
  Exported.configureMembers({
    properties: mapValues(properties, ({ signature, writable }) => ({
      signature,
      access: writable === true ? 'readwrite' : 'read',
    })),
    methods: mapValues(methods, (method) => ({ inSignature: method.in ?? '', outSignature: method.out ?? '' })),
  });
  const exported = new Exported(name);
  return {
    name,
    exported,
    dump: () => mapValues(properties, ({ signature }, key) => new dbus.Variant(signature, values.get(key))),
    set(changed) {
      for (const [key, value] of Object.entries(changed)) values.set(key, value);
      dbus.interface.Interface.emitPropertiesChanged(exported, changed, []);
    },
    get: (property) => values.get(property),
  };
}

/** A refusal as BlueZ names it, for instance `org.bluez.Error.NotConnected`. */
export function bluezRefusal(kind: string, text: string): dbus.DBusError {
  return new dbus.DBusError(`org.bluez.Error.${kind}`, text);
}

function mapValues<In, Out>(
  table: Readonly<Record<string, In>>,
  map: (value: In, key: string) => Out,
): Record<string, Out> {
  return Object.fromEntries(Object.entries(table).map(([key, value]) => [key, map(value, key)]));
}
