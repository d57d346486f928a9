import { Secret } from '@cardea/kit-runtime';
import type { Core, Person } from '@cardea/server-core';
import { pageOf } from '../page.ts';
import { personExport } from '../represent/held.ts';
import { person } from '../represent/person.ts';
import { type Route, route } from '../route.ts';

/** Persons. */
export function personRoutes({ persons, privacy }: Core): readonly Route[] {
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
    route('DELETE /v1/persons/{id}', async (actor, { params, query, unchanged }) => {
      const asItWas = (now: Person): void => unchanged(person(now));
      if (query.erase === true) await privacy.erase(actor, params.id, asItWas);
      else await persons.remove(actor, params.id, asItWas);
      return undefined;
    }),
    route('GET /v1/persons/{id}/export', async (actor, { params }) => {
      return personExport(await privacy.export(actor, params.id));
    }),
  ];
}
