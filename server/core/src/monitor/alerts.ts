import { checkPage, found } from '../checks.ts';
import type { Context } from '../context.ts';
import type { Core } from '../core.ts';
import { requireScope } from '../person/roles.ts';

/** What the monitor has found, and who has seen to it. */
export function alertUseCases(context: Context): Core['alerts'] {
  return {
    async list(actor, filter, page) {
      requireScope(actor, 'events:read');
      return context.read((tx) => tx.alerts.list(actor.organizationId, filter, checkPage(page)));
    },
    async get(actor, id) {
      requireScope(actor, 'events:read');
      return found('alert', await context.read((tx) => tx.alerts.get(actor.organizationId, id)));
    },
    async acknowledge(actor, id) {
      requireScope(actor, 'alerts:write');
      return context.write(async (tx, note) => {
        const alert = found('alert', await tx.alerts.get(actor.organizationId, id));
        if (alert.state === 'acknowledged') return alert;
        const change = {
          state: 'acknowledged',
          acknowledgedAt: context.now(),
          acknowledgedBy: actor.personId,
        } as const;
        await tx.alerts.update(actor.organizationId, id, change);
        await note({
          organizationId: actor.organizationId,
          type: 'alert.acknowledged',
          personId: actor.personId,
          lockId: alert.lockId,
          doorId: alert.doorId,
          gatewayId: alert.gatewayId,
          detail: { alert_id: id, rule: alert.rule },
        });
        return { ...alert, ...change };
      });
    },
  };
}
