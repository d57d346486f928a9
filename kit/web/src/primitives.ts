import { type Primitives, tableAes } from '@cardea/kit-crypto';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';

/**
 * The symmetric primitives in a browser: WebCrypto has none that answer at once, so AES is by tables and the hashes are
 * portable. Only scripts of our own origin run beside them (docs/phone.md, resolutions).
 */
export const webPrimitives: Primitives = {
  aes: tableAes,
  sha256(...parts) {
    const hash = sha256.create();
    for (const part of parts) hash.update(part);
    return hash.digest();
  },
  hmacSha256(key, ...parts) {
    const mac = hmac.create(sha256, key);
    for (const part of parts) mac.update(part);
    return mac.digest();
  },
};
