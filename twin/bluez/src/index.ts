export { type Bluez, type BluezOptions, runBluez } from './bluez.ts';
export { BluezError, type BluezErrorCode } from './errors.ts';
export { dbusMissing, type PrivateBus, startPrivateBus } from './private-bus.ts';
