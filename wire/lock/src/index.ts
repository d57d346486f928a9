export {
  type Beacon,
  BOUND_SIZE_OCTETS,
  decodeUnbound,
  encodeBound,
  encodeUnbound,
  openBeacon,
  ROTATION_MS,
  recogniseBound,
  UNBOUND_SIZE_OCTETS,
  type Unbound,
} from './advertisement.ts';
export {
  ANSWER_TYPE,
  type Answer,
  CHAIN_PART_ID,
  type ClockState,
  decodeAnswer,
  decodeStatusBits,
  EVENT_ID,
  encodeAnswer,
  encodeStatusBits,
  RESULT,
  type ReceiptAnswer,
  type ResultCode,
  type TimeAnswer,
} from './answer.ts';
export {
  CHAIN_HASH_SIZE_OCTETS,
  CHAIN_PARTS,
  type ChainPart,
  chainNext,
  chainSigned,
  chainStart,
  decodeChainPart,
  encodeChainParts,
  joinChainParts,
  lockChain,
} from './chain.ts';
export { type CommandFrame, decodeCommandFrame, encodeCommandFrame, FRAME_SIZE_OCTETS } from './command-frame.ts';
export { legacyLockController, lockController } from './controller/machine.ts';
export type { ControllerState } from './controller/state.ts';
export { METHOD } from './device/bolt.ts';
export {
  applyChange,
  type DeviceRecord,
  type DurableChange,
  type DurableState,
  decodeDurable,
  encodeDurable,
  FACTORY_STATE,
  type KeySlot,
  RING_SIZE_EVENTS,
} from './device/durable.ts';
export type { DeviceEffect } from './device/effect.ts';
export { LINKS_MAX } from './device/input.ts';
export { type DeviceIdentity, type DeviceState, initialDevice } from './device/state.ts';
export { stepDevice } from './device/step.ts';
export { type DeviceView, viewDevice } from './device/view.ts';
export { cardeaDriver, cardeaLegacyDriver, lockLink } from './driver.ts';
export { LockError, type LockErrorCode } from './errors.ts';
export { decodeEvent, EVENT_OCTET, encodeEvent } from './event.ts';
export { CHANNEL, LEGACY_CHARACTERISTIC, LINK_CHARACTERISTIC, LOCK_SERVICE } from './gatt.ts';
export {
  CLASS_OCTET,
  classPermits,
  INSTRUCTIONS,
  type Instruction,
  type InstructionName,
  instructionById,
  MANAGE_TIME_TO_LIVE_S,
  OPERATION_OCTET,
  OVERRIDE_CLASS,
  type TimeCheck,
} from './instructions.ts';
export {
  CONFIRM_S_SIZE_OCTETS,
  decodeConfirmS,
  decodeM1Head,
  encodeConfirmS,
  encodeM1,
  encodeM1Head,
  encodeM2,
  identifierOctets,
  lockIdOf,
  type M1,
  M1_SIZE_OCTETS,
  type M1Head,
  type M2,
  M2_SIZE_OCTETS,
  openM1,
  openM2,
  type PskKind,
  type Run,
  type Suite,
  sealM1,
  sealM2,
  stageAKeys,
  stageBKey,
  transcriptHash,
} from './key-agreement.ts';
export { KEY_RECEIPT_COUNTER, KEY_RECEIPT_ID, openKeyReceipt } from './key-receipt.ts';
export { type AgreedKeys, advertisementKey, beaconKey, keySchedule } from './key-schedule.ts';
export {
  LEGACY_FRAME_SIZE_OCTETS,
  LEGACY_M1_SIZE_OCTETS,
  LEGACY_M2_SIZE_OCTETS,
  LEGACY_WINDOW_S,
  legacyCounter,
  legacyKeys,
  openLegacyFrame,
  openLegacyM1,
  openLegacyM2,
  openLiteralFrame,
  sealLegacyFrame,
  sealLegacyM1,
  sealLegacyM2,
  sealLiteralFrame,
} from './legacy.ts';
export { decodeFrameMessage, encodeFrameMessage, FRAME_MESSAGE_SIZE_OCTETS, messageKind } from './lock-message.ts';
export { MESSAGE, type MessageKind } from './messages.ts';
export { cardeaLegacyProfile, cardeaProfile } from './profile.ts';
export {
  decodeRefusal,
  encodeRefusal,
  REFUSAL,
  REFUSAL_SIZE_OCTETS,
  type Refusal,
  type RefusalCode,
} from './refusal.ts';
export {
  type DecodedRequest,
  decodeRequest,
  encodeRequest,
  NONCE_SIZE_OCTETS,
  type Request,
  type RequestBody,
} from './request.ts';
export {
  COUNTER_MAX,
  type FrameKeys,
  frameCounter,
  frameKeys,
  type KeyKind,
  openFrame,
  SEALED_FRAME_SIZE_OCTETS,
  sealFrame,
} from './sealed-frame.ts';
export { MESSAGE_MAX_OCTETS, type Reassembled, Reassembler, SEGMENT_TIMEOUT_MS, segment } from './segmentation.ts';
