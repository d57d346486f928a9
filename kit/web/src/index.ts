export { type WebBluetoothParts, type WebBluetoothRadio, webBluetoothRadio } from './bluetooth/radio.ts';
export type {
  WebBluetooth,
  WebBluetoothCharacteristic,
  WebBluetoothDevice,
  WebBluetoothServer,
  WebBluetoothService,
} from './bluetooth/web-bluetooth.ts';
export { webClock } from './clock.ts';
export { type WebP256Pair, webKeyAgreement } from './key-agreement.ts';
export { webPrimitives } from './primitives.ts';
export { webRandom } from './random.ts';
export { generateSigningKey, signingKey, type WebSigningKey } from './signing-key.ts';
export { webVerify } from './verify.ts';
