import { equalSecret, fromAscii } from '@cardea/kit-octets';
import { Secret } from '@cardea/kit-runtime';
import { XmppError } from '../errors.ts';
import type { ScramHash, ScramVerifier } from './scram.ts';

/** What a PLAIN message (RFC 4616) says. */
export interface PlainMessage {
  readonly username: string;
  readonly password: Secret<string>;
}

/**
 * Reads `authzid NUL authcid NUL password` (RFC 4616 clause 2), ASCII. The authorization identity must be absent.
 * @throws XmppError `sasl`
 */
export function readPlain(message: string): PlainMessage | 'invalid-authzid' {
  const [authzid, username, password, more] = message.split('\0');
  if (authzid === undefined || !username || !password || more !== undefined) {
    throw new XmppError('sasl', 'PLAIN message is malformed');
  }
  if (!/^[\x21-\x7e]{1,128}$/.test(username) || !/^[\x20-\x7e]{1,256}$/.test(password)) {
    throw new XmppError('sasl', 'PLAIN message that is not printable ASCII');
  }
  return authzid === '' ? { username, password: new Secret(password) } : 'invalid-authzid';
}

/** Whether a salted password is the one that the verifier was made of: what SCRAM's proof shows, said in the clear. */
export function isPasswordOf(hash: ScramHash, verifier: ScramVerifier, saltedPassword: Uint8Array): boolean {
  const clientKey = hash.hmac(saltedPassword, fromAscii('Client Key'));
  return equalSecret(hash.digest(clientKey), verifier.storedKey);
}
