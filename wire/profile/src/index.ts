export type {
  AccessChange,
  GrantLevel,
  LevelGrant,
  LockMode,
  LockPlace,
  OfflineAccess,
  OfflineGrant,
  OfflineOperation,
  OfflinePin,
  OnlinePin,
  Order,
} from './access.ts';
export type { BindingRecord, LockIdentity } from './binding.ts';
export type { ChainHead, EventChain } from './chain.ts';
export type {
  AlarmCode,
  CommandClass,
  ControllerContext,
  ControllerEffect,
  ControllerInput,
  LockController,
  Outcome,
} from './controller.ts';
export {
  DENIALS_IN_RING_MOST,
  type Denials,
  heldDenialsDueMs,
  NO_DENIALS,
  takeDenial,
  tellHeldDenials,
} from './denials.ts';
export type {
  DeviceProfile,
  EventCode,
  FailureReason,
  LockAttributes,
  LockEvent,
  Operation,
  Receipt,
} from './device.ts';
export type { GatewayDriver, KnownLock, LinkCodec, Sighting } from './driver.ts';
export type {
  BodyStatus,
  BoltOperation,
  DeviceContext,
  DeviceEffect,
  DeviceInput,
  RingChange,
  StatusBits,
} from './lock-machine.ts';
