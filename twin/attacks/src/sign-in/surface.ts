import { openApi } from '@cardea/wire-api';
import type { Trial } from '../attack.ts';
import { placesOf } from '../tenants/places.ts';

/** What is asked without being signed in and names somebody: each has a part of this attack. */
const LOOKED_AT: Readonly<Record<string, string>> = {
  'POST /v1/sessions': 'e-mail address and organization: stuffing, guessing, enumeration; attack 36 for organizations',
  'POST /v1/gateway-enrolments': 'a secret of 256 random bits, and nothing beside it that names anybody',
};

/** A new way to ask without being signed in (a forgotten password, an invitation) has to be looked at first. */
export function surface(): readonly Trial[] {
  const { operations } = placesOf(openApi('0'));
  return operations
    .filter(({ open, method }) => open && method !== 'GET')
    .map(({ key }) => ({
      name: `${key} without a token: ${LOOKED_AT[key] ?? 'nobody has looked at it'}`,
      through: LOOKED_AT[key] === undefined,
    }));
}
