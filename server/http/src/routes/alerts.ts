import type { Core } from '@cardea/server-core';
import { pageOf } from '../page.ts';
import { alert } from '../represent/alert.ts';
import { type Route, route } from '../route.ts';

/** What the monitor has found. */
export function alertRoutes({ alerts }: Core): readonly Route[] {
  return [
    route('GET /v1/alerts', (actor, { query }) =>
      pageOf(
        query,
        (page) =>
          alerts.list(
            actor,
            {
              ...(query.state === undefined ? {} : { state: query.state }),
              ...(query.rule === undefined ? {} : { rule: query.rule }),
            },
            page,
          ),
        alert,
      ),
    ),
    route('GET /v1/alerts/{id}', async (actor, { params }) => alert(await alerts.get(actor, params.id))),
    route('POST /v1/alerts/{id}/acknowledge', async (actor, { params }) =>
      alert(await alerts.acknowledge(actor, params.id)),
    ),
  ];
}
