import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** The public half of a P-256 account key, its members in the order that its thumbprint wants (RFC 7638, 3). */
export interface AccountJwk {
  readonly crv: string;
  readonly kty: string;
  readonly x: string;
  readonly y: string;
}

/** A flattened JSON Web Signature (RFC 7515, 7.2.2), each part base64url. */
export interface Jws {
  readonly protected: string;
  readonly payload: string;
  readonly signature: string;
}

/** A fresh account key: P-256. */
export const newAccountKey = (): KeyObject => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

/** The public key of an account. @throws TypeError when the key is not P-256 */
export function accountJwk(key: KeyObject): AccountJwk {
  const { crv, kty, x, y } = createPublicKey(key).export({ format: 'jwk' });
  if (crv !== 'P-256' || kty === undefined || x === undefined || y === undefined) {
    throw new TypeError('an account key is P-256');
  }
  return { crv, kty, x, y };
}

/**
 * A signed request (RFC 8555, 6.2): ES256 over header and payload. The header names the account by its URL, or by its key
 * while it has none. An undefined payload is a POST-as-GET (6.3).
 */
export function signRequest(
  key: KeyObject,
  header: { readonly url: string; readonly nonce: string; readonly account: string | undefined },
  payload: unknown,
): Jws {
  const { url, nonce, account } = header;
  const who = account === undefined ? { jwk: accountJwk(key) } : { kid: account };
  const head = base64url(JSON.stringify({ alg: 'ES256', nonce, url, ...who }));
  const body = payload === undefined ? '' : base64url(JSON.stringify(payload));
  const signature = sign('sha256', Buffer.from(`${head}.${body}`), { key, dsaEncoding: 'ieee-p1363' });
  return { protected: head, payload: body, signature: signature.toString('base64url') };
}

/** What a challenge is answered with (RFC 8555, 8.1): `token "." thumbprint of the account key` (RFC 7638). */
export function keyAuthorization(token: string, key: KeyObject): string {
  const thumbprint = createHash('sha256')
    .update(JSON.stringify(accountJwk(key)))
    .digest('base64url');
  return `${token}.${thumbprint}`;
}

const base64url = (text: string): string => Buffer.from(text, 'utf8').toString('base64url');
