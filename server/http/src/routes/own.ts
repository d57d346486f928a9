import type { Core } from '@cardea/server-core';
import { pageOf } from '../page.ts';
import { ownDoor } from '../represent/own-door.ts';
import { type Route, route } from '../route.ts';

/** What everybody who may open something has of his own. */
export function ownRoutes({ own }: Core): readonly Route[] {
  return [route('GET /v1/me/doors', (actor, { query }) => pageOf(query, (page) => own.doors(actor, page), ownDoor))];
}
