import { type CentralLink, type Radio, RadioError } from '@cardea/kit-radio';
import type {
  WebBluetooth,
  WebBluetoothCharacteristic,
  WebBluetoothDevice,
  WebBluetoothServer,
  WebBluetoothService,
} from '../src/index.ts';

/** What the person does with the list of devices. */
export type Choice = { readonly address: string } | { readonly error: DOMException };

/** What a device of the fake offers. */
export interface Offered {
  readonly service: string;
  readonly characteristics: readonly string[];
}

/**
 * `navigator.bluetooth` as a browser has it, over any other radio: one GATT operation at a time, notifications only after
 * startNotifications, errors by the names of the specification.
 */
export function fakeBluetooth(radio: Radio, offered: Offered, choices: Choice[]): WebBluetooth {
  return {
    async requestDevice({ filters }) {
      if (!filters.some(({ services }) => services.includes(offered.service)))
        throw new DOMException('no filter for the service', 'NotFoundError');
      const choice = choices.shift();
      if (choice === undefined) throw new DOMException('User cancelled the requestDevice() chooser.', 'NotFoundError');
      if ('error' in choice) throw choice.error;
      return new FakeDevice(radio, choice.address, offered);
    },
  };
}

class FakeDevice extends EventTarget implements WebBluetoothDevice {
  readonly id: string;
  readonly gatt: FakeServer;
  constructor(radio: Radio, address: string, offered: Offered) {
    super();
    this.id = address;
    this.gatt = new FakeServer(this, radio, offered);
  }
}

class FakeServer implements WebBluetoothServer {
  readonly #device: FakeDevice;
  readonly #radio: Radio;
  readonly #offered: Offered;
  #link: CentralLink | undefined;
  #busy = false;
  constructor(device: FakeDevice, radio: Radio, offered: Offered) {
    this.#device = device;
    this.#radio = radio;
    this.#offered = offered;
  }
  get connected(): boolean {
    return this.#link !== undefined;
  }
  async connect(): Promise<this> {
    try {
      const link = await this.#radio.connect(this.#device.id, { timeoutMs: 20_000 });
      this.#link = link;
      link.onDisconnect(() => {
        this.#link = undefined;
        this.#device.dispatchEvent(new Event('gattserverdisconnected'));
      });
    } catch (error) {
      throw new DOMException(String(error), 'NetworkError');
    }
    return this;
  }
  disconnect(): void {
    const link = this.#link;
    this.#link = undefined;
    link?.disconnect();
  }
  link(): CentralLink {
    if (this.#link === undefined) throw new DOMException('GATT Server is disconnected.', 'NetworkError');
    return this.#link;
  }
  async once<T>(run: (link: CentralLink) => Promise<T>): Promise<T> {
    const link = this.link();
    if (this.#busy) throw new DOMException('GATT operation already in progress.', 'NetworkError');
    this.#busy = true;
    try {
      return await run(link);
    } catch (error) {
      throw error instanceof RadioError ? new DOMException(error.message, 'NetworkError') : error;
    } finally {
      this.#busy = false;
    }
  }
  async getPrimaryService(uuid: string): Promise<WebBluetoothService> {
    this.link();
    if (uuid !== this.#offered.service) throw new DOMException('No Services matching UUID', 'NotFoundError');
    const all = this.#offered.characteristics.map((one) => new FakeCharacteristic(this, one));
    return { getCharacteristics: async () => all };
  }
}

class FakeCharacteristic extends EventTarget implements WebBluetoothCharacteristic {
  readonly uuid: string;
  readonly properties = { notify: true, write: true };
  value: DataView | undefined;
  readonly #server: FakeServer;
  constructor(server: FakeServer, uuid: string) {
    super();
    this.#server = server;
    this.uuid = uuid;
  }
  startNotifications(): Promise<void> {
    return this.#server.once(async (link) => {
      link.onNotify(this.uuid, (value) => {
        this.value = new DataView(new Uint8Array(value).buffer);
        this.dispatchEvent(new Event('characteristicvaluechanged'));
      });
    });
  }
  writeValueWithResponse(value: Uint8Array): Promise<void> {
    return this.#server.once((link) => link.write(this.uuid, new Uint8Array(value)));
  }
}
