export {
  type Advertisement,
  advertisementHash,
  beaconState,
  decodeAdvertisement,
  encodeAdvertisement,
  isAdvertisedBy,
  openBeaconState,
  SALT_LIFE_MS,
  sealState,
} from './advertisement.ts';
export { answerBindRequest, macBindRequest } from './binding-run.ts';
export {
  CHALLENGE_LIFE_MS,
  CLASSES,
  type CommandBody,
  type CommandOperation,
  decodeAckBody,
  decodeCommandBody,
  decodeEventBody,
  decodeReceiptBody,
  EVENT_CODES,
  type EventBody,
  encodeAckBody,
  encodeCommandBody,
  encodeEventBody,
  encodeReceiptBody,
  INSTRUCTIONS,
  RESULTS,
  type ReceiptBody,
  type Result,
} from './body.ts';
export { maker2Controller } from './controller.ts';
export type { Maker2ControllerState } from './controller-state.ts';
export { initialMaker2Device, stepMaker2Device } from './device.ts';
export {
  applyMaker2Change,
  decodeMaker2Durable,
  encodeMaker2Durable,
  MAKER2_FACTORY_STATE,
  type Maker2DeviceRecord,
  type Maker2DurableChange,
  type Maker2DurableState,
} from './device-durable.ts';
export type { Maker2DeviceEffect } from './device-io.ts';
export type { Maker2DeviceIdentity, Maker2DeviceState } from './device-state.ts';
export { maker2Driver } from './driver.ts';
export { Maker2Error, type Maker2ErrorCode } from './errors.ts';
export { type BindingKeys, bindingKeys, lockIdOf } from './keys.ts';
export {
  MAKER2_CHANNEL,
  MAKER2_INBOX,
  MAKER2_OUTBOX,
  MAKER2_SERVICE,
  MAX_MESSAGE_OCTETS,
  maker2DeviceLink,
  splitMessage,
} from './link.ts';
export { decodeMessage, encodeMessage, MESSAGE_KINDS, type Message, type RefusalCode } from './message.ts';
export { maker2Profile } from './profile.ts';
export { boundToCommand, open, type SealContext, seal } from './seal.ts';
