import { Secret } from '@cardea/kit-runtime';
import type { Actor, Core } from '@cardea/server-core';
import type { Endpoint } from '@cardea/wire-api';
import { HttpRefusal } from './refusal.ts';

/** The bearer token of a request (RFC 6750, 2.1). @throws HttpRefusal not_signed_in */
export function bearerOf(header: string | undefined): Secret<string> {
  const match = /^Bearer +([A-Za-z0-9._~+/-]{1,512}=*)$/i.exec(header ?? '');
  if (match?.[1] === undefined) {
    throw new HttpRefusal(
      'not_signed_in',
      'Send `Authorization: Bearer <token>`: a session (POST /v1/sessions) or an API token.',
      {
        field: 'header.Authorization',
      },
    );
  }
  return new Secret(match[1]);
}

/** Who bears the token, and uses it `from` where. @throws CoreError not_signed_in */
export function authenticate(core: Core, header: string | undefined, from?: string): Promise<Actor> {
  return core.access.authenticate(bearerOf(header), from);
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
