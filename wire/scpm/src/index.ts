export { type ActorEffect, type NodeParts, type RunningNode, runNode } from './actor/run-node.ts';
export { ADDRESS_SIZES, type AddressSize, addressSizeOf, isGroupAddress, LOCAL_ADDRESS_BIT } from './address.ts';
export { createDevice, type DeviceIdentity } from './device/record.ts';
export { type DeviceInput, type DeviceState, type KeyStanding, SETTING_MODE_MS, standingOf } from './device/state.ts';
export { stepDevice } from './device/step.ts';
export { deviceKey } from './device-key.ts';
export { assemble, type DhAssembly, type DhRun, fragmentsOf } from './dh/fragments.ts';
export { DH_GROUPS, type DhGroup, dhGroupOf } from './dh/group.ts';
export { publicValueFault, type ValueFault } from './dh/public-value.ts';
export { type DhOutcome, dhSecretKey } from './dh/secret-key.ts';
export type { ScpmEffect, TroubleCode } from './effect.ts';
export { ScpmError, type ScpmErrorCode } from './errors.ts';
export {
  decodePlainFrame,
  decodeSecureFrame,
  encodePlainFrame,
  type FrameHead,
  isSecure,
  MDAS_OCTETS,
  type PlainFrame,
  type SecureFrame,
  SNF_MAX,
} from './frame.ts';
export { type Failure, HD, KEY_INDEX, type SecureHeader, type Services } from './header.ts';
export { decodeHop, encodeHop, type HopMessage } from './hop.ts';
export type { NodeInput } from './input.ts';
export { fittingAddressSizes, readableHead } from './inspect.ts';
export { createDomain, encodeDomain, type NewDomain, openKsn } from './ksn/record.ts';
export { recordsOf } from './ksn/records-of.ts';
export type { DeviceEntry, DomainKey, KsnInput, KsnState } from './ksn/state.ts';
export { isJoined, stepKsn } from './ksn/step.ts';
export { domainAddress, serialKeyOf } from './label.ts';
export { type DeviceProperties, makerKey } from './maker-key.ts';
export { LOCK_MESSAGE_MAX_OCTETS } from './node/message.ts';
export type { DomainSettings, NodeState } from './node/state.ts';
export type { ScpmContext } from './node/turn.ts';
export { type Check, type Opened, openFrame } from './open.ts';
export { type Adata, decodeAdata, encodeAdata } from './padata/adata.ts';
export { type Answer, decodeAnswer, encodeAnswer, type SnfStanding } from './padata/answer.ts';
export { ALGORITHMS_MAX } from './padata/fields.ts';
export type { KeyMaterial } from './padata/key-material.ts';
export { ANSWER_BIT, OPERATION, type Operation } from './padata/operation.ts';
export {
  type Abort,
  type Commit,
  DH_FRAGMENTS_MAX,
  DH_PART_MAX_OCTETS,
  type DhValue,
  decodePadata,
  encodePadata,
  LOCK_FRAGMENTS_MAX,
  LOCK_PART_MAX_OCTETS,
  type LockMessagePart,
  type NewMasterKey,
  NONCE_OCTETS,
  type Padata,
  type ProviderKey,
  type SnfInquiry,
  type UpdateRequest,
  type UserKey,
} from './padata/padata.ts';
export { STATUS, type Status } from './padata/status.ts';
export { createProvider, type ProviderDeviceKey, type ProviderIdentity, type ProviderState } from './provider/state.ts';
export { stepProvider } from './provider/step.ts';
export { sealFailure, sealFrame } from './seal.ts';
export { type Direction, directionKey } from './suite/hardened.ts';
export { IV_LAYOUTS, type IvLayout } from './suite/iv.ts';
export { ALGORITHM, type AlgorithmId, type FrameSuite } from './suite/suite.ts';
export { type ScpmProfile, type SuiteKey, suiteOf } from './suite/suite-of.ts';
export { PADATA_MAX_OCTETS } from './text.ts';
