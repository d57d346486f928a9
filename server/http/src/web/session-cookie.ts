import type { Secret } from '@cardea/kit-runtime';

/**
 * Name of the cookie that holds a session of a browser. The prefix `__Host-` makes the browser hold it to its rules: of this
 * very host, over TLS alone, for every path (RFC 6265bis, 4.1.3.2), so no neighbour under the same domain can set it.
 */
const NAME = '__Host-cardea';
/** Scripts cannot read it, and other sites' requests do not carry it. */
const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Strict';

/** Value of Set-Cookie that keeps the bearer token for `lifeS` seconds. */
export function sessionCookie(token: Secret<string>, lifeS: number): string {
  return `${NAME}=${token.reveal()}; ${ATTRIBUTES}; Max-Age=${Math.max(0, Math.floor(lifeS))}`;
}

/** Value of Set-Cookie that ends it. */
export const endedSessionCookie: string = `${NAME}=; ${ATTRIBUTES}; Max-Age=0`;

/** The token in a Cookie header. Undefined where it stands twice as well: then nobody knows whose it is. */
export function sessionCookieOf(header: string | undefined): string | undefined {
  const values = (header ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${NAME}=`))
    .map((pair) => pair.slice(NAME.length + 1));
  return values.length === 1 && values[0] !== '' ? values[0] : undefined;
}
