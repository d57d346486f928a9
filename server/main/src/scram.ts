import { createHash, createHmac, pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import { nodePrimitives } from '@cardea/kit-node';
import { Secret } from '@cardea/kit-runtime';
import type { ScramDerivation } from '@cardea/server-core';
import { checkPassword, type ScramHash, scramVerifier, verifierOf } from '@cardea/wire-xmpp';

const SALTED_OCTETS = 32;

/** SHA-1, for the legacy mechanism SCRAM-SHA-1 (RFC 5802) alone. */
export const sha1: ScramHash = {
  sizeOctets: 20,
  digest: (...parts) => new Uint8Array(createHash('sha1').update(Buffer.concat(parts)).digest()),
  hmac: (key, ...parts) => new Uint8Array(createHmac('sha1', key).update(Buffer.concat(parts)).digest()),
};

const stretch = promisify(pbkdf2);

/** RFC 5802's Hi under SHA-256, 32 octets, on the thread pool. */
export async function stretchPassword(password: Secret<string>, salt: Uint8Array, iterations: number): Promise<Secret> {
  return new Secret(new Uint8Array(await stretch(password.reveal(), salt, iterations, SALTED_OCTETS, 'sha256')));
}

/** SCRAM-SHA-256 (RFC 7677): what the server keeps of a gateway's password, its PBKDF2 on the thread pool. */
export const scramDerivation: ScramDerivation = {
  async derive(password, salt, iterations) {
    const salted = await stretch(checkPassword(password.reveal()), salt, iterations, SALTED_OCTETS, 'sha256');
    return scramVerifier(nodePrimitives, salted, salt, iterations);
  },
};

/** The same with SCRAM-SHA-1's verifier beside it, where an operator has turned legacy sign-ins on. */
export const legacyScramDerivation: ScramDerivation = {
  ...scramDerivation,
  async deriveLegacy(password, salt, iterations) {
    const salted = await stretch(checkPassword(password.reveal()), salt, iterations, sha1.sizeOctets, 'sha1');
    return verifierOf(sha1, salted, salt, iterations);
  },
};
