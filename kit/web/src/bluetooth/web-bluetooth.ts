/**
 * What the radio uses of Web Bluetooth, by the names of the specification: `navigator.bluetooth` fits, and so does
 * whatever a test puts in its place.
 */
export interface WebBluetooth {
  requestDevice(options: { readonly filters: { readonly services: string[] }[] }): Promise<WebBluetoothDevice>;
}

/** A device that the person has chosen. */
export interface WebBluetoothDevice {
  /** The browser's own name of it, good for this page. */
  readonly id: string;
  readonly gatt?: WebBluetoothServer | undefined;
  addEventListener(type: 'gattserverdisconnected', listener: () => void): void;
  removeEventListener(type: 'gattserverdisconnected', listener: () => void): void;
}

/** Its GATT server. */
export interface WebBluetoothServer {
  readonly connected: boolean;
  connect(): Promise<WebBluetoothServer>;
  disconnect(): void;
  getPrimaryService(uuid: string): Promise<WebBluetoothService>;
}

/** One of its services. */
export interface WebBluetoothService {
  getCharacteristics(): Promise<readonly WebBluetoothCharacteristic[]>;
}

/** One of the service's characteristics. */
export interface WebBluetoothCharacteristic {
  readonly uuid: string;
  readonly properties: { readonly notify: boolean };
  /** As it was notified last. */
  readonly value?: DataView | undefined;
  startNotifications(): Promise<unknown>;
  writeValueWithResponse(value: Uint8Array<ArrayBuffer>): Promise<void>;
  addEventListener(type: 'characteristicvaluechanged', listener: () => void): void;
  removeEventListener(type: 'characteristicvaluechanged', listener: () => void): void;
}
