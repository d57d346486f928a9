import { Secret } from '@cardea/kit-runtime';
import type { Core } from '@cardea/server-core';
import { pageOf } from '../page.ts';
import { person } from '../represent/person.ts';
import { type Route, route } from '../route.ts';

/** Persons. */
export function personRoutes({ persons }: Core): readonly Route[] {
  return [
    route('GET /v1/persons', (actor, { query }) => pageOf(query, (page) => persons.list(actor, page), person)),
    route('GET /v1/persons/{id}', async (actor, { params }) => person(await persons.get(actor, params.id))),
    route('POST /v1/persons', async (actor, { body }) =>
      person(
        await persons.add(actor, {
          name: body.name,
          email: body.email.toLowerCase(),
          role: body.role,
          password: new Secret(body.password),
        }),
      ),
    ),
    route('DELETE /v1/persons/{id}', async (actor, { params, unchanged }) => {
      await persons.remove(actor, params.id, (now) => unchanged(person(now)));
      return undefined;
    }),
  ];
}
