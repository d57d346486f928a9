import { checkName, checkPage, checkWhole, found } from '../checks.ts';
import type { Context } from '../context.ts';
import type { Core } from '../core.ts';
import { CoreError } from '../errors.ts';
import { type GrantKeeper, replanAll } from '../grant/keeper.ts';
import type { Event, Schedule } from '../model.ts';
import { requireScope } from '../person/roles.ts';
import type { Transaction } from '../ports.ts';
import { checkDays, checkSize, checkWeekly } from './checks.ts';
import { scheduleNotices } from './notices.ts';

/** Most schedules of one property; a lock counts them in two octets. */
const SCHEDULES_MOST = 1000;
const NUMBER_MOST = 0xffff;
const one = { after: undefined, limit: 1 } as const;

/** Schedules of a property; a change follows to every lock whose grants are read by it. */
export function scheduleUseCases(context: Context, keeper: GrantKeeper): Core['schedules'] {
  const { newId, now, read, write } = context;

  const withNotices = async (tx: Transaction, schedule: Schedule) => {
    const property = found('property', await tx.properties.get(schedule.organizationId, schedule.propertyId));
    return { schedule, notices: scheduleNotices(schedule, property.timeZone, now()) };
  };

  return {
    async list(actor, propertyId, page) {
      requireScope(actor, 'grants:read');
      const filter = propertyId === undefined ? {} : { propertyId };
      return read((tx) => tx.schedules.list(actor.organizationId, filter, checkPage(page)));
    },

    async get(actor, id) {
      requireScope(actor, 'grants:read');
      return found('schedule', await read((tx) => tx.schedules.get(actor.organizationId, id)));
    },

    async notices(actor, id) {
      requireScope(actor, 'grants:read');
      return read(async (tx) => {
        const schedule = found('schedule', await tx.schedules.get(actor.organizationId, id));
        return (await withNotices(tx, schedule)).notices;
      });
    },

    async add(actor, input) {
      requireScope(actor, 'grants:write');
      const terms = {
        name: checkName('name', input.name),
        weekly: checkWeekly(input.weekly),
        holidays: checkDays('holidays', input.holidays),
        exceptions: checkDays('exceptions', input.exceptions),
      };
      checkSize(terms);
      return write(async (tx, note) => {
        const { organizationId } = actor;
        found('property', await tx.properties.get(organizationId, input.propertyId));
        const held = { after: undefined, limit: SCHEDULES_MOST };
        const all = await tx.schedules.list(organizationId, { propertyId: input.propertyId }, held);
        if (all.length >= SCHEDULES_MOST) {
          throw new CoreError('too_many', `a property has at most ${SCHEDULES_MOST} schedules: remove one first`);
        }
        checkNameFree(all, terms.name);
        const schedule: Schedule = {
          id: newId('sch'),
          organizationId,
          propertyId: input.propertyId,
          number: checkWhole('number', await tx.schedules.nextNumber(input.propertyId), 1, NUMBER_MOST),
          ...terms,
          createdAt: now(),
          version: 1,
        };
        await tx.schedules.insert(schedule);
        await note(factOf(schedule, 'schedule.added', actor.personId));
        return withNotices(tx, schedule);
      });
    },

    async change(actor, id, change, unchanged) {
      requireScope(actor, 'grants:write');
      const { changed, lockIds } = await write(async (tx, note) => {
        const before = found('schedule', await tx.schedules.get(actor.organizationId, id));
        unchanged?.(before);
        const asked = { ...before, ...change };
        const terms = {
          name: checkName('name', asked.name),
          weekly: checkWeekly(asked.weekly),
          holidays: checkDays('holidays', asked.holidays),
          exceptions: checkDays('exceptions', asked.exceptions),
        };
        checkSize(terms);
        const held = { after: undefined, limit: SCHEDULES_MOST };
        const all = await tx.schedules.list(actor.organizationId, { propertyId: before.propertyId }, held);
        checkNameFree(
          all.filter((other) => other.id !== id),
          terms.name,
        );
        const schedule: Schedule = { ...before, ...terms, version: before.version + 1 };
        await tx.schedules.update(actor.organizationId, id, { ...terms, version: schedule.version });
        await note(factOf(schedule, 'schedule.changed', actor.personId));
        const lockIds = await replanAll(tx, note, keeper, actor.organizationId, { scheduleId: id });
        return { changed: await withNotices(tx, schedule), lockIds };
      });
      keeper.kick(lockIds);
      return changed;
    },

    async remove(actor, id, unchanged) {
      requireScope(actor, 'grants:write');
      await write(async (tx, note) => {
        const schedule = found('schedule', await tx.schedules.get(actor.organizationId, id));
        unchanged?.(schedule);
        const used = { scheduleId: id, state: 'active' } as const;
        if ((await tx.grants.list(actor.organizationId, used, one)).length > 0) {
          throw new CoreError('conflict', 'active grants are read by this schedule: change or revoke them first');
        }
        await tx.schedules.remove(actor.organizationId, id);
        await note(factOf(schedule, 'schedule.removed', actor.personId));
      });
    },
  };
}

function checkNameFree(others: readonly Schedule[], name: string): void {
  if (others.some((other) => other.name === name)) {
    throw new CoreError('conflict', `the property has a schedule ${name} already`, { field: 'name' });
  }
}

function factOf(schedule: Schedule, type: Event['type'], personId: string) {
  return {
    organizationId: schedule.organizationId,
    propertyId: schedule.propertyId,
    personId,
    type,
    detail: { schedule_id: schedule.id, version: schedule.version },
  };
}
