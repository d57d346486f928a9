import { Attempt, AttemptPage, AttemptQuery, AttemptWaitQuery, ConfirmAttempt } from '../attempt.ts';
import { endpoint } from '../endpoint.ts';
import { commanding, listing, reading } from './usual.ts';

/** Attempts. */
export const attemptEndpoints = {
  'GET /v1/attempts': endpoint({
    ...listing,
    name: 'listAttempts',
    summary: 'List attempts',
    scopes: ['locks:read', 'access:use'],
    query: AttemptQuery,
    answer: AttemptPage,
  }),
  'GET /v1/attempts/{id}': endpoint({
    ...reading,
    name: 'getAttempt',
    summary: 'Show an attempt; `wait_s` waits for it to be over',
    scopes: ['locks:read', 'access:use'],
    query: AttemptWaitQuery,
    answer: Attempt,
    refusals: ['not_found', 'invalid'],
  }),
  'POST /v1/attempts/{id}/confirm': endpoint({
    ...commanding,
    name: 'confirmAttempt',
    summary: "Let another person's attempt go, as the second person that its grant asks for",
    scopes: ['locks:operate', 'access:use'],
    body: ConfirmAttempt,
  }),
};
