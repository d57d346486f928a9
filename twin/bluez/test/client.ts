import dbus from 'dbus-next';

/** A client of `org.bluez` that looks at nothing but the bus. */
export interface Client {
  /** Every signal so far as `path interface.member`, PropertiesChanged with the names of what changed. */
  readonly signals: readonly string[];
  /** Objects by path, interfaces by name, properties as plain values. */
  objects(): Promise<Record<string, Record<string, Record<string, unknown>>>>;
  /** Calls a method of `org.bluez.KIND`. @throws Error whose `type` is the D-Bus error's name */
  call(path: string, kind: string, member: string, signature?: string, body?: readonly unknown[]): Promise<unknown>;
  /** Values of the characteristic at this path, as they are notified. */
  notified(path: string): readonly string[];
  close(): void;
}

/** Joins a bus. */
export async function joinBus(busAddress: string): Promise<Client> {
  // By Node's own sockets, as the stand-in itself.
  const bus = dbus.sessionBus({ busAddress: busAddress.replace(/^unix:path=/, 'unix:socket=') });
  const signals: string[] = [];
  const values: { path: string; hex: string }[] = [];
  const send = async (message: dbus.MessageLike) => (await bus.call(new dbus.Message(message)))?.body[0];
  bus.on('message', ({ type, path, interface: name, member, body }) => {
    if (type !== dbus.MessageType.SIGNAL || !path.startsWith('/org/bluez')) {
      if (member?.startsWith('Interfaces')) signals.push(`${body[0]} ${member}`);
      return;
    }
    if (member !== 'PropertiesChanged') return void signals.push(`${path} ${name}.${member}`);
    const changed = body[1] as Record<string, dbus.Variant>;
    signals.push(`${path} ${Object.keys(changed)}`);
    if (changed.Value !== undefined) values.push({ path, hex: Buffer.from(changed.Value.value).toString('hex') });
  });
  await send({
    destination: 'org.freedesktop.DBus',
    path: '/org/freedesktop/DBus',
    interface: 'org.freedesktop.DBus',
    member: 'AddMatch',
    signature: 's',
    body: ["type='signal',sender='org.bluez'"],
  });
  return {
    signals,
    async objects() {
      const tree = await send({
        destination: 'org.bluez',
        path: '/',
        interface: 'org.freedesktop.DBus.ObjectManager',
        member: 'GetManagedObjects',
      });
      return plain(tree) as Record<string, Record<string, Record<string, unknown>>>;
    },
    call: (path, kind, member, signature = '', body = []) =>
      send({ destination: 'org.bluez', path, interface: `org.bluez.${kind}`, member, signature, body: [...body] }),
    notified: (path) => values.filter((value) => value.path === path).map(({ hex }) => hex),
    close: () => bus.disconnect(),
  };
}

function plain(value: unknown): unknown {
  if (value instanceof dbus.Variant) return plain(value.value);
  if (Buffer.isBuffer(value)) return value.toString('hex');
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
}
