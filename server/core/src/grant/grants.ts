import { checkPage, found } from '../checks.ts';
import type { Context } from '../context.ts';
import type { Actor, Core, GrantAnswer } from '../core.ts';
import type { Grant } from '../model.ts';
import { holds, requireScope } from '../person/roles.ts';
import type { Transaction } from '../ports.ts';
import { scheduleNotices } from '../schedule/notices.ts';
import type { GrantConstraint, GrantTerms } from './constraints.ts';
import { type GrantKeeper, grantOf, termsOf } from './keeper.ts';
import { targetsOfDoor } from './reach.ts';

/** Grants: who may open which doors, when and how. Everybody sees his own. */
export function grantUseCases(
  context: Context,
  keeper: GrantKeeper,
  explain: Core['grants']['explain'],
): Core['grants'] {
  const { read, write } = context;

  const answered = async (tx: Transaction, grant: Grant): Promise<GrantAnswer> => ({
    grant,
    notices: await noticesOf(tx, grant, context.now()),
  });

  return {
    explain,

    async create(actor, draft) {
      requireScope(actor, 'grants:write');
      const { answer, lockIds } = await write(async (tx, note) => {
        const { grant, lockIds } = await keeper.issue(tx, note, actor, draft);
        return { answer: await answered(tx, grant), lockIds };
      });
      keeper.kick(lockIds);
      return answer;
    },

    async get(actor, id) {
      return read(async (tx) => visible(actor, await tx.grants.get(actor.organizationId, id)));
    },

    async list(actor, filter, page) {
      checkPage(page);
      const own = holds(actor, 'grants:read') ? filter : { ...filter, personId: onlyOwn(actor, filter.personId) };
      const { doorId, ...rest } = own;
      return read(async (tx) => {
        if (doorId === undefined) return tx.grants.list(actor.organizationId, rest, page);
        // A door that the asker does not see reaches nothing, as one that is not there.
        const door = await tx.doors.get(actor.organizationId, doorId);
        if (door === undefined) return [];
        const targets = targetsOfDoor(door);
        if (rest.personId === undefined) return tx.grants.reaching(actor.organizationId, targets, page);
        const all = await tx.grants.ofPersonAt(actor.organizationId, rest.personId, targets);
        return all.filter(({ id }) => id > (page.after ?? '')).slice(0, page.limit);
      });
    },

    async change(actor, id, change, drop, unchanged) {
      requireScope(actor, 'grants:write');
      const { answer, lockIds } = await write(async (tx, note) => {
        const before = await grantOf(tx, actor.organizationId, id);
        unchanged?.(before);
        const wanted = dropped(before, change, drop);
        const { grant, lockIds } = await keeper.alter(tx, note, actor, before, wanted, drop);
        return { answer: await answered(tx, grant), lockIds };
      });
      keeper.kick(lockIds);
      return answer;
    },

    async revoke(actor, id, unchanged) {
      requireScope(actor, 'grants:write');
      const { grant, lockIds } = await write(async (tx, note) => {
        const before = await grantOf(tx, actor.organizationId, id);
        unchanged?.(before);
        return keeper.end(tx, note, actor, before);
      });
      keeper.kick(lockIds);
      return grant;
    },
  };
}

/** A change with what its `drop` names dropped, where the change itself says nothing of it. */
function dropped(before: Grant, change: Partial<GrantTerms>, drop: readonly GrantConstraint[]): Partial<GrantTerms> {
  const { conditions } = { ...termsOf(before), ...change };
  const out = (name: GrantConstraint): boolean => drop.includes(name);
  return {
    ...change,
    ...(out('not_after') && change.notAfter === undefined && { notAfter: null }),
    ...(out('schedule_id') && change.scheduleId === undefined && { scheduleId: null }),
    ...(out('uses') && change.uses === undefined && { uses: null }),
    conditions:
      change.conditions !== undefined
        ? conditions
        : {
            geofence: conditions.geofence && !out('geofence'),
            secondPerson: conditions.secondPerson && !out('second_person'),
            firstUse: out('first_use') ? null : conditions.firstUse,
          },
  };
}

/** What of a grant's schedule the clocks make shorter or longer, within its window. */
async function noticesOf(tx: Transaction, grant: Grant, now: number): Promise<GrantAnswer['notices']> {
  if (grant.scheduleId === null) return [];
  const schedule = await tx.schedules.get(grant.organizationId, grant.scheduleId);
  const property = await tx.properties.get(grant.organizationId, grant.propertyId);
  if (schedule === undefined || property === undefined) return [];
  return scheduleNotices(schedule, property.timeZone, now, grant);
}

/** @throws CoreError `not_permitted` for another's, or without `access:use` */
function onlyOwn(actor: Actor, personId: string | undefined): string {
  requireScope(actor, personId === undefined || personId === actor.personId ? 'access:use' : 'grants:read');
  return actor.personId;
}

/** A grant that the actor may see: all with `grants:read`, else his own. @throws CoreError `not_found`, `not_permitted` */
function visible(actor: Actor, grant: Grant | undefined): Grant {
  if (holds(actor, 'grants:read')) return found('grant', grant);
  requireScope(actor, 'access:use');
  return found('grant', grant?.personId === actor.personId ? grant : undefined);
}
