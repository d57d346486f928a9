import type { AddedGateway, BodyOf, Gateway, GatewayEnrolment, GatewayRadio, QueryOf } from '@cardea/wire-api';
import { listing, type Noun } from '../listing.ts';
import type { RequestOptions, Transport } from '../transport.ts';

/** Gateways, through which locks are reached. */
export interface GatewaysClient {
  readonly gateways: Noun<Gateway, QueryOf<'GET /v1/gateways'>, BodyOf<'POST /v1/gateways'>, AddedGateway> & {
    /** What it hears, how its connections go, when it was away. */
    radio(id: string, options?: RequestOptions): Promise<GatewayRadio>;
    /** By the gateway itself: its one-time token becomes its account. */
    enrol(token: string, options?: RequestOptions): Promise<GatewayEnrolment>;
  };
}

/** {@link GatewaysClient} over a transport. */
export const gatewaysClient = ({ call }: Transport): GatewaysClient => ({
  gateways: {
    ...listing((query, more) => call('GET /v1/gateways', { query }, more)),
    get: (id, more) => call('GET /v1/gateways/{id}', { params: { id } }, more),
    radio: (id, more) => call('GET /v1/gateways/{id}/radio', { params: { id } }, more),
    add: (body, more) => call('POST /v1/gateways', { body }, more),
    remove: (id, more) => call('DELETE /v1/gateways/{id}', { params: { id } }, more),
    enrol: (token, more) => call('POST /v1/gateway-enrolments', { body: { token } }, more),
  },
});
