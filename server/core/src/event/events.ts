import { checkPage } from '../checks.ts';
import type { Context } from '../context.ts';
import type { Actor, Core } from '../core.ts';
import type { Event } from '../model.ts';
import { holds, requireScope } from '../person/roles.ts';
import type { PageRequest, Transaction } from '../ports.ts';

/** What has happened, of the actor's organization. */
export function eventUseCases(context: Context, retentionDays: number | undefined): Core['events'] {
  return {
    async list(actor, { doorId, type, alertId }, page) {
      const filter: Partial<Event> = {
        ...ownOnly(actor),
        ...(doorId !== undefined && { doorId }),
        // Any text may be asked for; what is no type of event is found nowhere.
        ...(type !== undefined && { type: type as Event['type'] }),
      };
      checkPage(page);
      if (alertId === undefined) return context.read((tx) => tx.events.list(actor.organizationId, filter, page));
      requireScope(actor, 'events:read');
      return context.read((tx) => evidenceOf(tx, actor.organizationId, alertId, filter, page));
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

/** The events that an alert names, as far as they are kept: of one that was removed by its age nothing is left. */
async function evidenceOf(
  tx: Transaction,
  organizationId: string,
  alertId: string,
  filter: Partial<Event>,
  { after, limit, newestFirst = false }: PageRequest,
): Promise<readonly Event[]> {
  const evidence = (await tx.alerts.get(organizationId, alertId))?.evidence ?? [];
  const ids = newestFirst ? evidence.toSorted().toReversed() : evidence.toSorted();
  const rest = ids.filter((id) => after === undefined || (newestFirst ? id < after : id > after));
  const events: Event[] = [];
  for (const id of rest) {
    if (events.length === limit) break;
    events.push(...(await tx.events.list(organizationId, { ...filter, id }, { after: undefined, limit: 1 })));
  }
  return events;
}

/** Without `events:read` everybody sees what he did himself. @throws CoreError `not_permitted` without `access:use` too */
function ownOnly(actor: Actor): { readonly personId?: string } {
  if (holds(actor, 'events:read')) return {};
  requireScope(actor, 'access:use');
  return { personId: actor.personId };
}
