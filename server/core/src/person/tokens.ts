import { fromAscii, toBase64, toHex } from '@cardea/kit-octets';
import { Secret } from '@cardea/kit-runtime';
import type { Context } from '../context.ts';

/** Octets of chance in a token: 256 bits, so that its hash needs no salt and no slowness. */
const TOKEN_OCTETS = 32;
/** Octets of chance in a password that is made for somebody. */
const PASSWORD_OCTETS = 15;
/** Longest token text that is looked at. */
const TOKEN_MOST_CHARACTERS = 128;

/** A fresh bearer secret: `kind` (`cs` session, `ct` API token, `ce` enrolment, `cp` step of a sign-in) and 32 random octets in base64url. */
export function newBearer(context: Context, kind: 'cs' | 'ct' | 'ce' | 'cp'): Secret<string> {
  const text = toBase64(context.ports.random.octets(TOKEN_OCTETS));
  return new Secret(`${kind}_${text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}`);
}

/** A password of 120 bits, to be shown once. */
export function newPassword(context: Context): Secret<string> {
  const text = toBase64(context.ports.random.octets(PASSWORD_OCTETS));
  return new Secret(text.replaceAll('+', '-').replaceAll('/', '_'));
}

/** What is stored of a bearer secret: hex SHA-256 of it, or undefined for what cannot be one. */
export function bearerHash(context: Context, token: Secret<string>): string | undefined {
  const text = token.reveal();
  if (text.length > TOKEN_MOST_CHARACTERS || !/^c[step]_[A-Za-z0-9_-]+$/.test(text)) return undefined;
  return toHex(context.ports.primitives.sha256(fromAscii(text)));
}
