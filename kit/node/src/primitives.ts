import { createHash, createHmac, createSecretKey } from 'node:crypto';
import { type Primitives, tableAes } from '@cardea/kit-crypto';

/** The symmetric primitives on Node: table AES (fast for short frames), hashes of node:crypto. */
export const nodePrimitives: Primitives = {
  aes: tableAes,
  sha256(...parts) {
    const hash = createHash('sha256');
    for (const part of parts) hash.update(part);
    return new Uint8Array(hash.digest());
  },
  hmacSha256(key, ...parts) {
    // Octets in place of a KeyObject would be asked what they are by an exception that Node catches: 3 times as dear.
    const hmac = createHmac('sha256', createSecretKey(key));
    for (const part of parts) hmac.update(part);
    return new Uint8Array(hmac.digest());
  },
};
