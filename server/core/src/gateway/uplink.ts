import type { Context } from '../context.ts';
import type { Core } from '../core.ts';
import { CoreError } from '../errors.ts';
import type { Links } from '../link/links.ts';
import type { Gateway } from '../model.ts';
import type { Connections } from './connections.ts';
import type { Presence } from './presence.ts';

/** What gateways tell. A gateway speaks for the locks of its own organization only, and none of its words is a proof. */
export function uplinkUseCases(
  context: Context,
  links: Links,
  presence: Presence,
  connections: Connections,
): Core['uplink'] {
  const here = new Map<string, Gateway>();

  const gone = async (gateway: Gateway, reason: string): Promise<void> => {
    for (const link of links.busyThrough(gateway.id)) await link.gatewayLeft(gateway.id);
    await context.write(async (tx, note) => {
      const lastSeenAt = context.now();
      await tx.gateways.update(gateway.organizationId, gateway.id, { lastSeenAt });
      await note({ ...factOf(gateway), type: 'gateway.offline', detail: { reason } });
    });
  };

  return {
    async verifier(gatewayId, hash) {
      return context.read(async (tx) => {
        // Both are asked for either way, so that the time does not say which gateways there are.
        const gateway = await tx.gateways.byId(gatewayId);
        const verifier = await tx.gateways.verifier(gatewayId, hash);
        return gateway?.state === 'enrolled' ? verifier : undefined;
      });
    },
    async online(gatewayId) {
      const gateway = await context.write(async (tx, note) => {
        const gateway = await tx.gateways.byId(gatewayId);
        if (gateway?.state !== 'enrolled') return undefined;
        await tx.gateways.update(gateway.organizationId, gatewayId, { lastSeenAt: context.now() });
        await note({ ...factOf(gateway), type: 'gateway.online' });
        return gateway;
      });
      if (gateway === undefined) throw new CoreError('not_found', 'there is no such gateway');
      here.set(gatewayId, gateway);
      presence.arrived(gateway);
      links.gatewayArrived(gateway.propertyId);
    },
    async received(gatewayId, message) {
      const gateway = here.get(gatewayId);
      if (gateway === undefined) throw new CoreError('not_found', 'this gateway has no session');
      const link = links.byIdentifier(gateway.organizationId, message.lock);
      if (link === undefined) {
        const known = await context.read((tx) => tx.locks.byIdentifier(gateway.organizationId, message.lock));
        // Only a lock that its organization knows is remembered: a gateway must not fill the memory with names. In the
        // same words whether another organization has it or none.
        if (known === undefined) throw new CoreError('not_found', 'there is no such lock');
        if (message.kind === 'sighting') presence.sighted(gatewayId, message.lock, message.rssiDbm);
        return;
      }
      if (message.kind === 'sighting') {
        presence.sighted(gatewayId, message.lock, message.rssiDbm);
        if (message.state !== null) await link.beacon(message.state);
        return;
      }
      if (message.kind === 'progress') {
        connections.progress(gatewayId, message);
        return link.progress(message);
      }
      // A message that a lock sent is a sighting too.
      presence.sighted(gatewayId, message.lock);
      return link.message(gatewayId, message.channel, message.octets);
    },
    lost(gatewayId, reason) {
      const gateway = here.get(gatewayId);
      if (gateway === undefined) return;
      const noted = context.write(async (_, note) => {
        await note({ ...factOf(gateway), type: 'gateway.connection_lost', detail: { reason } });
      });
      noted.catch((error: unknown) => {
        context.ports.log.error('a lost connection could not be recorded', { error: String(error) });
      });
    },
    offline(gatewayId, reason) {
      const gateway = here.get(gatewayId);
      here.delete(gatewayId);
      if (!presence.left(gatewayId) || gateway === undefined) return;
      gone(gateway, reason).catch((error: unknown) => {
        context.ports.log.error('a gateway that went offline could not be recorded', { error: String(error) });
      });
    },
  };
}

function factOf(gateway: Gateway) {
  return { organizationId: gateway.organizationId, propertyId: gateway.propertyId, gatewayId: gateway.id };
}
