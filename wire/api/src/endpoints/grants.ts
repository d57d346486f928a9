import { IdParams } from '../common.ts';
import { endpoint } from '../endpoint.ts';
import {
  ChangeGrant,
  ExplainQuery,
  Explanation,
  Grant,
  GrantAnswer,
  GrantPage,
  GrantQuery,
  NewGrant,
} from '../grant.ts';
import { RevokedGrant } from '../method.ts';
import { adding, changing, listing, reading } from './usual.ts';

/** Grants: who may open which doors, when and how. */
export const grantEndpoints = {
  'GET /v1/grants': endpoint({
    ...listing,
    name: 'listGrants',
    summary: 'List grants; with `access:use` alone, your own',
    scopes: ['grants:read', 'access:use'],
    query: GrantQuery,
    answer: GrantPage,
  }),
  'GET /v1/grants/{id}': endpoint({
    ...reading,
    name: 'getGrant',
    summary: 'Show a grant',
    scopes: ['grants:read', 'access:use'],
    answer: Grant,
  }),
  'POST /v1/grants': endpoint({
    ...adding,
    name: 'createGrant',
    summary: 'Let a person open doors',
    scopes: ['grants:write'],
    body: NewGrant,
    answer: GrantAnswer,
    refusals: [...adding.refusals, 'too_many'],
  }),
  'PATCH /v1/grants/{id}': endpoint({
    ...changing,
    name: 'changeGrant',
    summary: 'Change or extend a grant; If-Match names what was read, `drop` every constraint that falls',
    scopes: ['grants:write'],
    ifMatchRequired: true,
    body: ChangeGrant,
    answer: GrantAnswer,
    refusals: [...changing.refusals, 'if_match_missing'],
  }),
  'POST /v1/grants/{id}/revoke': endpoint({
    name: 'revokeGrant',
    summary: 'Take a grant back; the answer says of each lock until when it can still be opened there',
    scopes: ['grants:write'],
    params: IdParams,
    idempotent: true,
    status: 200,
    answer: RevokedGrant,
    refusals: ['not_found'],
  }),
  'GET /v1/doors/{id}/explain': endpoint({
    name: 'explainDoor',
    summary: 'Say whether and why a person may open a door at a time: each rule, the clock offset, the last proof',
    scopes: ['grants:read', 'access:use'],
    params: IdParams,
    query: ExplainQuery,
    status: 200,
    answer: Explanation,
    refusals: ['invalid', 'not_found'],
  }),
};
