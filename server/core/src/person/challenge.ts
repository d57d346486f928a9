import { toBase64 } from '@cardea/kit-octets';
import type { Context } from '../context.ts';

/** Octets of a WebAuthn challenge: twice what its 13.4.3 asks for. */
const CHALLENGE_OCTETS = 32;

/** A fresh WebAuthn challenge, base64url. */
export function newChallenge(context: Context): string {
  const text = toBase64(context.ports.random.octets(CHALLENGE_OCTETS));
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
