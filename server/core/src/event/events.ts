import { checkPage } from '../checks.ts';
import type { Context } from '../context.ts';
import type { Actor, Core } from '../core.ts';
import type { Event } from '../model.ts';
import { holds, requireScope } from '../person/roles.ts';
import type { PageRequest, Transaction } from '../ports.ts';
import { ownEvent, ownEvents } from './own-sight.ts';

/** What has happened, of the actor's organization. */
export function eventUseCases(context: Context, retentionDays: number | undefined): Core['events'] {
  const { read, now, ports } = context;
  return {
    async list(actor, { doorId, type, alertId }, page) {
      const filter: { readonly doorId?: string; readonly type?: Event['type'] } = {
        ...(doorId !== undefined && { doorId }),
        // Any text may be asked for; what is no type of event is found nowhere.
        ...(type !== undefined && { type: type as Event['type'] }),
      };
      const all = seesAll(actor);
      checkPage(page);
      if (alertId !== undefined) {
        requireScope(actor, 'events:read');
        return read((tx) => evidenceOf(tx, actor.organizationId, alertId, filter, page));
      }
      return read((tx) =>
        all ? tx.events.list(actor.organizationId, filter, page) : ownEvents(tx, actor, filter, page, now()),
      );
    },
    async retention(actor) {
      requireScope(actor, 'events:read');
      const removal = await read((tx) => tx.removals.get(actor.organizationId));
      return { days: retentionDays ?? null, removal: removal ?? null };
    },
    follow(actor, listener) {
      if (seesAll(actor)) return context.bus.follow(actor.organizationId, listener);
      let followed = true;
      // In the order in which it happened, though one is looked at for longer than another.
      let tail: Promise<void> = Promise.resolve();
      const unfollow = context.bus.follow(actor.organizationId, (event) => {
        tail = tail
          .then(() => read((tx) => ownEvent(tx, actor, event, now())))
          .then((shown) => {
            if (followed && shown !== undefined) listener(shown);
          })
          .catch((error: unknown) => ports.log.error('an event was not told', { error: String(error) }));
      });
      return () => {
        followed = false;
        unfollow();
      };
    },
    followProofs(actor, listener) {
      return seesAll(actor) ? context.proofs.follow(actor.organizationId, listener) : () => {};
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

/** Without `events:read` everybody is told what is his own to know. @throws CoreError `not_permitted` without `access:use` too */
function seesAll(actor: Actor): boolean {
  if (holds(actor, 'events:read')) return true;
  requireScope(actor, 'access:use');
  return false;
}
