import type { Primitives } from '@cardea/kit-crypto';
import { equal, equalSecret, fromAscii, toBase64, xor } from '@cardea/kit-octets';
import { XmppError } from '../errors.ts';
import { type ChannelBindingType, channelBindingInput } from './channel-binding.ts';
import {
  authMessage,
  checkNonce,
  readBase64,
  readKey,
  readScram,
  type ScramHash,
  type ScramVerifier,
  scramVerifier,
} from './scram.ts';

/** The server's role in SCRAM (RFC 5802 clause 5), in three calls. */

/** What the client's first message says. */
export interface ClientFirst {
  readonly username: string;
  readonly nonce: string;
  readonly gs2Header: string;
  /** The channel that the client binds; always there with a -PLUS mechanism, never without. */
  readonly binding: ChannelBindingType | undefined;
  readonly bare: string;
}

/** RFC 6120 6.5: why an exchange fails. */
export type SaslFailure =
  | 'aborted'
  | 'encryption-required'
  | 'incorrect-encoding'
  | 'invalid-authzid'
  | 'invalid-mechanism'
  | 'malformed-request'
  | 'not-authorized'
  | 'temporary-auth-failure';

/** What was offered, and which of it the client took: decides which channel-binding flags are right. */
export interface ClientFirstRules {
  /** The client chose a -PLUS mechanism. */
  readonly plus: boolean;
  /** Kinds that were offered; none: no -PLUS mechanism was. */
  readonly bindings: readonly ChannelBindingType[];
}

/**
 * Reads `n,,n=user,r=nonce`. The channel-binding flag (RFC 5802 clause 6): `p=` with a kind that was offered, exactly
 * when the mechanism is a -PLUS one; else `n`, or `y` (the client could bind but believes that we cannot) only when no
 * -PLUS was offered, for else somebody took it out of the offer. An authorization identity of its own is refused.
 * @throws XmppError `sasl`
 */
export function readClientFirst(message: string, rules: ClientFirstRules): ClientFirst | SaslFailure {
  const match = /^(n|y|p=[A-Za-z0-9.-]+),(a=[^,]*)?,(.*)$/s.exec(message);
  if (match === null) throw new XmppError('sasl', 'SCRAM header is malformed');
  const [, flag = '', authzid, bare = ''] = match;
  if (flag.startsWith('p') !== rules.plus) return 'malformed-request';
  if (flag === 'y' && rules.bindings.length > 0) return 'not-authorized';
  const binding = rules.bindings.find((type) => flag === `p=${type}`);
  if (rules.plus && binding === undefined) return 'not-authorized';
  if (authzid !== undefined) return 'invalid-authzid';
  // A mandatory extension (`m=`) stands where `n=` is expected, and so is refused.
  const { n, r } = readScram(bare, ['n', 'r']);
  fromAsciiStrict(bare);
  return { username: readName(n), nonce: checkNonce(r), gs2Header: `${flag},,`, binding, bare };
}

/** The first message to the client. `serverNonce` is fresh for each exchange, `offer` of {@link offerHash}. */
export function writeServerFirst(
  first: ClientFirst,
  serverNonce: Uint8Array,
  verifier: ScramVerifier,
  offer: string,
): string {
  const salt = toBase64(verifier.salt);
  return `r=${first.nonce}${toBase64(serverNonce)},s=${salt},i=${verifier.iterations},h=${offer}`;
}

/**
 * Checks the proof; answers our signature (`v=...`), or undefined when the proof is wrong. `binding` are the octets of
 * the channel that the first message named. @throws XmppError `sasl`
 */
export function verifyClientFinal(
  hash: ScramHash,
  first: ClientFirst,
  serverFirst: string,
  verifier: ScramVerifier,
  binding: Uint8Array | undefined,
  message: string,
): string | undefined {
  const { c, r } = readScram(message, ['c', 'r']);
  const proofAt = message.lastIndexOf(',p=');
  if (proofAt < 0) throw new XmppError('sasl', 'SCRAM attribute p is missing');
  const proof = readKey(hash, 'p', message.slice(proofAt + 3));
  const bare = message.slice(0, proofAt);
  fromAsciiStrict(bare);
  // A channel was named whose octets nobody can tell: nothing can be bound to it.
  if ((first.binding === undefined) !== (binding === undefined)) return undefined;
  // What was bound must be what was said first, in this very channel, and the nonce both halves: else it is another
  // exchange's message, or this one carried over from another connection.
  if (!equal(readBase64('c', c), channelBindingInput(first.gs2Header, binding))) return undefined;
  if (r !== readScram(serverFirst, ['r']).r) return undefined;

  const signed = authMessage(first.bare, serverFirst, bare);
  const clientKey = xor(proof, hash.hmac(verifier.storedKey, signed));
  if (!equalSecret(hash.digest(clientKey), verifier.storedKey)) return undefined;
  return `v=${toBase64(hash.hmac(verifier.serverKey, signed))}`;
}

/**
 * A verifier for a name that has no account: the same salt every time, and no password fits. Who asks cannot tell it
 * from an account (attack 41).
 */
export function decoyVerifier(
  primitives: Pick<Primitives, 'sha256' | 'hmacSha256'>,
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
