import type { Actor, Core, Door, Grant, Lock, MethodView } from '@cardea/server-core';
import { grantOf } from './grants.ts';
import { lockViewOf } from './locks.ts';
import type { FakeWorld } from './world.ts';

/** `door` as everybody's own, by one grant that began now and lasts for an hour. */
export function fakeOwn(
  { now, properties, events }: FakeWorld,
  door: Door,
  lock: Lock,
  methods: Core['methods'],
): Pick<Core, 'own'> {
  const ownGrantOf = (actor: Actor): Grant =>
    grantOf(actor, now(), {
      id: 'grant_1',
      personId: actor.personId,
      propertyId: door.propertyId,
      scope: { kind: 'doors', doorIds: [door.id] },
      notBefore: now(),
      notAfter: now() + 3_600_000,
      operations: ['unlock'],
      uses: 3,
      used: 1,
      series: 2,
    });
  return {
    own: {
      events: async (actor, { type }, page) =>
        events.list(actor, page, (row) => type === undefined || row.type === type),
      notices: async (actor, page) => ({ events: events.list(actor, page), readUntil: now(), unread: 0 }),
      readNotices: async (_, until) => until,
      async doors(actor) {
        if (actor.organizationId !== door.organizationId) return [];
        const held: readonly MethodView[] = await methods.ofGrant(actor, 'grant_1').catch(() => []);
        return [
          {
            id: door.id,
            door,
            property: properties.get(actor, door.propertyId),
            admits: 'now',
            span: { from: now(), until: now() + 3_600_000 },
            grants: [ownGrantOf(actor)],
            afar: { permitted: true, opens: false, against: 'gateway' },
            atDoor: { permitted: true, opens: true, against: null, opensUntil: now() + 60_000 },
            methods: held,
            ending: { at: now() + 60_000, why: 'lease' },
            lock: lockViewOf(lock, door.id),
          },
        ];
      },
    },
  };
}
