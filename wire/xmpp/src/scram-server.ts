import type { Primitives } from '@cardea/kit-crypto';
import { equalSecret, fromAscii, toBase64, xor } from '@cardea/kit-octets';
import { XmppError } from './errors.ts';
import {
  authMessage,
  channelBindingInput,
  checkNonce,
  readKey,
  readScram,
  type ScramVerifier,
  scramVerifier,
} from './scram.ts';

/** The server's role in SCRAM-SHA-256 (RFC 5802 clause 5), in three calls. */

/** What the client's first message says. */
export interface ClientFirst {
  readonly username: string;
  readonly nonce: string;
  readonly gs2Header: string;
  readonly bare: string;
}

/** RFC 6120 6.5: why an exchange fails. */
export type SaslFailure =
  | 'aborted'
  | 'incorrect-encoding'
  | 'invalid-authzid'
  | 'invalid-mechanism'
  | 'malformed-request'
  | 'not-authorized';

/**
 * Reads `n,,n=user,r=nonce`. The channel-binding flag (RFC 5802 clause 6): `n` is taken; `y` (the client could bind but
 * believes that we cannot) only when no -PLUS was offered, for else somebody took it out of the offer; `p=` never with
 * this mechanism. An authorization identity of its own is refused.
 * @throws XmppError `sasl`
 */
export function readClientFirst(message: string, plusOffered: boolean): ClientFirst | SaslFailure {
  const match = /^(n|y|p=[A-Za-z0-9.-]+),(a=[^,]*)?,(.*)$/s.exec(message);
  if (match === null) throw new XmppError('sasl', 'SCRAM header is malformed');
  const [, flag = '', authzid, bare = ''] = match;
  if (flag.startsWith('p')) return 'malformed-request';
  if (flag === 'y' && plusOffered) return 'not-authorized';
  if (authzid !== undefined) return 'invalid-authzid';
  // A mandatory extension (`m=`) stands where `n=` is expected, and so is refused.
  const { n, r } = readScram(bare, ['n', 'r']);
  fromAsciiStrict(bare);
  return { username: readName(n), nonce: checkNonce(r), gs2Header: `${flag},,`, bare };
}

/** The first message to the client. `serverNonce` is fresh for each exchange. */
export function writeServerFirst(first: ClientFirst, serverNonce: Uint8Array, verifier: ScramVerifier): string {
  return `r=${first.nonce}${toBase64(serverNonce)},s=${toBase64(verifier.salt)},i=${verifier.iterations}`;
}

/** Checks the proof; answers our signature (`v=...`), or undefined when the proof is wrong. @throws XmppError `sasl` */
export function verifyClientFinal(
  primitives: Primitives,
  first: ClientFirst,
  serverFirst: string,
  verifier: ScramVerifier,
  message: string,
): string | undefined {
  const { c, r } = readScram(message, ['c', 'r']);
  const proofAt = message.lastIndexOf(',p=');
  if (proofAt < 0) throw new XmppError('sasl', 'SCRAM attribute p is missing');
  const proof = readKey('p', message.slice(proofAt + 3));
  const bare = message.slice(0, proofAt);
  fromAsciiStrict(bare);
  // What was bound must be what was said first, and the nonce both halves: else it is another exchange's message.
  if (c !== channelBindingInput(first.gs2Header)) return undefined;
  if (r !== readScram(serverFirst, ['r']).r) return undefined;

  const signed = authMessage(first.bare, serverFirst, bare);
  const clientKey = xor(proof, primitives.hmacSha256(verifier.storedKey, signed));
  if (!equalSecret(primitives.sha256(clientKey), verifier.storedKey)) return undefined;
  return `v=${toBase64(primitives.hmacSha256(verifier.serverKey, signed))}`;
}

/**
 * A verifier for a name that has no account: the same salt every time, and no password fits. Who asks cannot tell it
 * from an account (attack 41).
 */
export function decoyVerifier(
  primitives: Primitives,
  key: Uint8Array,
  username: string,
  iterations: number,
): ScramVerifier {
  const octets = primitives.hmacSha256(key, fromAscii('decoy '), asciiOrHash(username));
  return scramVerifier(primitives, octets, octets.slice(0, 16), iterations);
}

function asciiOrHash(username: string): Uint8Array {
  return Uint8Array.from(Array.from(username, (character) => (character.codePointAt(0) ?? 0) & 0xff));
}

function fromAsciiStrict(text: string): void {
  // Accounts are ASCII, so that no profile of string preparation decides who is who.
  if (/[^\x20-\x7e]/.test(text)) throw new XmppError('sasl', 'SCRAM message that is not printable ASCII');
}

// RFC 5802 5.1: `=2C` is a comma and `=3D` an equals sign; any other `=` is an error.
function readName(name: string): string {
  if (name === '' || /=(?!2C|3D)/.test(name)) throw new XmppError('sasl', 'SCRAM name is malformed');
  return name.replaceAll('=2C', ',').replaceAll('=3D', '=');
}
