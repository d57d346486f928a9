import { type CentralLink, type Radio, RadioError } from '@cardea/kit-radio';
import type { Clock } from '@cardea/kit-runtime';
import { openLink, radioErrorOf } from './link.ts';
import type { WebBluetooth, WebBluetoothDevice, WebBluetoothServer } from './web-bluetooth.ts';

/** What the radio is made of. */
export interface WebBluetoothParts {
  /** `navigator.bluetooth` */
  readonly bluetooth: WebBluetooth;
  readonly clock: Clock;
  /** 128-bit UUIDs, lower case with dashes: what a device must offer to be in the chooser, and what is used of it. */
  readonly services: readonly string[];
}

/** A radio of a browser: it hears nothing by itself, and connects only to what the person has chosen. */
export interface WebBluetoothRadio extends Radio {
  /**
   * Shows the browser's list of devices in range. Must be called in the handler of a click or key. Resolves to the address
   * for `connect`, good until the page is closed; undefined when the person chose none.
   * @throws RadioError `unsupported` when the page may not use Bluetooth, or it is off
   */
  choose(): Promise<string | undefined>;
}

/**
 * `Radio` over Web Bluetooth. A page may not listen for advertisements, so `scan` never reports anything; that whoever was
 * chosen is the lock that is meant shows in the exchange, before anything is presented.
 */
export function webBluetoothRadio({ bluetooth, clock, services }: WebBluetoothParts): WebBluetoothRadio {
  const chosen = new Map<string, WebBluetoothDevice>();
  return {
    async choose() {
      let device: WebBluetoothDevice;
      try {
        device = await bluetooth.requestDevice({ filters: [{ services: [...services] }] });
      } catch (error) {
        if (error instanceof DOMException && wasDeclined(error)) return undefined;
        // Whatever else it is, there was no list: nothing is on the air yet.
        throw new RadioError('unsupported', radioErrorOf(error).message);
      }
      chosen.set(device.id, device);
      return device.id;
    },
    serve() {
      throw new RadioError('unsupported', 'a page cannot be a peripheral');
    },
    scan: () => () => {},
    async connect(address, { timeoutMs }) {
      const device = chosen.get(address);
      if (device?.gatt === undefined) throw new RadioError('out-of-range', 'nobody has chosen this device');
      return inTime(device, device.gatt, timeoutMs);
    },
  };

  /** Connects, unless the time is over first: then nothing of it is left. */
  function inTime(device: WebBluetoothDevice, gatt: WebBluetoothServer, timeoutMs: number): Promise<CentralLink> {
    return new Promise((resolve, reject) => {
      let late = false;
      const cancel = clock.after(timeoutMs, () => {
        late = true;
        gatt.disconnect();
        reject(new RadioError('timeout', 'the device did not answer in time'));
      });
      const connected = async (): Promise<CentralLink> => {
        let server: WebBluetoothServer;
        try {
          server = await gatt.connect();
        } catch (error) {
          const { code, message } = radioErrorOf(error);
          throw new RadioError(code === 'unsupported' ? code : 'out-of-range', message);
        }
        return openLink(device, server, services);
      };
      connected().then(
        (link) => {
          cancel();
          if (late) link.disconnect();
          else resolve(link);
        },
        (error: unknown) => {
          cancel();
          reject(error);
        },
      );
    });
  }
}

/** Chromium says NotFoundError both when the person closes the list and when there is no adapter, apart by its words alone. */
function wasDeclined({ name, message }: DOMException): boolean {
  return name === 'NotFoundError' && /cancel|chooser/i.test(message);
}
