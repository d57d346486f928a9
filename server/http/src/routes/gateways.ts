import { Secret } from '@cardea/kit-runtime';
import type { Core } from '@cardea/server-core';
import { pageOf } from '../page.ts';
import { gateway } from '../represent/gateway.ts';
import { publicRoute, type Route, route } from '../route.ts';

/** Where gateways find the XMPP door. */
export interface XmppAddress {
  readonly host: string;
  readonly port: number;
  readonly domain: string;
}

/** Gateways and their enrolment. The port of the XMPP door may be known only once it listens. */
export function gatewayRoutes({ gateways }: Core, xmppAddress: () => XmppAddress): readonly Route[] {
  return [
    route('GET /v1/gateways', (actor, { query }) => pageOf(query, (page) => gateways.list(actor, page), gateway)),
    route('GET /v1/gateways/{id}', async (actor, { params }) => gateway(await gateways.get(actor, params.id))),
    route('POST /v1/gateways', async (actor, { body }) => {
      const added = await gateways.add(actor, { propertyId: body.property_id, name: body.name });
      return {
        gateway: gateway({ ...added.gateway, online: false, queueLength: null }),
        enrolment_token: added.enrolmentToken.reveal(),
      };
    }),
    route('DELETE /v1/gateways/{id}', async (actor, { params, unchanged }) => {
      await gateways.remove(actor, params.id, (now) => unchanged(gateway(now)));
      return undefined;
    }),
    publicRoute('POST /v1/gateway-enrolments', async ({ body }) => {
      const enrolled = await gateways.enrol(new Secret(body.token));
      const { host, port, domain } = xmppAddress();
      return {
        gateway_id: enrolled.gateway.id,
        password: enrolled.password.reveal(),
        xmpp: { host, port, domain },
      };
    }),
  ];
}
