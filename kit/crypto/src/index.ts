export { tableAes } from './aes.ts';
export { cbcDecrypt, cbcEncrypt } from './cbc.ts';
export { ccmOpen, ccmSeal } from './ccm.ts';
export { type CmacKey, cmac, cmacKey } from './cmac.ts';
export { ctr } from './ctr.ts';
export type {
  DhAgreement,
  DhGroupName,
  DhPair,
  DhPrivateKeyHandle,
  ModpPrivateKeyHandle,
} from './dh-agreement.ts';
export { CryptoError, type CryptoErrorCode } from './errors.ts';
export { hkdf, hkdfExpand, hkdfExtract } from './hkdf.ts';
export { MODP_GROUPS, type ModpFault, type ModpGroup, type ModpName, modpFault } from './modp.ts';
export { isP256Point } from './p256-point.ts';
export type { AesBlock, Primitives, PrivateKeyHandle } from './primitives.ts';
export { sivOpen, sivSeal } from './siv.ts';
