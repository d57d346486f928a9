import { fromBase64 } from '@cardea/kit-octets';
import { Secret } from '@cardea/kit-runtime';
import { type Core, CoreError } from '@cardea/server-core';
import { pageOf } from '../page.ts';
import { gateway, gatewayRadio } from '../represent/gateway.ts';
import { publicRoute, type Route, route } from '../route.ts';

/** Where gateways find the XMPP door. */
export interface XmppAddress {
  readonly host: string;
  readonly port: number;
  readonly domain: string;
}

/** Issues gateways' certificates, by which they may sign in at the XMPP door. */
export interface GatewayCertificates {
  /** Whether whoever holds `token` also holds the private half of `publicKey` (P-256, 65 octets). */
  isProved(token: string, publicKey: Uint8Array, proof: Uint8Array): boolean;
  /** PEM. */
  issue(gatewayId: string, publicKey: Uint8Array): Promise<string>;
}

/** Gateways and their enrolment. The port of the XMPP door may be known only once it listens. */
export function gatewayRoutes(
  { gateways }: Core,
  xmppAddress: () => XmppAddress,
  certificates: GatewayCertificates | undefined,
): readonly Route[] {
  return [
    route('GET /v1/gateways', (actor, { query }) => pageOf(query, (page) => gateways.list(actor, page), gateway)),
    route('GET /v1/gateways/{id}', async (actor, { params }) => gateway(await gateways.get(actor, params.id))),
    route('GET /v1/gateways/{id}/radio', async (actor, { params }) =>
      gatewayRadio(await gateways.radio(actor, params.id)),
    ),
    route('POST /v1/gateways', async (actor, { body }) => {
      const added = await gateways.add(actor, { propertyId: body.property_id, name: body.name });
      return {
        gateway: gateway({ ...added.gateway, online: false, queueLength: null, locksHeard: null }),
        enrolment_token: added.enrolmentToken.reveal(),
      };
    }),
    route('DELETE /v1/gateways/{id}', async (actor, { params, unchanged }) => {
      await gateways.remove(actor, params.id, (now) => unchanged(gateway(now)));
      return undefined;
    }),
    publicRoute('POST /v1/gateway-enrolments', async ({ body }) => {
      const publicKey = body.public_key === undefined ? undefined : fromBase64(body.public_key);
      // Before the token is used up.
      const isProved =
        publicKey === undefined || certificates?.isProved(body.token, publicKey, fromBase64(body.proof ?? ''));
      if (isProved === false) throw new CoreError('invalid', 'proof: does not fit public_key and token');
      const enrolled = await gateways.enrol(new Secret(body.token));
      const { host, port, domain } = xmppAddress();
      return {
        gateway_id: enrolled.gateway.id,
        password: enrolled.password.reveal(),
        certificate: (publicKey && (await certificates?.issue(enrolled.gateway.id, publicKey))) ?? null,
        xmpp: { host, port, domain },
      };
    }),
  ];
}
