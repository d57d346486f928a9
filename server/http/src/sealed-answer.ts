import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
} from 'node:crypto';
import { fromBase64, toBase64 } from '@cardea/kit-octets';
import type { Random, Secret } from '@cardea/kit-runtime';

/**
 * How answers lie in the record under their Idempotency-Key. An answer may hold a secret that is shown once (a new API
 * token), so it is sealed by AES-256-GCM under a key made from what the sender alone keeps: the bearer token and the
 * Idempotency-Key. A copy of the database opens none of them.
 */
export interface AnswerSeal {
  /** Name of the record: SHA-256 of the token's id and the key. */
  readonly name: string;
  /** HMAC-SHA-256 over what was asked, which tells another request under the same key. */
  fingerprint(method: string, url: string, body: unknown): string;
  seal(text: string): string;
  /** @throws Error when the record was changed */
  open(sealed: string): string;
}

const NONCE_OCTETS = 12;
const TAG_OCTETS = 16;

/** The seal for one Idempotency-Key of one token. */
export function createAnswerSeal(
  random: Random,
  tokenId: string,
  token: Secret<string>,
  idempotencyKey: string,
): AnswerSeal {
  const name = createHash('sha256').update(`${tokenId}\n${idempotencyKey}`).digest('hex');
  const derive = (purpose: string): KeyObject =>
    createSecretKey(new Uint8Array(hkdfSync('sha256', token.reveal(), idempotencyKey, `cardea ${purpose}`, 32)));
  return {
    name,
    fingerprint: (method, url, body) =>
      createHmac('sha256', derive('fingerprint'))
        .update(`${method} ${url}\n${JSON.stringify(body ?? null)}`)
        .digest('hex'),
    seal(text) {
      const nonce = random.octets(NONCE_OCTETS);
      const cipher = createCipheriv('aes-256-gcm', derive('answer'), nonce).setAAD(Buffer.from(name));
      const ciphertext = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return toBase64(Buffer.concat([nonce, ciphertext, cipher.getAuthTag()]));
    },
    open(sealed) {
      const octets = fromBase64(sealed);
      const decipher = createDecipheriv('aes-256-gcm', derive('answer'), octets.subarray(0, NONCE_OCTETS))
        .setAAD(Buffer.from(name))
        .setAuthTag(octets.subarray(octets.length - TAG_OCTETS));
      const ciphertext = octets.subarray(NONCE_OCTETS, octets.length - TAG_OCTETS);
      return Buffer.concat([decipher.update(ciphertext), decipher.final()]).toString('utf8');
    },
  };
}
