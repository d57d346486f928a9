import { checkName, checkPage, found } from '../checks.ts';
import type { Context } from '../context.ts';
import type { Actor, Core, GatewayView } from '../core.ts';
import { CoreError } from '../errors.ts';
import type { Gateway } from '../model.ts';
import { requireScope } from '../person/roles.ts';
import { bearerHash, newBearer } from '../person/tokens.ts';
import type { Connections } from './connections.ts';
import type { Presence } from './presence.ts';
import { radioUseCase } from './radio.ts';

/** How long a gateway's one-time token works. */
export const ENROLMENT_MS = 3_600_000;
/** PBKDF2 iterations (RFC 7677's least): the password has 256 random bits, slowness would add nothing. */
const SCRAM_ITERATIONS = 4096;
const SALT_OCTETS = 16;

/** Gateways: their accounts and what is known of them. `queueLength` counts the attempts that wait for one. */
export function gatewayUseCases(
  context: Context,
  presence: Presence,
  connections: Connections,
  queueLength: (gatewayId: string) => number,
): Core['gateways'] {
  const view = (gateway: Gateway): GatewayView => {
    const online = presence.isOnline(gateway.id);
    return {
      ...gateway,
      online,
      queueLength: online ? queueLength(gateway.id) : null,
      locksHeard: online ? presence.heardBy(gateway.id).length : null,
    };
  };
  const noteOf = (actor: Actor, gateway: Gateway, what: 'added' | 'removed') => ({
    organizationId: actor.organizationId,
    type: `gateway.${what}` as const,
    propertyId: gateway.propertyId,
    gatewayId: gateway.id,
    personId: actor.personId,
  });

  return {
    async list(actor, page) {
      requireScope(actor, 'estate:read');
      const all = await context.read((tx) => tx.gateways.list(actor.organizationId, {}, checkPage(page)));
      return all.map(view);
    },
    async get(actor, id) {
      requireScope(actor, 'estate:read');
      return view(found('gateway', await context.read((tx) => tx.gateways.get(actor.organizationId, id))));
    },
    radio: radioUseCase(context, presence, connections),
    async add(actor, input) {
      requireScope(actor, 'gateways:write');
      const gateway: Gateway = {
        id: context.newId('gw'),
        organizationId: actor.organizationId,
        propertyId: input.propertyId,
        name: checkName('name', input.name),
        state: 'enrolling',
        lastSeenAt: null,
        createdAt: context.now(),
      };
      const enrolmentToken = newBearer(context, 'ce');
      await context.write(async (tx, note) => {
        found('property', await tx.properties.get(actor.organizationId, input.propertyId));
        await tx.gateways.insert(gateway);
        await tx.gateways.setEnrolment(
          gateway.id,
          bearerHash(context, enrolmentToken) ?? '',
          context.now() + ENROLMENT_MS,
        );
        await note(noteOf(actor, gateway, 'added'));
      });
      return { gateway, enrolmentToken };
    },
    async remove(actor, id, unchanged) {
      requireScope(actor, 'gateways:write');
      await context.write(async (tx, note) => {
        const gateway = found('gateway', await tx.gateways.get(actor.organizationId, id));
        unchanged?.(view(gateway));
        await tx.gateways.remove(actor.organizationId, id);
        await note(noteOf(actor, gateway, 'removed'));
      });
      context.ports.uplink.disconnect(id);
      connections.forget(id);
    },
    async enrol(token) {
      const refused = new CoreError('gone', 'the enrolment token is unknown, used or older than an hour');
      const hash = bearerHash(context, token);
      if (hash === undefined) throw refused;
      // Derived before the unit, because a unit must not wait for anything but the store.
      const password = newBearer(context, 'ce');
      const salt = context.ports.random.octets(SALT_OCTETS);
      const { scram } = context.ports;
      const verifier = await scram.derive(password, salt, SCRAM_ITERATIONS);
      const legacy = await scram.deriveLegacy?.(password, salt, SCRAM_ITERATIONS);
      const gateway = await context.write(async (tx, note) => {
        const found = await tx.gateways.takeEnrolment(hash, context.now());
        if (found === undefined) return undefined;
        await tx.gateways.setVerifier(found.id, verifier);
        if (legacy !== undefined) await tx.gateways.setVerifier(found.id, legacy, 'sha1');
        await tx.gateways.update(found.organizationId, found.id, { state: 'enrolled' });
        await note({
          organizationId: found.organizationId,
          type: 'gateway.enrolled',
          propertyId: found.propertyId,
          gatewayId: found.id,
        });
        return { ...found, state: 'enrolled' as const };
      });
      if (gateway === undefined) throw refused;
      return { gateway, password };
    },
  };
}
