import { checkName, checkPage, found, LARGE_PAGE_LIMIT } from '../checks.ts';
import type { Context } from '../context.ts';
import type { Core } from '../core.ts';
import { CoreError } from '../errors.ts';
import type { GrantKeeper } from '../grant/keeper.ts';
import { ownDoor, ownDoors } from '../grant/own-doors.ts';
import type { Door } from '../model.ts';
import { requireScope } from '../person/roles.ts';
import type { Transaction } from '../ports.ts';
import { seesAll } from './sees-all.ts';
import { checkDoorKind } from './settings.ts';
import { requireUngranted } from './ungranted.ts';

/** Most characters of what is written on a door. */
const NAME_MOST = 40;

/** The doors of properties. */
export function doorUseCases(
  { newId, now, read, write }: Context,
  keeper: Pick<GrantKeeper, 'moved' | 'kick'>,
): Pick<Core['estate'], 'listDoors' | 'addDoor' | 'getDoor' | 'changeDoor' | 'removeDoor'> {
  return {
    async listDoors(actor, filter, page) {
      checkPage(page, LARGE_PAGE_LIMIT);
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
        name: checkName('name', input.name, NAME_MOST),
        lockId: null,
        kind: checkDoorKind(input.kind ?? 'guest'),
        position: null,
        createdAt: now(),
      };
      await write(async (tx, note) => {
        found('property', await tx.properties.get(actor.organizationId, input.propertyId));
        await requireFloor(tx, door);
        await requireFree(tx, door);
        await tx.doors.insert(door);
        await note({ ...factOf(door, actor.personId), type: 'door.added' });
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
      const asked: Partial<Door> = {
        ...(change.name !== undefined && { name: checkName('name', change.name, NAME_MOST) }),
        ...(change.floorId !== undefined && { floorId: change.floorId }),
        ...(change.kind !== undefined && { kind: checkDoorKind(change.kind) }),
      };
      const { door, lockIds } = await write(async (tx, note) => {
        const before = found('door', await tx.doors.get(actor.organizationId, id));
        unchanged?.(before);
        const moves = asked.floorId !== undefined && asked.floorId !== before.floorId;
        const door: Door = { ...before, ...asked, ...(moves && { position: null }) };
        if (moves) await requireFloor(tx, door);
        if (door.name !== before.name) await requireFree(tx, door);
        const { name, floorId, kind, position } = door;
        await tx.doors.update(actor.organizationId, id, { name, floorId, kind, position });
        const lockIds = moves ? await keeper.moved(tx, note, before, door) : [];
        await note({
          ...factOf(door, actor.personId),
          type: 'door.changed',
          detail: { name, kind, floor_id: floorId, ...(moves && { floor_id_before: before.floorId }) },
        });
        return { door, lockIds };
      });
      keeper.kick(lockIds);
      return door;
    },
    async removeDoor(actor, id, unchanged) {
      requireScope(actor, 'estate:write');
      await write(async (tx, note) => {
        const door = found('door', await tx.doors.get(actor.organizationId, id));
        unchanged?.(door);
        if (door.lockId !== null) throw new CoreError('conflict', 'the door has a lock: remove the lock first');
        await requireUngranted(tx, actor.organizationId, id, 'door');
        await tx.doors.remove(actor.organizationId, id);
        await note({ ...factOf(door, actor.personId), type: 'door.removed' });
      });
    },
  };
}

/** @throws CoreError `not_found`, or `invalid` when the door's floor is in another property */
async function requireFloor(tx: Transaction, { organizationId, floorId, propertyId }: Door): Promise<void> {
  if (floorId === null) return;
  const floor = found('floor', await tx.floors.get(organizationId, floorId));
  if (floor.propertyId === propertyId) return;
  throw new CoreError('invalid', 'the floor is in another property', { field: 'floor_id' });
}

/** @throws CoreError `conflict` when the property has a door of this name */
async function requireFree(tx: Transaction, { organizationId, propertyId, name }: Door): Promise<void> {
  const same = await tx.doors.list(organizationId, { propertyId, name }, { after: undefined, limit: 1 });
  if (same.length === 0) return;
  throw new CoreError('conflict', `the property has a door ${name} already`, { field: 'name' });
}

function factOf({ organizationId, propertyId, id: doorId }: Door, personId: string) {
  return { organizationId, propertyId, doorId, personId };
}
