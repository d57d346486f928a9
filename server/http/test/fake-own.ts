import type { Actor, Core, Door, Event, Grant, Lock, MethodView, PageRequest, Property } from '@cardea/server-core';

interface Rows<T> {
  get(actor: Actor, key: string): T;
}

/** One door of everybody's own, by one grant that began now and lasts for an hour. */
export function fakeOwn(
  {
    door,
    lock,
    properties,
    methods,
    events,
  }: {
    readonly events: { list(actor: Actor, page: PageRequest, filter?: (row: Event) => boolean): Event[] };
    readonly door: Door;
    readonly lock: Lock;
    readonly properties: Rows<Property>;
    readonly methods: Core['methods'];
  },
  now: () => number,
): Pick<Core, 'own'> {
  const grantOf = (actor: Actor): Grant => ({
    id: 'grant_1',
    organizationId: actor.organizationId,
    personId: actor.personId,
    propertyId: door.propertyId,
    scope: { kind: 'doors', doorIds: [door.id] },
    notBefore: now(),
    notAfter: now() + 3_600_000,
    scheduleId: null,
    conditions: { geofence: false, secondPerson: false, firstUse: null },
    operations: ['unlock'],
    methods: ['mobile_key'],
    uses: 3,
    used: 1,
    firstUsedAt: null,
    series: 2,
    stayId: null,
    sourceGrantId: null,
    visitorId: null,
    state: 'active',
    revokedAt: null,
    createdBy: actor.personId,
    createdAt: now(),
    version: 1,
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
            grants: [grantOf(actor)],
            afar: { permitted: true, opens: false, against: 'gateway' },
            atDoor: { permitted: true, opens: true, against: null, opensUntil: now() + 60_000 },
            methods: held,
            ending: { at: now() + 60_000, why: 'lease' },
            lock: {
              ...lock,
              suite: 'hardened',
              doorId: door.id,
              report: null,
              stale: true,
              staleReason: 'never_proved',
              gatewayId: null,
              mode: { mode: 'normal', untilAt: null, confirmedAt: null },
            },
          },
        ];
      },
    },
  };
}
