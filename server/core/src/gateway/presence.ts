import type { Clock } from '@cardea/kit-runtime';

/** Which gateways have a session now, and who has seen which lock: in memory, told anew after every start. */
export interface Presence {
  readonly online: number;
  isOnline(gatewayId: string): boolean;
  arrived(gateway: PresentGateway): void;
  /** False when it was not there. */
  left(gatewayId: string): boolean;
  sighted(gatewayId: string, identifier: string): void;
  /** The property's gateways that are online. */
  ofProperty(propertyId: string): readonly string[];
  /**
   * The gateway to send through: of the organization's online ones the one that saw the lock last; when none has, one in
   * the lock's property, which will say for itself that the lock is out of range.
   */
  reach(organizationId: string, identifier: string, propertyId: string | undefined): string | undefined;
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
  const sightings = new Map<string, Map<string, number>>();
  return {
    get online() {
      return gateways.size;
    },
    isOnline: (gatewayId) => gateways.has(gatewayId),
    arrived(gateway) {
      gateways.set(gateway.id, gateway);
    },
    left(gatewayId) {
      for (const seen of sightings.values()) seen.delete(gatewayId);
      return gateways.delete(gatewayId);
    },
    sighted(gatewayId, identifier) {
      const seen = sightings.get(identifier) ?? new Map<string, number>();
      sightings.set(identifier, seen);
      seen.set(gatewayId, clock.monotonic());
    },
    ofProperty: (propertyId) =>
      [...gateways.values()].filter((one) => one.propertyId === propertyId).map(({ id }) => id),
    reach(organizationId, identifier, propertyId) {
      let best: { readonly id: string; readonly at: number } | undefined;
      for (const [id, at] of sightings.get(identifier) ?? []) {
        const own = gateways.get(id)?.organizationId === organizationId;
        if (own && (best === undefined || at > best.at)) best = { id, at };
      }
      if (best !== undefined) return best.id;
      for (const gateway of gateways.values()) {
        if (gateway.organizationId === organizationId && gateway.propertyId === propertyId) return gateway.id;
      }
      return undefined;
    },
  };
}
