import { equalSecret, fromAscii, toBase64, xor } from '@cardea/kit-octets';
import { XmppError } from '../errors.ts';
import { type BindingFlag, channelBindingInput, gs2Header } from './channel-binding.ts';
import {
  authMessage,
  checkNonce,
  readBase64,
  readKey,
  readScram,
  SCRAM_ITERATIONS,
  type ScramHash,
  scramExtension,
  verifierOf,
} from './scram.ts';

/** The client's role in SCRAM (RFC 5802 clause 5). */

/** Our first message, and what of it is needed later. */
export interface ScramStart {
  readonly message: string;
  readonly gs2Header: string;
  readonly bare: string;
  readonly nonce: string;
}

/** What the server's first message asks for. */
export interface ServerFirst {
  readonly message: string;
  readonly nonce: string;
  readonly salt: Uint8Array;
  readonly iterations: number;
  /** XEP-0474's hash of what the server says that it offered, when it says so. */
  readonly offer: string | undefined;
}

/** The first message; `nonce` is fresh. @throws XmppError `sasl` for a name that is not printable ASCII */
export function startScram(username: string, nonce: Uint8Array, flag: BindingFlag): ScramStart {
  if (!/^[\x21-\x7e]+$/.test(username)) throw new XmppError('sasl', 'the name must be printable ASCII');
  const name = username.replaceAll('=', '=3D').replaceAll(',', '=2C');
  const text = toBase64(nonce);
  const bare = `n=${name},r=${text}`;
  const header = gs2Header(flag);
  return { message: header + bare, gs2Header: header, bare, nonce: text };
}

/**
 * Reads `r=...,s=...,i=...`: the nonce must begin with ours, the iterations be within {@link SCRAM_ITERATIONS}.
 * @throws XmppError `sasl`
 */
export function readServerFirst(start: ScramStart, message: string): ServerFirst {
  const { r, s, i } = readScram(message, ['r', 's', 'i']);
  checkNonce(r);
  if (!r.startsWith(start.nonce) || r.length < start.nonce.length + 16) {
    throw new XmppError('sasl', 'SCRAM nonce of the server is not fresh');
  }
  const salt = readBase64('s', s);
  if (salt.length < 8 || salt.length > 64) throw new XmppError('sasl', 'SCRAM salt must have 8 to 64 octets');
  const iterations = /^[1-9][0-9]{0,8}$/.test(i) ? Number(i) : 0;
  if (iterations < SCRAM_ITERATIONS.min || iterations > SCRAM_ITERATIONS.max) {
    throw new XmppError('sasl', `SCRAM iterations must be ${SCRAM_ITERATIONS.min} to ${SCRAM_ITERATIONS.max}`);
  }
  fromAscii(message);
  return { message, nonce: r, salt, iterations, offer: scramExtension(message, 'h') };
}

/**
 * Our final message, and the signature by which the server has to prove that it knows the verifier. `binding` are the
 * octets of the channel that the first message named.
 */
export function finishScram(
  hash: ScramHash,
  start: ScramStart,
  first: ServerFirst,
  saltedPassword: Uint8Array,
  binding: Uint8Array | undefined,
): { readonly message: string; readonly serverSignature: Uint8Array } {
  const bare = `c=${toBase64(channelBindingInput(start.gs2Header, binding))},r=${first.nonce}`;
  const signed = authMessage(start.bare, first.message, bare);
  const { storedKey, serverKey } = verifierOf(hash, saltedPassword, first.salt, first.iterations);
  const proof = xor(hash.hmac(saltedPassword, fromAscii('Client Key')), hash.hmac(storedKey, signed));
  return { message: `${bare},p=${toBase64(proof)}`, serverSignature: hash.hmac(serverKey, signed) };
}

/** Whether `v=...` is the signature that we wait for. @throws XmppError `sasl` */
export function verifyServerFinal(hash: ScramHash, serverSignature: Uint8Array, message: string): boolean {
  return equalSecret(readKey(hash, 'v', readScram(message, ['v']).v), serverSignature);
}
