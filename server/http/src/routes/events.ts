import type { Core } from '@cardea/server-core';
import { pageOf } from '../page.ts';
import { event, eventRetention } from '../represent/event.ts';
import { type Route, route } from '../route.ts';

/** The record of events; the stream is in event-stream.ts. */
export function eventRoutes({ events }: Core): readonly Route[] {
  return [
    route('GET /v1/events', (actor, { query }) =>
      pageOf(
        query,
        (page) =>
          events.list(
            actor,
            { ...eventFilter(query), ...(query.alert_id !== undefined && { alertId: query.alert_id }) },
            page,
          ),
        event,
      ),
    ),
    route('GET /v1/events/retention', async (actor) => eventRetention(await events.retention(actor))),
  ];
}

/** The core's filter of what a query names. */
export function eventFilter(query: { readonly door_id?: string; readonly type?: string }): {
  doorId?: string;
  type?: string;
} {
  return {
    ...(query.door_id === undefined ? {} : { doorId: query.door_id }),
    ...(query.type === undefined ? {} : { type: query.type }),
  };
}
