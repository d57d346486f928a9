import type { Core } from '@cardea/server-core';
import { pageOf } from '../page.ts';
import { grantMethod } from '../represent/key.ts';
import { visitor } from '../represent/visitor.ts';
import { type Route, route } from '../route.ts';

/** Visitors of residents. */
export function visitorRoutes({ visitors }: Core): readonly Route[] {
  return [
    route('GET /v1/visitors', (actor, { query }) => pageOf(query, (page) => visitors.list(actor, page), visitor)),
    route('POST /v1/visitors', async (actor, { body }) => {
      const invited = await visitors.invite(actor, {
        name: body.name,
        address: body.address,
        doorIds: body.door_ids,
        notBefore: body.not_before === undefined ? undefined : Date.parse(body.not_before),
        notAfter: Date.parse(body.not_after),
        pin: body.pin,
      });
      return {
        visitor: visitor(invited),
        sent: invited.sent,
        link: invited.link?.reveal() ?? null,
        pin: invited.pin?.reveal() ?? null,
      };
    }),
    route('POST /v1/visitors/{id}/revoke', async (actor, { params }) => {
      const { view, methods } = await visitors.revoke(actor, params.id);
      return { visitor: visitor(view), at_locks: methods.map(grantMethod) };
    }),
  ];
}
