import type { Event, EventRetention, QueryOf } from '@cardea/wire-api';
import { type FollowOptions, followEvents } from '../follow.ts';
import { type Listing, listing } from '../listing.ts';
import type { RequestOptions, Transport } from '../transport.ts';

/** What happened, and what happens. */
export interface EventsClient {
  readonly events: Listing<Event, QueryOf<'GET /v1/events'>> & {
    /** How long events are kept, and what has been removed. */
    retention(options?: RequestOptions): Promise<EventRetention>;
    /** Events as they happen, each once and none left out. */
    follow(options?: FollowOptions): AsyncGenerator<Event, void, void>;
  };
}

/** {@link EventsClient} over a transport. */
export function eventsClient(transport: Transport): EventsClient {
  const { call } = transport;
  return {
    events: {
      ...listing((query, more) => call('GET /v1/events', { query }, more)),
      retention: (more) => call('GET /v1/events/retention', {}, more),
      follow: (more = {}) => followEvents(transport, more),
    },
  };
}
