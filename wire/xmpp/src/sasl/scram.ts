import type { Primitives } from '@cardea/kit-crypto';
import { concat, fromAscii, fromBase64, OctetsError } from '@cardea/kit-octets';
import { XmppError } from '../errors.ts';

/** What a server keeps of a password (RFC 5802 clause 3): no password can be read from it. */
export interface ScramVerifier {
  readonly salt: Uint8Array;
  readonly iterations: number;
  readonly storedKey: Uint8Array;
  readonly serverKey: Uint8Array;
}

/** The hash of a SCRAM mechanism. SHA-1 is handed in by whoever turns the legacy mechanism on. */
export interface ScramHash {
  /** Octets of a digest, of keys and proofs: 32 for SHA-256, 20 for SHA-1. */
  readonly sizeOctets: number;
  digest(...parts: readonly Uint8Array[]): Uint8Array;
  hmac(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array;
}

/** SHA-256, for SCRAM-SHA-256 (RFC 7677). */
export function sha256Of(primitives: Pick<Primitives, 'sha256' | 'hmacSha256'>): ScramHash {
  return { sizeOctets: 32, digest: primitives.sha256, hmac: primitives.hmacSha256 };
}

/** RFC 7677 clause 4: at least 4096. More than the upper bound would let a server keep a client busy (attack 32). */
export const SCRAM_ITERATIONS = { min: 4096, max: 100_000 } as const;

/** The verifier of a salted password (RFC 5802's SaltedPassword, 32 octets: PBKDF2-HMAC-SHA-256). */
export function scramVerifier(
  primitives: Pick<Primitives, 'sha256' | 'hmacSha256'>,
  saltedPassword: Uint8Array,
  salt: Uint8Array,
  iterations: number,
): ScramVerifier {
  return verifierOf(sha256Of(primitives), saltedPassword, salt, iterations);
}

/** The verifier of a salted password under any hash of SCRAM (RFC 5802 clause 3). */
export function verifierOf(
  hash: ScramHash,
  saltedPassword: Uint8Array,
  salt: Uint8Array,
  iterations: number,
): ScramVerifier {
  return {
    salt,
    iterations,
    storedKey: hash.digest(hash.hmac(saltedPassword, fromAscii('Client Key'))),
    serverKey: hash.hmac(saltedPassword, fromAscii('Server Key')),
  };
}

/** A password that needs no SASLprep (RFC 4013): 1 to 256 printable ASCII characters. @throws XmppError `sasl` */
export function checkPassword(password: string): string {
  if (!/^[\x20-\x7e]{1,256}$/.test(password)) {
    throw new XmppError('sasl', 'the password must be 1 to 256 printable ASCII characters');
  }
  return password;
}

/**
 * The attributes of a SCRAM message in their order (RFC 5802 clause 5.1): `a=1,b=2`. @throws XmppError `sasl` unless it
 * begins with exactly the attributes `names`; what follows is for extensions and is ignored, as clause 5.1 asks.
 */
export function readScram<Name extends string>(message: string, names: readonly Name[]): Record<Name, string> {
  const parts = message.split(',');
  const values = Object.create(null) as Record<Name, string>;
  for (const [i, name] of names.entries()) {
    const part = parts[i];
    if (part === undefined || !part.startsWith(`${name}=`)) {
      throw new XmppError('sasl', `SCRAM attribute ${name} is missing`);
    }
    values[name] = part.slice(2);
  }
  for (const part of parts.slice(names.length)) {
    if (!/^[A-Za-z]=/.test(part)) throw new XmppError('sasl', 'a SCRAM extension that is malformed');
  }
  return values;
}

/** RFC 5802's `nonce`: printable ASCII but the comma, here at most 256 of them. @throws XmppError `sasl` */
export function checkNonce(nonce: string): string {
  if (!/^[\x21-\x2b\x2d-\x7e]{1,256}$/.test(nonce)) throw new XmppError('sasl', 'SCRAM nonce is malformed');
  return nonce;
}

/** Base64 of a SCRAM attribute. @throws XmppError `sasl` */
export function readBase64(name: string, value: string): Uint8Array {
  try {
    return fromBase64(value);
  } catch (error) {
    if (error instanceof OctetsError) throw new XmppError('sasl', `SCRAM attribute ${name} is not base64`);
    throw error;
  }
}

/** A proof or signature of as many octets as the hash has. @throws XmppError `sasl` */
export function readKey(hash: ScramHash, name: string, value: string): Uint8Array {
  const octets = readBase64(name, value);
  if (octets.length !== hash.sizeOctets) {
    throw new XmppError('sasl', `SCRAM attribute ${name} must have ${hash.sizeOctets} octets`);
  }
  return octets;
}

/** An extension of a SCRAM message by its one-letter name, or undefined (RFC 5802 clause 5.1). */
export function scramExtension(message: string, name: string): string | undefined {
  return message
    .split(',')
    .find((part) => part.startsWith(`${name}=`))
    ?.slice(2);
}

/** RFC 5802 clause 3: client-first-message-bare, server-first-message, client-final-message-without-proof. */
export function authMessage(clientFirstBare: string, serverFirst: string, clientFinalBare: string): Uint8Array {
  return concat(...[clientFirstBare, ',', serverFirst, ',', clientFinalBare].map((part) => fromAscii(part)));
}
