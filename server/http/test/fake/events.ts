import type { Actor, Core, Event, Proof } from '@cardea/server-core';
import type { FakeWorld } from './world.ts';

/** Listeners, each told of its own organization only. */
function createFollowers<T extends { readonly organizationId: string }>() {
  const all = new Set<{ readonly organizationId: string; listener(one: T): void }>();
  return {
    follow({ organizationId }: Actor, listener: (one: T) => void): () => void {
      const follower = { organizationId, listener };
      all.add(follower);
      return () => void all.delete(follower);
    },
    tell(one: T): void {
      for (const { organizationId, listener } of [...all]) if (organizationId === one.organizationId) listener(one);
    },
  };
}

/** Events, and the test's hand on them. */
export interface FakeEvents extends Pick<Core, 'events'> {
  /** Records an event and tells the followers. */
  happen(organizationId: string, type?: Event['type'], doorId?: string): Event;
  /** A lock of this organization has proved what was known of it. */
  prove(proof: Proof): void;
}

/** Events and proofs that a test makes happen. */
export function fakeEvents({ id, now, events }: FakeWorld): FakeEvents {
  const followers = createFollowers<Event>();
  const provers = createFollowers<Proof>();
  return {
    happen(organizationId, type = 'lock.unlocked', doorId) {
      const event = events.add({
        id: id('evt'),
        organizationId,
        propertyId: null,
        doorId: doorId ?? null,
        lockId: null,
        gatewayId: null,
        personId: null,
        attemptId: null,
        type,
        lockSequence: null,
        occurredAt: null,
        receivedAt: now(),
        detail: {},
      });
      followers.tell(event);
      return event;
    },
    prove: provers.tell,
    events: {
      list: async (actor, filter, page) =>
        events.list(
          actor,
          page,
          (row) =>
            (filter.doorId === undefined || row.doorId === filter.doorId) &&
            (filter.type === undefined || row.type === filter.type) &&
            filter.alertId === undefined,
        ),
      retention: async () => ({
        days: 365,
        removal: { organizationId: 'org_1', removed: 7, receivedBefore: 1, lastAt: 2 },
      }),
      follow: followers.follow,
      followProofs: provers.follow,
    },
  };
}
