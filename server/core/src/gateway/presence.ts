import type { Clock } from '@cardea/kit-runtime';

/** Which gateways have a session now, and who has seen which lock: in memory, told anew after every start. */
export interface Presence {
  readonly online: number;
  isOnline(gatewayId: string): boolean;
  arrived(gateway: PresentGateway): void;
  /** False when it was not there. */
  left(gatewayId: string): boolean;
  /** `rssiDbm` where the gateway told it; what was told last stays. */
  sighted(gatewayId: string, identifier: string, rssiDbm?: number): void;
  /** What a gateway that is online has heard; `at` by the monotonic clock. */
  heardBy(gatewayId: string): readonly Heard[];
  /** The property's gateways that are online. */
  ofProperty(propertyId: string): readonly string[];
  /**
   * The gateway to send through: of the organization's online ones the one that saw the lock last; when none has, one in
   * the lock's property, which will say for itself that the lock is out of range.
   */
  reach(organizationId: string, identifier: string, propertyId: string | undefined): string | undefined;
}

/** A lock as a gateway heard it last. */
export interface Heard {
  readonly identifier: string;
  readonly at: number;
  readonly rssiDbm: number | undefined;
}

/** What presence needs to know of a gateway. */
export interface PresentGateway {
  readonly id: string;
  readonly organizationId: string;
  readonly propertyId: string;
}

/** Nobody is present. */
export function createPresence(clock: Clock): Presence {
  const gateways = new Map<string, PresentGateway>();
  const byProperty = new Map<string, Set<string>>();
  const sightings = new Map<string, Map<string, Heard>>();
  /** What each gateway has seen, so that its leaving need not look at every lock. */
  const seenBy = new Map<string, Set<string>>();

  const forget = (gatewayId: string): void => {
    for (const identifier of seenBy.get(gatewayId) ?? []) {
      const seen = sightings.get(identifier);
      seen?.delete(gatewayId);
      if (seen?.size === 0) sightings.delete(identifier);
    }
    seenBy.delete(gatewayId);
  };

  return {
    get online() {
      return gateways.size;
    },
    isOnline: (gatewayId) => gateways.has(gatewayId),
    arrived(gateway) {
      gateways.set(gateway.id, gateway);
      const there = byProperty.get(gateway.propertyId) ?? new Set();
      byProperty.set(gateway.propertyId, there.add(gateway.id));
    },
    left(gatewayId) {
      forget(gatewayId);
      const gateway = gateways.get(gatewayId);
      if (gateway === undefined) return false;
      const there = byProperty.get(gateway.propertyId);
      there?.delete(gatewayId);
      if (there?.size === 0) byProperty.delete(gateway.propertyId);
      return gateways.delete(gatewayId);
    },
    sighted(gatewayId, identifier, rssiDbm) {
      const seen = sightings.get(identifier) ?? new Map<string, Heard>();
      const heard = { identifier, at: clock.monotonic(), rssiDbm: rssiDbm ?? seen.get(gatewayId)?.rssiDbm };
      sightings.set(identifier, seen.set(gatewayId, heard));
      const all = seenBy.get(gatewayId) ?? new Set();
      seenBy.set(gatewayId, all.add(identifier));
    },
    heardBy: (gatewayId) =>
      [...(seenBy.get(gatewayId) ?? [])].flatMap((identifier) => sightings.get(identifier)?.get(gatewayId) ?? []),
    ofProperty: (propertyId) => [...(byProperty.get(propertyId) ?? [])],
    reach(organizationId, identifier, propertyId) {
      let best: { readonly id: string; readonly at: number } | undefined;
      for (const [id, { at }] of sightings.get(identifier) ?? []) {
        const own = gateways.get(id)?.organizationId === organizationId;
        if (own && (best === undefined || at > best.at)) best = { id, at };
      }
      if (best !== undefined) return best.id;
      const there = propertyId === undefined ? [] : (byProperty.get(propertyId) ?? []);
      for (const id of there) if (gateways.get(id)?.organizationId === organizationId) return id;
      return undefined;
    },
  };
}
