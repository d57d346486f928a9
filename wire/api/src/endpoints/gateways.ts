import { IdParams, PageQuery } from '../common.ts';
import { endpoint } from '../endpoint.ts';
import {
  AddedGateway,
  EnrolGateway,
  Gateway,
  GatewayEnrolment,
  GatewayPage,
  GatewayRadio,
  NewGateway,
} from '../gateway.ts';
import { adding, listing, reading, removing } from './usual.ts';

/** Gateways and their enrolment. */
export const gatewayEndpoints = {
  'GET /v1/gateways': endpoint({
    ...listing,
    name: 'listGateways',
    summary: 'List gateways with their presence',
    scopes: ['estate:read'],
    query: PageQuery,
    answer: GatewayPage,
  }),
  'GET /v1/gateways/{id}': endpoint({
    ...reading,
    name: 'getGateway',
    summary: 'Show a gateway with its presence',
    scopes: ['estate:read'],
    answer: Gateway,
  }),
  'GET /v1/gateways/{id}/radio': endpoint({
    name: 'getGatewayRadio',
    summary: 'Show what a gateway hears, how its connections go, and when it was away',
    scopes: ['estate:read'],
    params: IdParams,
    status: 200,
    answer: GatewayRadio,
    refusals: ['not_found'],
  }),
  'POST /v1/gateways': endpoint({
    ...adding,
    name: 'addGateway',
    summary: 'Add a gateway; the answer has its one-time enrolment token',
    scopes: ['gateways:write'],
    body: NewGateway,
    answer: AddedGateway,
  }),
  'DELETE /v1/gateways/{id}': endpoint({
    ...removing,
    name: 'removeGateway',
    summary: 'Withdraw a gateway; its session ends at once',
    scopes: ['gateways:write'],
  }),
  'POST /v1/gateway-enrolments': endpoint({
    name: 'enrolGateway',
    summary: 'By the gateway itself: turn its one-time token into its account',
    access: 'public',
    body: EnrolGateway,
    status: 201,
    answer: GatewayEnrolment,
    refusals: ['gone', 'not_found', 'bad_credentials'],
  }),
};
