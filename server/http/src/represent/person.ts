import type { Actor, Core, Person, StoredToken } from '@cardea/server-core';
import type * as api from '@cardea/wire-api';
import { time } from './time.ts';

/** A person as the API shows one. */
export function person({ id, name, email, role, mustChangePassword, createdAt }: Person): api.Person {
  return { id, name, email, role, must_change_password: mustChangePassword, created_at: time(createdAt) };
}

/** A session or an API token as the API shows it: without its secret, which is not known any more. */
export function token({ id, kind, name, scopes, createdAt, expiresAt }: StoredToken): api.Token {
  return { id, kind, name, scopes: [...scopes], created_at: time(createdAt), expires_at: time(expiresAt) };
}

/** The bearer itself. */
export function me(actor: Actor, own: Awaited<ReturnType<Core['access']['self']>>, demo: boolean): api.Me {
  return {
    organization_id: actor.organizationId,
    organization_name: own.organization.name,
    person_id: actor.personId,
    name: own.person.name,
    email: own.person.email,
    token_id: actor.tokenId,
    role: actor.role,
    scopes: [...actor.scopes],
    must_change_password: actor.mustChangePassword,
    demo,
  };
}
