import { type CentralLink, RadioError } from '@cardea/kit-radio';
import { toBufferSource } from '../buffer-source.ts';
import type { WebBluetoothCharacteristic, WebBluetoothDevice, WebBluetoothServer } from './web-bluetooth.ts';

/** What every ATT link carries (Bluetooth Core 5.4, Vol 3, Part G, 5.2.1). */
const LEAST_MTU = 23;
/** Octets of a notification that are not its value: opcode and handle (Vol 3, Part F, 3.4.7.1). */
const NOTIFICATION_HEAD_OCTETS = 3;

type Listener = (value: Uint8Array) => void;

/**
 * A connection over Web Bluetooth. A browser does not tell the MTU: it is known to be at least what the longest
 * notification needed, so `mtu` begins at 23 and grows as the peer speaks.
 */
export async function openLink(
  device: WebBluetoothDevice,
  server: WebBluetoothServer,
  services: readonly string[],
): Promise<CentralLink> {
  const characteristics = new Map<string, WebBluetoothCharacteristic>();
  const subscribed: (() => void)[] = [];
  const listeners = new Map<string, Listener>();
  const early = new Map<string, Uint8Array[]>();
  let mtu = LEAST_MTU;
  let ended = false;
  let onEnd: (() => void) | undefined;
  /** A browser takes one operation at a time. */
  let last: Promise<void> = Promise.resolve();

  const arrived = ({ uuid, value: view }: WebBluetoothCharacteristic): void => {
    if (view === undefined || ended) return;
    const value = new Uint8Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
    mtu = Math.max(mtu, value.length + NOTIFICATION_HEAD_OCTETS);
    const listener = listeners.get(uuid);
    if (listener !== undefined) listener(value);
    else early.set(uuid, [...(early.get(uuid) ?? []), value]);
  };
  const lost = (): void => {
    if (ended) return;
    ended = true;
    device.removeEventListener('gattserverdisconnected', lost);
    for (const unsubscribe of subscribed) unsubscribe();
    onEnd?.();
  };
  device.addEventListener('gattserverdisconnected', lost);
  const hangUp = (): void => {
    if (server.connected) server.disconnect();
    // Some browsers say nothing of a link that the page itself has ended.
    lost();
  };

  try {
    for (const uuid of services) {
      const service = await server.getPrimaryService(uuid);
      for (const one of await service.getCharacteristics()) {
        characteristics.set(one.uuid, one);
        if (!one.properties.notify) continue;
        const told = (): void => arrived(one);
        one.addEventListener('characteristicvaluechanged', told);
        subscribed.push(() => one.removeEventListener('characteristicvaluechanged', told));
        await one.startNotifications();
      }
    }
  } catch (error) {
    hangUp();
    throw radioErrorOf(error);
  }

  return {
    address: device.id,
    get mtu() {
      return mtu;
    },
    write(characteristic, value) {
      const target = characteristics.get(characteristic);
      if (target === undefined)
        return Promise.reject(new RadioError('unsupported', `no ${characteristic} to write to`));
      const written = last.then(async () => {
        if (ended) throw new RadioError('disconnected', 'the link is gone');
        try {
          await target.writeValueWithResponse(toBufferSource(value));
        } catch (error) {
          throw radioErrorOf(error);
        }
      });
      // The next one waits, also when this one fails.
      last = written.catch(() => {});
      return written;
    },
    onNotify(characteristic, listener) {
      listeners.set(characteristic, listener);
      for (const value of early.get(characteristic) ?? []) listener(value);
      early.delete(characteristic);
    },
    onDisconnect(listener) {
      onEnd = listener;
      if (ended) listener();
    },
    disconnect: hangUp,
  };
}

/** What a refusal of the browser means (Web Bluetooth, the steps of each operation). */
export function radioErrorOf(error: unknown): RadioError {
  if (error instanceof RadioError) return error;
  const name = error instanceof DOMException ? error.name : '';
  const message = error instanceof Error ? error.message : 'the browser gave no reason';
  if (name === 'NotFoundError' || name === 'NotSupportedError' || name === 'SecurityError') {
    return new RadioError('unsupported', message);
  }
  return new RadioError('disconnected', message);
}
