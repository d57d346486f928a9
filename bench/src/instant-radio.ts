import {
  type CentralLink,
  type Peripheral,
  type PeripheralHandler,
  type PeripheralLink,
  type Radio,
  RadioError,
} from '@cardea/kit-radio';

/** Well within the time that a gateway remembers an address. */
const ADVERTISE_EVERY_MS = 2_000;

/** An air without time: what is sent arrives at the end of the same turn of the event loop, whatever its size. */
export interface InstantAir {
  readonly radio: Radio;
  close(): void;
}

interface Advertiser {
  readonly service: string;
  readonly handler: PeripheralHandler;
  readonly mtu: number;
  advertisement: { readonly address: string; readonly data: Uint8Array } | undefined;
}

/** One air for all who are given its radio. No advertising interval, no connection event, no airtime, no loss. */
export function createInstantAir(): InstantAir {
  const advertisers = new Set<Advertiser>();
  const scans = new Set<{ readonly services: ReadonlySet<string>; readonly hear: Parameters<Radio['scan']>[1] }>();
  let nextLink = 1;

  const advertise = ({ service, advertisement }: Advertiser): void => {
    if (advertisement === undefined) return;
    for (const { services, hear } of scans) {
      if (services.has(service)) hear({ ...advertisement, service, rssiDbm: -60, connectable: true });
    }
  };
  const timer = setInterval(() => {
    for (const advertiser of advertisers) advertise(advertiser);
  }, ADVERTISE_EVERY_MS);
  timer.unref();

  const establish = ({ handler, mtu }: Advertiser, address: string): CentralLink => {
    let open = true;
    const listeners = new Map<string, (value: Uint8Array) => void>();
    const ended: (() => void)[] = [];
    const disconnect = (): void => {
      if (!open) return;
      open = false;
      queueMicrotask(() => {
        handler.disconnected(peripheralEnd);
        for (const listener of ended) listener();
      });
    };
    const peripheralEnd: PeripheralLink = {
      id: nextLink++,
      mtu,
      disconnect,
      notify(characteristic, value) {
        queueMicrotask(() => {
          if (open) listeners.get(characteristic)?.(value);
        });
      },
    };
    handler.connected(peripheralEnd);
    return {
      address,
      mtu,
      disconnect,
      async write(characteristic, value) {
        if (!open) throw new RadioError('disconnected', 'the link ended');
        handler.written(peripheralEnd, characteristic, value);
      },
      onNotify: (characteristic, listener) => void listeners.set(characteristic, listener),
      onDisconnect: (listener) => void ended.push(listener),
    };
  };

  return {
    radio: {
      serve(service, handler, { mtu }): Peripheral {
        const advertiser: Advertiser = { service: service.uuid, handler, mtu, advertisement: undefined };
        advertisers.add(advertiser);
        return {
          advertise(advertisement) {
            advertiser.advertisement = advertisement;
            queueMicrotask(() => advertise(advertiser));
          },
          close: () => void advertisers.delete(advertiser),
        };
      },
      scan(services, hear) {
        const scan = { services: new Set(services), hear };
        scans.add(scan);
        for (const advertiser of advertisers) queueMicrotask(() => advertise(advertiser));
        return () => void scans.delete(scan);
      },
      async connect(address) {
        const found = [...advertisers].find(({ advertisement }) => advertisement?.address === address);
        if (found === undefined) throw new RadioError('out-of-range', `${address} is not on the air`);
        return establish(found, address);
      },
    },
    close: () => clearInterval(timer),
  };
}
