import type { IncomingHttpHeaders } from 'node:http';
import { Secret } from '@cardea/kit-runtime';
import type { Actor } from '@cardea/server-core';
import type { Endpoint } from '@cardea/wire-api';
import { HttpRefusal } from './refusal.ts';
import { type OwnScheme, refuseOtherPages } from './web/own-page.ts';
import { sessionCookieOf } from './web/session-cookie.ts';

const TOKEN = /^[A-Za-z0-9._~+/-]{1,512}=*$/;

/**
 * The bearer token of a request: of its Authorization header (RFC 6750, 2.1), or where it has none of the cookie, which
 * counts on requests of our own pages alone. @throws HttpRefusal not_signed_in
 */
export function bearerOf(headers: IncomingHttpHeaders, scheme: OwnScheme): Secret<string> {
  const { authorization } = headers;
  if (authorization === undefined) {
    const cookie = sessionCookieOf(headers.cookie);
    if (cookie !== undefined && TOKEN.test(cookie)) {
      refuseOtherPages(headers, scheme, 'not_signed_in');
      return new Secret(cookie);
    }
  }
  const given = /^Bearer (.*)$/i.exec(authorization ?? '')?.[1];
  if (given === undefined || !TOKEN.test(given.trimStart())) {
    throw new HttpRefusal(
      'not_signed_in',
      'Send `Authorization: Bearer <token>`: a session (POST /v1/sessions) or an API token.',
      { field: 'header.Authorization' },
    );
  }
  return new Secret(given.trimStart());
}

/** The door's own check before the core's: default deny. @throws HttpRefusal password_change_required, second_factor_setup_required, not_permitted */
export function authorize(actor: Actor, { scopes, beforePasswordChange, beforeSecondFactor }: Endpoint): void {
  if (actor.mustChangePassword && !beforePasswordChange) {
    throw new HttpRefusal('password_change_required', 'Change the password first: POST /v1/password.');
  }
  if (actor.mustAddSecondFactor === true && !beforeSecondFactor) {
    throw new HttpRefusal('second_factor_setup_required', 'Add a second factor first: POST /v1/me/totp.');
  }
  if (scopes.length > 0 && !scopes.some((scope) => actor.scopes.includes(scope))) {
    throw new HttpRefusal('not_permitted', `The token needs the scope ${scopes.join(' or ')}.`);
  }
}
