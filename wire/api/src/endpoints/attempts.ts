import { Attempt, AttemptPage, AttemptQuery, AttemptWaitQuery } from '../attempt.ts';
import { endpoint } from '../endpoint.ts';
import { listing, reading } from './usual.ts';

/** Attempts. */
export const attemptEndpoints = {
  'GET /v1/attempts': endpoint({
    ...listing,
    name: 'listAttempts',
    summary: 'List attempts',
    scopes: ['locks:read'],
    query: AttemptQuery,
    answer: AttemptPage,
  }),
  'GET /v1/attempts/{id}': endpoint({
    ...reading,
    name: 'getAttempt',
    summary: 'Show an attempt; `wait_s` waits for it to be over',
    scopes: ['locks:read'],
    query: AttemptWaitQuery,
    answer: Attempt,
    refusals: ['not_found', 'invalid'],
  }),
};
