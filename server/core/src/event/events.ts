import { checkPage } from '../checks.ts';
import type { Context } from '../context.ts';
import type { Core } from '../core.ts';
import type { Event } from '../model.ts';
import { requireScope } from '../person/roles.ts';

/** What has happened, of the actor's organization. */
export function eventUseCases(context: Context, retentionDays: number | undefined): Core['events'] {
  return {
    async list(actor, { doorId, type }, page) {
      requireScope(actor, 'events:read');
      const filter: Partial<Event> = {
        ...(doorId !== undefined && { doorId }),
        // Any text may be asked for; what is no type of event is found nowhere.
        ...(type !== undefined && { type: type as Event['type'] }),
      };
      return context.read((tx) => tx.events.list(actor.organizationId, filter, checkPage(page)));
    },
    async retention(actor) {
      requireScope(actor, 'events:read');
      const removal = await context.read((tx) => tx.removals.get(actor.organizationId));
      return { days: retentionDays ?? null, removal: removal ?? null };
    },
    follow(actor, listener) {
      requireScope(actor, 'events:read');
      return context.bus.follow(actor.organizationId, listener);
    },
  };
}
