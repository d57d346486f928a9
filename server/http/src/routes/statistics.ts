import type { Core } from '@cardea/server-core';
import { securityCheck } from '../represent/checkup.ts';
import { statistics as represent } from '../represent/statistics.ts';
import { type Route, route } from '../route.ts';

/** What the record tells when it is counted. */
export function statisticsRoutes({ statistics, checkup }: Core): readonly Route[] {
  return [
    route('GET /v1/statistics', async (actor, { query }) =>
      represent(
        await statistics.of(actor, {
          propertyId: query.property_id,
          bucket: query.bucket ?? 'day',
          ...(query.from !== undefined && { from: Date.parse(query.from) }),
          ...(query.to !== undefined && { to: Date.parse(query.to) }),
        }),
      ),
    ),
    route('GET /v1/security-check', async (actor) => securityCheck(await checkup.run(actor))),
  ];
}
