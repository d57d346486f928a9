import { fromAscii } from '@cardea/kit-octets';

/**
 * What a gateway signs (ES256) at its enrolment with the key for which it wants a certificate: the name of this use, an
 * octet 0, and its one-time token (ASCII). So nobody has a certificate made for a key that is not theirs.
 */
export function enrolmentProof(token: string): Uint8Array {
  return fromAscii(`cardea gateway enrolment 1\0${token}`);
}
