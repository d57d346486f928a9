import { checkName, checkPage, checkWhole, found } from '../checks.ts';
import type { Context } from '../context.ts';
import type { Actor, Core } from '../core.ts';
import { CoreError } from '../errors.ts';
import { checkGeofence } from '../geofence/shape.ts';
import { type GrantKeeper, replanAll } from '../grant/keeper.ts';
import { ownDoor, ownDoors, ownProperties } from '../grant/own-doors.ts';
import type { Door, Floor, Property } from '../model.ts';
import { holds, requireScope } from '../person/roles.ts';
import type { Transaction } from '../ports.ts';
import { checkDoorKind, checkSettings, USUAL_SETTINGS } from './settings.ts';
import { checkTimeZone } from './time-zone.ts';

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
    async listFloors(actor, propertyId, page) {
      requireScope(actor, 'estate:read');
      const filter = propertyId === undefined ? {} : { propertyId };
      return read((tx) => tx.floors.list(actor.organizationId, filter, checkPage(page)));
    },
    async addFloor(actor, input) {
      requireScope(actor, 'estate:write');
      const floor: Floor = {
        id: newId('floor'),
        organizationId: actor.organizationId,
        propertyId: input.propertyId,
        name: checkName('name', input.name),
        level: checkWhole('level', input.level, -100, 1000),
        createdAt: now(),
      };
      await write(async (tx, note) => {
        found('property', await tx.properties.get(actor.organizationId, input.propertyId));
        await tx.floors.insert(floor);
        await note({
          organizationId: actor.organizationId,
          type: 'estate.floor_added',
          propertyId: floor.propertyId,
          personId: actor.personId,
          detail: { floor_id: floor.id },
        });
      });
      return floor;
    },
    async getFloor(actor, id) {
      requireScope(actor, 'estate:read');
      return found('floor', await read((tx) => tx.floors.get(actor.organizationId, id)));
    },
    async removeFloor(actor, id, unchanged) {
      requireScope(actor, 'estate:write');
      await write(async (tx, note) => {
        const floor = found('floor', await tx.floors.get(actor.organizationId, id));
        unchanged?.(floor);
        if ((await tx.doors.list(actor.organizationId, { floorId: id }, one)).length > 0) {
          throw new CoreError('conflict', 'the floor still has doors: remove them first');
        }
        await requireUngranted(tx, actor.organizationId, id, 'floor');
        await tx.floors.remove(actor.organizationId, id);
        await note({
          organizationId: actor.organizationId,
          type: 'estate.floor_removed',
          propertyId: floor.propertyId,
          personId: actor.personId,
          detail: { floor_id: id },
        });
      });
    },
    async listDoors(actor, filter, page) {
      checkPage(page);
      if (seesAll(actor)) return read((tx) => tx.doors.list(actor.organizationId, filter, page));
      return read((tx) => ownDoors(tx, actor, filter, page));
    },
    async addDoor(actor, input) {
      requireScope(actor, 'estate:write');
      const door: Door = {
        id: newId('door'),
        organizationId: actor.organizationId,
        propertyId: input.propertyId,
        floorId: input.floorId,
        name: checkName('name', input.name, 40),
        lockId: null,
        kind: checkDoorKind(input.kind ?? 'guest'),
        createdAt: now(),
      };
      await write(async (tx, note) => {
        found('property', await tx.properties.get(actor.organizationId, input.propertyId));
        if (input.floorId !== null) {
          const floor = found('floor', await tx.floors.get(actor.organizationId, input.floorId));
          if (floor.propertyId !== input.propertyId) {
            throw new CoreError('invalid', 'the floor is in another property', { field: 'floor_id' });
          }
        }
        const same = { propertyId: door.propertyId, name: door.name };
        if ((await tx.doors.list(actor.organizationId, same, one)).length > 0) {
          throw new CoreError('conflict', `the property has a door ${door.name} already`, { field: 'name' });
        }
        await tx.doors.insert(door);
        await note({
          organizationId: actor.organizationId,
          type: 'door.added',
          propertyId: door.propertyId,
          doorId: door.id,
          personId: actor.personId,
        });
      });
      return door;
    },
    async getDoor(actor, id) {
      const all = seesAll(actor);
      return read(async (tx) => {
        const door = await tx.doors.get(actor.organizationId, id);
        return found('door', all ? door : await ownDoor(tx, actor, door));
      });
    },
    async changeDoor(actor, id, change, unchanged) {
      requireScope(actor, 'estate:write');
      const changed: Partial<Door> = change.kind === undefined ? {} : { kind: checkDoorKind(change.kind) };
      return write(async (tx, note) => {
        const door = found('door', await tx.doors.get(actor.organizationId, id));
        unchanged?.(door);
        await tx.doors.update(actor.organizationId, id, changed);
        const next = { ...door, ...changed };
        await note({
          organizationId: actor.organizationId,
          type: 'door.changed',
          propertyId: door.propertyId,
          doorId: id,
          personId: actor.personId,
          detail: { kind: next.kind },
        });
        return next;
      });
    },
    async removeDoor(actor, id, unchanged) {
      requireScope(actor, 'estate:write');
      await write(async (tx, note) => {
        const door = found('door', await tx.doors.get(actor.organizationId, id));
        unchanged?.(door);
        if (door.lockId !== null) throw new CoreError('conflict', 'the door has a lock: remove the lock first');
        await requireUngranted(tx, actor.organizationId, id, 'door');
        await tx.doors.remove(actor.organizationId, id);
        await note({
          organizationId: actor.organizationId,
          type: 'door.removed',
          propertyId: door.propertyId,
          doorId: id,
          personId: actor.personId,
        });
      });
    },
  };
}

/** Without `estate:read` everybody sees where his own grants open. @throws CoreError `not_permitted` without `access:use` too */
function seesAll(actor: Actor): boolean {
  if (holds(actor, 'estate:read')) return true;
  requireScope(actor, 'access:use');
  return false;
}

/** What an active grant names stays: who removes it would change what somebody was granted. @throws CoreError `conflict` */
async function requireUngranted(tx: Transaction, organizationId: string, id: string, noun: string): Promise<void> {
  if ((await tx.grants.reaching(organizationId, [id], one)).length > 0) {
    throw new CoreError('conflict', `active grants name the ${noun}: change or revoke them first`);
  }
}
