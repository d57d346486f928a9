import { IdParams } from '../common.ts';
import { endpoint } from '../endpoint.ts';
import { CreatedToken, NewToken, TokenPage } from '../person.ts';
import { adding } from './usual.ts';

/** The own sessions and API tokens. */
export const tokenEndpoints = {
  'GET /v1/tokens': endpoint({
    name: 'listTokens',
    summary: 'List the own sessions and API tokens',
    scopes: ['tokens:write'],
    status: 200,
    answer: TokenPage,
  }),
  'POST /v1/tokens': endpoint({
    ...adding,
    name: 'createToken',
    summary: 'Create an API token with scopes and an expiry; its secret is shown this once',
    scopes: ['tokens:write'],
    body: NewToken,
    answer: CreatedToken,
    refusals: ['invalid', 'not_permitted'],
  }),
  'DELETE /v1/tokens/{id}': endpoint({
    name: 'deleteToken',
    summary: 'Withdraw a token',
    scopes: ['tokens:write'],
    params: IdParams,
    status: 204,
    refusals: ['not_found'],
  }),
};
