export { ADDRESS_SIZES, type AddressSize, addressSizeOf, isGroupAddress, LOCAL_ADDRESS_BIT } from './address.ts';
export { deviceKey } from './device-key.ts';
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
export { type Check, type Opened, openFrame } from './open.ts';
export { sealFailure, sealFrame } from './seal.ts';
export type { Direction } from './suite/hardened.ts';
export { IV_LAYOUTS, type IvLayout } from './suite/iv.ts';
export { ALGORITHM, type AlgorithmId, type FrameSuite } from './suite/suite.ts';
export { type ScpmProfile, type SuiteKey, suiteOf } from './suite/suite-of.ts';
export { PADATA_MAX_OCTETS } from './text.ts';
