import type { Actor, Core } from '@cardea/server-core';
import { type BodyOf, type SimFaultName, simFaults } from '@cardea/wire-api';
import { HttpRefusal } from '../refusal.ts';
import { type Route, route } from '../route.ts';

/** The way to the virtual estate, on demo estates only. */
export interface SimPort {
  /** Makes a fault; `identifier` is the lock's, or for `gateway` the gateway's id. Resolves once it holds. @throws CoreError */
  apply(command: { readonly fault: SimFaultName; readonly identifier: string; readonly value: string }): Promise<void>;
}

/** Faults and presses of virtual locks and gateways. */
export function simRoutes(core: Core, sim: SimPort): readonly Route[] {
  return [
    route('POST /v1/sim/{fault}', async (actor, { params, body }) => {
      const { pattern, values } = simFaults[params.fault];
      if (!new RegExp(pattern).test(body.value)) {
        throw new HttpRefusal('invalid', `body.value of ${params.fault} is ${values}.`, { field: 'body.value' });
      }
      const identifier =
        params.fault === 'gateway' ? await gatewayOf(core, actor, body) : await identifierOf(core, actor, body);
      await sim.apply({ fault: params.fault, identifier, value: body.value });
      return undefined;
    }),
  ];
}

type Body = BodyOf<'POST /v1/sim/{fault}'>;

async function gatewayOf({ gateways }: Core, actor: Actor, { gateway_id, door_id, identifier }: Body): Promise<string> {
  if (gateway_id === undefined || door_id !== undefined || identifier !== undefined) {
    throw new HttpRefusal('invalid', 'body.gateway_id, and nothing else, names the gateway.', {
      field: 'body.gateway_id',
    });
  }
  return (await gateways.get(actor, gateway_id)).id;
}

async function identifierOf(core: Core, actor: Actor, { gateway_id, door_id, identifier }: Body): Promise<string> {
  if (gateway_id !== undefined || (door_id === undefined) === (identifier === undefined)) {
    throw new HttpRefusal('invalid', 'Either body.door_id or body.identifier names the lock.', {
      field: 'body.door_id',
    });
  }
  if (door_id === undefined) {
    const [lock] = await core.locks.list(actor, { identifier: identifier ?? '' }, { after: undefined, limit: 1 });
    if (lock === undefined) {
      throw new HttpRefusal('not_found', 'No lock of this identifier is known.', { field: 'body.identifier' });
    }
    return lock.identifier;
  }
  const door = await core.estate.getDoor(actor, door_id);
  if (door.lockId === null) {
    throw new HttpRefusal('conflict', 'The door has no lock yet: name the lock by body.identifier.', {
      field: 'body.door_id',
    });
  }
  return (await core.locks.get(actor, door.lockId)).identifier;
}
