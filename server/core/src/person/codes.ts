import { fromAscii, toHex } from '@cardea/kit-octets';
import { Secret } from '@cardea/kit-runtime';
import type { Context } from '../context.ts';
import type { Transaction } from '../ports.ts';

/** Letters and digits that nobody takes for one another (Crockford's base32), in lower case. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
/** Characters of a recovery code: 50 bits, in two halves. */
const RECOVERY_CHARACTERS = 10;
/** Characters of the code in an invitation: 100 bits, because it lasts for days. */
const INVITATION_CHARACTERS = 20;
const DIGITS = 6;
/** Name of the key of codes among the server's secrets. */
const KEY = 'codes';
const KEY_OCTETS = 32;

/** A code of 6 digits, each as likely as any other. */
export function newDigits(context: Context): Secret<string> {
  let text = '';
  while (text.length < DIGITS) {
    // 250 is the largest multiple of 10 in an octet: what is above would make the low digits likelier.
    for (const octet of context.ports.random.octets(DIGITS)) {
      if (octet < 250 && text.length < DIGITS) text += String(octet % 10);
    }
  }
  return new Secret(text);
}

function newText(context: Context, characters: number): string {
  return Array.from(context.ports.random.octets(characters), (octet) => ALPHABET[octet & 31] ?? '').join('');
}

/** The code of an invitation. */
export function newInvitation(context: Context): Secret<string> {
  return new Secret(newText(context, INVITATION_CHARACTERS));
}

/** A recovery code, as it is shown: `abcde-fghjk`. */
export function newRecoveryCode(context: Context): Secret<string> {
  const text = newText(context, RECOVERY_CHARACTERS);
  return new Secret(`${text.slice(0, RECOVERY_CHARACTERS / 2)}-${text.slice(RECOVERY_CHARACTERS / 2)}`);
}

/** A code as it was typed, in the one form that is hashed: lower case, no blanks and hyphens, o and i and l as digits. */
export function plainCode(given: Secret<string>): string {
  return given.reveal().toLowerCase().replace(/[\s-]/g, '').replace(/o/g, '0').replace(/[il]/g, '1').slice(0, 64);
}

/**
 * HMAC (32 octets) of a code under the record's own key: without the envelope key a copy of the record gives no six digits
 * away. `name` says what the code is for and whose it is.
 */
export type CodeHash = (name: string, code: string) => Uint8Array;

/** The record's {@link CodeHash} in the unit at hand, its key made when it is needed first. */
export async function codeHash(context: Context, tx: Transaction): Promise<CodeHash> {
  let key = await tx.secrets.get(KEY);
  if (key === undefined) {
    key = new Secret(context.ports.random.octets(KEY_OCTETS));
    await tx.secrets.set(KEY, key);
  }
  const octets = key.reveal();
  return (name, code) => context.ports.primitives.hmacSha256(octets, fromAscii(name), ascii(code));
}

/** Hex of a recovery code's hash. */
export function recoveryHash(hash: CodeHash, personId: string, code: Secret<string>): string {
  return toHex(hash(`recovery ${personId} `, plainCode(code)));
}

/** What was typed may hold anything: only what a code can be made of counts. */
function ascii(text: string): Uint8Array {
  return fromAscii(text.replace(/[^0-9a-z]/g, '?'));
}
