import { openApi } from '@cardea/wire-api';
import type { Trial } from '../attack.ts';
import { placesOf } from '../tenants/places.ts';

/** What is asked without being signed in and names somebody: each has a part of this attack. */
const LOOKED_AT: Readonly<Record<string, string>> = {
  'POST /v1/sessions': 'e-mail address and organization: stuffing, guessing, enumeration; attack 36 for organizations',
  'POST /v1/gateway-enrolments': 'a secret of 256 random bits, and nothing beside it that names anybody',
  'POST /v1/register': 'e-mail address or phone number, organization: enumeration, and how much is sent',
  'POST /v1/verifications': 'e-mail address or phone number, organization: enumeration, and how much is sent',
  'POST /v1/verifications/{id}': 'code: guessing, one used again; its id: enumeration',
  'POST /v1/sessions/second-step': 'codes and passkeys: guessing, one used again, and what is somebody else’s',
  'POST /v1/sessions/passkey': 'organization: enumeration; its challenges at the second step',
  'POST /v1/sessions/phone-challenge':
    'nothing is asked and nothing kept: fresh chance under a tag; see the part about phones',
  'POST /v1/sessions/phone':
    'the key of a phone: one signed for another challenge, origin or server, used again, enumeration',
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
