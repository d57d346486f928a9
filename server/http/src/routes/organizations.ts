import type { Core } from '@cardea/server-core';
import { pageOf } from '../page.ts';
import { organization } from '../represent/organization.ts';
import { person } from '../represent/person.ts';
import { type Route, route } from '../route.ts';

/** Organizations, for the installation's operator. */
export function organizationRoutes({ organizations }: Core): readonly Route[] {
  return [
    route('GET /v1/organizations', (actor, { query }) =>
      pageOf(query, (page) => organizations.list(actor, page), organization),
    ),
    route('POST /v1/organizations', async (actor, { body }) => {
      const added = await organizations.add(actor, {
        name: body.name,
        ownerName: body.owner_name,
        ownerEmail: body.owner_email,
      });
      return {
        organization: organization(added.organization),
        owner: person(added.owner),
        password: added.password.reveal(),
      };
    }),
  ];
}
