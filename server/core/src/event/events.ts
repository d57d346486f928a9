import { checkPage } from '../checks.ts';
import type { Context } from '../context.ts';
import type { Actor, Core } from '../core.ts';
import type { Event } from '../model.ts';
import { holds, requireScope } from '../person/roles.ts';

/** What has happened, of the actor's organization. */
export function eventUseCases(context: Context, retentionDays: number | undefined): Core['events'] {
  return {
    async list(actor, { doorId, type }, page) {
      const filter: Partial<Event> = {
        ...ownOnly(actor),
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
      const { personId } = ownOnly(actor);
      return context.bus.follow(actor.organizationId, (event) => {
        if (personId === undefined || event.personId === personId) listener(event);
      });
    },
    followProofs(actor, listener) {
      const { personId } = ownOnly(actor);
      return personId === undefined ? context.proofs.follow(actor.organizationId, listener) : () => {};
    },
  };
}

/** Without `events:read` everybody sees what he did himself. @throws CoreError `not_permitted` without `access:use` too */
function ownOnly(actor: Actor): { readonly personId?: string } {
  if (holds(actor, 'events:read')) return {};
  requireScope(actor, 'access:use');
  return { personId: actor.personId };
}
