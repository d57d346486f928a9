import { checkName, checkPage, found } from '../checks.ts';
import type { Context } from '../context.ts';
import type { Core } from '../core.ts';
import { CoreError } from '../errors.ts';
import { checkGeofence } from '../geofence/shape.ts';
import { type GrantKeeper, replanAll } from '../grant/keeper.ts';
import { ownProperties } from '../grant/own-doors.ts';
import type { Property } from '../model.ts';
import { requireScope } from '../person/roles.ts';
import { doorUseCases } from './doors.ts';
import { floorUseCases } from './floors.ts';
import { seesAll } from './sees-all.ts';
import { checkSettings, USUAL_SETTINGS } from './settings.ts';
import { checkTimeZone } from './time-zone.ts';
import { requireUngranted } from './ungranted.ts';

const one = { after: undefined, limit: 1 } as const;

/** Properties, floors and doors. */
export function estateUseCases(context: Context, keeper: GrantKeeper): Core['estate'] {
  const { newId, now, read, write } = context;
  return {
    async listProperties(actor, page) {
      checkPage(page);
      if (seesAll(actor)) return read((tx) => tx.properties.list(actor.organizationId, {}, page));
      const own = await read((tx) => ownProperties(tx, actor));
      return own.filter(({ id }) => id > (page.after ?? '')).slice(0, page.limit);
    },
    async addProperty(actor, input) {
      requireScope(actor, 'estate:write');
      const property: Property = {
        id: newId('prop'),
        organizationId: actor.organizationId,
        name: checkName('name', input.name),
        timeZone: checkTimeZone('time_zone', input.timeZone),
        region: checkName('region', input.region, 32),
        geofence: checkGeofence(input.geofence),
        ...USUAL_SETTINGS,
        ...checkSettings(input),
        createdAt: now(),
      };
      await write(async (tx, note) => {
        await tx.properties.insert(property);
        await note({
          organizationId: actor.organizationId,
          type: 'estate.property_added',
          propertyId: property.id,
          personId: actor.personId,
        });
      });
      return property;
    },
    async getProperty(actor, id) {
      if (seesAll(actor)) return found('property', await read((tx) => tx.properties.get(actor.organizationId, id)));
      const own = await read((tx) => ownProperties(tx, actor));
      return found(
        'property',
        own.find((property) => property.id === id),
      );
    },
    async changeProperty(actor, id, change, unchanged) {
      requireScope(actor, 'estate:write');
      const changed: Partial<Property> = {
        ...(change.name !== undefined && { name: checkName('name', change.name) }),
        ...(change.geofence !== undefined && { geofence: checkGeofence(change.geofence) }),
        ...checkSettings(change),
      };
      const { property, lockIds } = await write(async (tx, note) => {
        const before = found('property', await tx.properties.get(actor.organizationId, id));
        unchanged?.(before);
        await tx.properties.update(actor.organizationId, id, changed);
        await note({
          organizationId: actor.organizationId,
          type: 'estate.property_changed',
          propertyId: id,
          personId: actor.personId,
          detail: { changed: Object.keys(changed).join(' ') },
        });
        const property: Property = { ...before, ...changed };
        // Keys and PINs that were given end with the permission to give them; what comes back with it may be had again.
        const turned = (before.offlineLeaseS === null) !== (property.offlineLeaseS === null);
        const lockIds = turned ? await replanAll(tx, note, keeper, property.organizationId, { propertyId: id }) : [];
        return { property, lockIds };
      });
      keeper.kick(lockIds);
      return property;
    },
    async removeProperty(actor, id, unchanged) {
      requireScope(actor, 'estate:write');
      await write(async (tx, note) => {
        const property = found('property', await tx.properties.get(actor.organizationId, id));
        unchanged?.(property);
        for (const table of [tx.doors, tx.floors, tx.gateways]) {
          if ((await table.list(actor.organizationId, { propertyId: id }, one)).length > 0) {
            throw new CoreError('conflict', 'the property still has doors, floors or gateways: remove them first');
          }
        }
        if ((await tx.schedules.list(actor.organizationId, { propertyId: id }, one)).length > 0) {
          throw new CoreError('conflict', 'the property still has schedules: remove them first');
        }
        await requireUngranted(tx, actor.organizationId, id, 'property');
        await tx.properties.remove(actor.organizationId, id);
        await note({
          organizationId: actor.organizationId,
          type: 'estate.property_removed',
          propertyId: id,
          personId: actor.personId,
        });
      });
    },
    ...floorUseCases(context),
    ...doorUseCases(context, keeper),
  };
}
