import { Secret } from '@cardea/kit-runtime';
import type { Actor, Core, Visitor, VisitorView } from '@cardea/server-core';
import type { FakeWorld } from './world.ts';

/** Visitors in a map; who is invited without an address gets a link, who is revoked holds nothing. */
export function fakeVisitors({ id, now, visitors, doors }: FakeWorld): Pick<Core, 'visitors'> {
  const view = (actor: Actor, visitor: Visitor): VisitorView => ({
    id: visitor.id,
    visitor,
    doors: visitor.doorIds.map((doorId) => ({ id: doorId, name: doors.get(actor, doorId).name })),
    state: visitor.revokedAt === null ? 'active' : 'revoked',
    opensUntil: visitor.notAfter,
  });
  return {
    visitors: {
      async invite(actor, { name, address, doorIds, notBefore = now(), notAfter, pin = false }) {
        const [first = ''] = doorIds;
        const visitor = visitors.add({
          id: id('vis'),
          organizationId: actor.organizationId,
          hostId: actor.personId,
          personId: id('per'),
          propertyId: doors.get(actor, first).propertyId,
          name,
          doorIds,
          notBefore,
          notAfter,
          revokedAt: null,
          createdAt: now(),
        });
        return {
          ...view(actor, visitor),
          sent: address !== undefined,
          link: address === undefined ? new Secret('/phone/join#ver_1.code') : null,
          pin: pin ? new Secret('493817') : null,
        };
      },
      list: async (actor, page) => visitors.list(actor, page).map((visitor) => view(actor, visitor)),
      revoke: async (actor, key) => ({
        view: view(actor, { ...visitors.get(actor, key), revokedAt: now() }),
        methods: [],
      }),
    },
  };
}
