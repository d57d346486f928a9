import { pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import { nodePrimitives } from '@cardea/kit-node';
import { Secret } from '@cardea/kit-runtime';
import type { ScramDerivation } from '@cardea/server-core';
import { checkPassword, scramVerifier } from '@cardea/wire-xmpp';

const SALTED_OCTETS = 32;
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
