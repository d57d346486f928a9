export { canonicalManifest, canonicalManifestSteps } from './canonical.ts';
export { ManifestError, type ManifestErrorCode } from './errors.ts';
export { decodeLockLabel, encodeLockLabel, groupedHex, LOCK_LABEL_PREFIX, type LockLabel } from './lock-label.ts';
export {
  MANIFEST_LOCKS_LIMIT,
  MANIFEST_VERSION,
  type Manifest,
  type ManifestLock,
  type UnsignedManifest,
} from './manifest.ts';
export { parseManifest, parseManifestSteps } from './parse.ts';
export { hashPrintedCode } from './printed-code.ts';
export {
  type SignEs256,
  signManifest,
  type VerifyEs256,
  verifyCanonicalManifest,
  verifyManifest,
} from './signature.ts';
export { type MakerTrust, parseMakerTrust } from './trust.ts';
export { unwrapFactoryKey, wrapFactoryKey } from './wrapping.ts';
