export { tableAes } from './aes.ts';
export { cbcDecrypt, cbcEncrypt } from './cbc.ts';
export { ccmOpen, ccmSeal } from './ccm.ts';
export { type CmacKey, cmac, cmacKey } from './cmac.ts';
export { ctr } from './ctr.ts';
export { CryptoError, type CryptoErrorCode } from './errors.ts';
export { hkdf, hkdfExpand, hkdfExtract } from './hkdf.ts';
export type { AesBlock, Primitives, PrivateKeyHandle } from './primitives.ts';
export { sivOpen, sivSeal } from './siv.ts';
