import type { WebBluetoothRadio } from '@cardea/kit-web';

/**
 * Whether this browser can speak to a lock: `yes`; `no_api`, it has no Web Bluetooth (every browser on an iPhone, Firefox);
 * `off`, it has, but Bluetooth is off, missing or not permitted.
 */
export type BluetoothState = 'yes' | 'no_api' | 'off';

/** Asks the browser; what it does not say is found out when it is tried. */
export async function bluetoothState(radio: WebBluetoothRadio | undefined): Promise<BluetoothState> {
  if (radio === undefined) return 'no_api';
  try {
    return (await navigator.bluetooth.getAvailability()) ? 'yes' : 'off';
  } catch {
    return 'yes';
  }
}
