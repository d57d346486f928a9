import type { Core, Position } from '@cardea/server-core';
import type * as api from '@cardea/wire-api';
import { pageOf } from '../page.ts';
import { attempt } from '../represent/attempt.ts';
import { type Route, route } from '../route.ts';

/** Attempts; `closing` resolves when the door closes, which ends every wait. */
export function attemptRoutes({ attempts }: Core, closing: Promise<void>): readonly Route[] {
  return [
    route('GET /v1/attempts', (actor, { query }) => {
      const filter = query.door_id === undefined ? {} : { doorId: query.door_id };
      return pageOf(query, (page) => attempts.list(actor, filter, page), attempt);
    }),
    route('GET /v1/attempts/{id}', async (actor, { params, query }) => {
      const waitS = query.wait_s ?? 0;
      if (waitS === 0) return attempt(await attempts.get(actor, params.id));
      const asItIs = closing.then(() => attempts.get(actor, params.id));
      return attempt(await Promise.race([attempts.wait(actor, params.id, waitS * 1000), asItIs]));
    }),
    route('POST /v1/attempts/{id}/confirm', async (actor, { params, body }) =>
      attempt(await attempts.confirm(actor, params.id, positionOf(body.position))),
    ),
  ];
}

/** Where a body says that its phone is. */
export function positionOf(position: api.Position | undefined): Position | undefined {
  if (position === undefined) return undefined;
  const { latitude, longitude, accuracy_m } = position;
  return { latitude, longitude, accuracyM: accuracy_m };
}
