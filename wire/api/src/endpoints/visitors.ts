import { IdParams, pageQuery, strict } from '../common.ts';
import { endpoint } from '../endpoint.ts';
import { InvitedVisitor, NewVisitor, RevokedVisitor, VisitorPage } from '../visitor.ts';
import { adding, listing } from './usual.ts';

/** Whom residents let in for a time. */
export const visitorEndpoints = {
  'GET /v1/visitors': endpoint({
    ...listing,
    name: 'listVisitors',
    summary: 'List your own visitors',
    scopes: ['access:use'],
    query: strict(pageQuery),
    answer: VisitorPage,
  }),
  'POST /v1/visitors': endpoint({
    ...adding,
    name: 'inviteVisitor',
    summary: 'Let somebody through doors of your own, within your own right, for at most 30 days',
    scopes: ['access:use'],
    body: NewVisitor,
    answer: InvitedVisitor,
    refusals: ['invalid', 'not_found', 'precondition_failed', 'too_many', 'unavailable'],
  }),
  'POST /v1/visitors/{id}/revoke': endpoint({
    name: 'revokeVisitor',
    summary: 'Take back what a visitor was given: your own, or anybody’s with grants:write',
    scopes: ['grants:write', 'access:use'],
    idempotent: true,
    status: 200,
    params: IdParams,
    answer: RevokedVisitor,
    refusals: ['not_found'],
  }),
};
