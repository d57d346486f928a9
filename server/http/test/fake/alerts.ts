import type { Core } from '@cardea/server-core';
import type { FakeWorld } from './world.ts';

/** Alerts, of which there are none until a test adds some. */
export function fakeAlerts({ now, calls, alerts }: FakeWorld): Pick<Core, 'alerts'> {
  return {
    alerts: {
      list: async (actor, { state }, page) =>
        alerts.list(actor, page, (row) => state === undefined || row.state === state),
      get: async (actor, key) => alerts.get(actor, key),
      async acknowledge(actor, key) {
        calls.push('acknowledge');
        const change = { state: 'acknowledged', acknowledgedAt: now(), acknowledgedBy: actor.personId } as const;
        return alerts.add({ ...alerts.get(actor, key), ...change });
      },
    },
  };
}
