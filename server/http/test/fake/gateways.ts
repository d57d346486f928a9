import { Secret } from '@cardea/kit-runtime';
import { type Core, CoreError, type Gateway, type GatewayView } from '@cardea/server-core';
import { fakeRadio } from './insights.ts';
import type { FakeWorld } from './world.ts';

const viewOf = (row: Gateway): GatewayView => ({ ...row, online: false, queueLength: null, locksHeard: null });

/** Gateways that are never online; every one enrols by the token `enrol-me-once`. */
export function fakeGateways({ id, now, calls, gateways, properties }: FakeWorld): Pick<Core, 'gateways' | 'uplink'> {
  return {
    gateways: {
      list: async (actor, page) => gateways.list(actor, page).map(viewOf),
      radio: async (actor, key) => fakeRadio(gateways.get(actor, key).id),
      get: async (actor, key) => viewOf(gateways.get(actor, key)),
      async add(actor, input) {
        calls.push('addGateway');
        const { organizationId } = properties.get(actor, input.propertyId);
        const own = { id: id('gw'), organizationId, createdAt: now() };
        const gateway = gateways.add({ ...own, state: 'enrolling', lastSeenAt: null, ...input });
        return { gateway, enrolmentToken: new Secret('enrol-me-once') };
      },
      remove: async (actor, key, unchanged) => gateways.remove(actor, key, (row) => unchanged?.(viewOf(row))),
      async enrol(token) {
        const [gateway] = gateways.rows.values();
        if (gateway === undefined || token.reveal() !== 'enrol-me-once') throw new CoreError('gone', 'used or expired');
        return { gateway, password: new Secret('uplink-password') };
      },
    },
    uplink: {
      verifier: async () => undefined,
      online: async () => {},
      received: async () => {},
      lost: () => {},
      offline: () => {},
    },
  };
}
