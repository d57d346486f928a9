import type { Core } from '@cardea/server-core';
import { HttpRefusal } from '../refusal.ts';
import { ownRoute, publicRoute, type Route } from '../route.ts';

/** Health, readiness, metrics, the description of the API, and the stream of events. */
export function systemRoutes(core: Core): readonly Route[] {
  return [
    publicRoute('GET /healthz', async () => ({ status: 'ok' })),
    publicRoute('GET /readyz', async () => {
      if (!core.health().ready) throw new HttpRefusal('unavailable', 'The server is starting.', { retryAfterS: 1 });
      return { status: 'ready' };
    }),
    ownRoute('GET /metrics'),
    ownRoute('GET /v1/openapi.json'),
    ownRoute('GET /v1/events/stream'),
  ];
}
