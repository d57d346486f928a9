import type { Core } from '@cardea/server-core';
import { pageOf } from '../page.ts';
import { attempt } from '../represent/attempt.ts';
import { chain } from '../represent/chain.ts';
import { lock } from '../represent/lock.ts';
import { type Route, route } from '../route.ts';
import { positionOf } from './attempts.ts';

/** Locks, their manifests, and the commands at doors. */
export function lockRoutes({ locks, attempts }: Core): readonly Route[] {
  return [
    route('GET /v1/locks', (actor, { query }) => {
      const filter = {
        ...(query.identifier !== undefined && { identifier: query.identifier }),
        ...(query.property_id !== undefined && { propertyId: query.property_id }),
      };
      return pageOf(query, (page) => locks.list(actor, filter, page), lock);
    }),
    route('GET /v1/locks/{id}', async (actor, { params }) => lock(await locks.get(actor, params.id))),
    route('GET /v1/locks/{id}/chain', async (actor, { params }) => chain(await locks.chain(actor, params.id))),
    route('DELETE /v1/locks/{id}', async (actor, { params, query }) =>
      attempt(await locks.remove(actor, params.id, { force: query.force ?? false })),
    ),
    route('POST /v1/locks/{id}/set-time', async (actor, { params, body }) =>
      attempt(await locks.setTime(actor, params.id, body.step_back ?? false)),
    ),
    route('POST /v1/manifests', (actor, { body }) => locks.importManifest(actor, body)),
    route('GET /v1/legitimacy/{identifier}', (actor, { params }) => locks.legitimacy(actor, params.identifier)),
    route('POST /v1/doors/{id}/enrol', async (actor, { params, body }) =>
      attempt(await locks.enrol(actor, { doorId: params.id, identifier: body.identifier })),
    ),
    route('POST /v1/doors/{id}/unlock', async (actor, { params, body }) =>
      attempt(await attempts.operate(actor, params.id, 'unlock', body.time_to_live_s, positionOf(body.position))),
    ),
    route('POST /v1/doors/{id}/lock', async (actor, { params, body }) =>
      attempt(await attempts.operate(actor, params.id, 'lock', body.time_to_live_s, positionOf(body.position))),
    ),
    route('POST /v1/doors/{id}/status', async (actor, { params, body }) =>
      attempt(await attempts.operate(actor, params.id, 'status', body.time_to_live_s, positionOf(body.position))),
    ),
  ];
}
