import { endpoint } from '../endpoint.ts';
import { EventPage, EventQuery, EventRetention, EventStreamQuery } from '../event.ts';
import { listing } from './usual.ts';

/** Events: listed, followed, kept. */
export const eventEndpoints = {
  'GET /v1/events': endpoint({
    ...listing,
    name: 'listEvents',
    summary: 'List events',
    scopes: ['events:read', 'access:use'],
    query: EventQuery,
    answer: EventPage,
  }),
  'GET /v1/events/retention': endpoint({
    name: 'getEventRetention',
    summary: 'How long events are kept, and what has been removed',
    scopes: ['events:read'],
    status: 200,
    answer: EventRetention,
  }),
  'GET /v1/events/stream': endpoint({
    name: 'followEvents',
    summary: 'Follow events as server-sent events; Last-Event-ID resumes from the record',
    scopes: ['events:read', 'access:use'],
    query: EventStreamQuery,
    status: 200,
    media: 'text/event-stream',
    refusals: ['invalid', 'too_many', 'unavailable'],
  }),
};
