import { Alert, AlertPage, AlertQuery } from '../alert.ts';
import { IdParams } from '../common.ts';
import { endpoint } from '../endpoint.ts';
import { listing, reading } from './usual.ts';

/** What the monitor has found. */
export const alertEndpoints = {
  'GET /v1/alerts': endpoint({
    ...listing,
    name: 'listAlerts',
    summary: 'List what the monitor has found',
    scopes: ['events:read'],
    query: AlertQuery,
    answer: AlertPage,
  }),
  'GET /v1/alerts/{id}': endpoint({
    ...reading,
    name: 'getAlert',
    summary: 'Show an alert with the events that it rests on',
    scopes: ['events:read'],
    answer: Alert,
  }),
  'POST /v1/alerts/{id}/acknowledge': endpoint({
    name: 'acknowledgeAlert',
    summary: 'Say that an alert has been seen to',
    params: IdParams,
    idempotent: true,
    scopes: ['alerts:write'],
    status: 200,
    answer: Alert,
    refusals: ['not_found'],
  }),
};
