import { found } from '../checks.ts';
import { CoreError } from '../errors.ts';
import type { Door, Grant, GrantScope } from '../model.ts';
import type { PageRequest, Transaction } from '../ports.ts';

/** Most doors of a property or floor that one look at a scope takes in. */
const DOORS_MOST = 1_000_000;

/** What a grant may name so that it reaches this door: the door, its floor, its property. */
export function targetsOfDoor(door: Door): readonly string[] {
  return door.floorId === null ? [door.id, door.propertyId] : [door.id, door.floorId, door.propertyId];
}

/** Whether a scope reaches the door. */
export function reaches(scope: GrantScope, door: Door): boolean {
  switch (scope.kind) {
    case 'doors':
      return scope.doorIds.includes(door.id);
    case 'floor':
      return scope.floorId === door.floorId;
    case 'property':
      return scope.propertyId === door.propertyId;
  }
}

/** The doors that a grant reaches now: all, or a page of them, which is empty only after the last. */
export async function doorsOf(
  tx: Transaction,
  { organizationId, scope }: Pick<Grant, 'organizationId' | 'scope'>,
  all: PageRequest = { after: undefined, limit: DOORS_MOST },
): Promise<readonly Door[]> {
  switch (scope.kind) {
    case 'doors': {
      const doors: Door[] = [];
      const from = all.after === undefined ? 0 : scope.doorIds.indexOf(all.after) + 1;
      for (const id of scope.doorIds.slice(from)) {
        if (doors.length === all.limit) break;
        const door = await tx.doors.get(organizationId, id);
        if (door !== undefined) doors.push(door);
      }
      return doors;
    }
    case 'floor':
      return tx.doors.list(organizationId, { floorId: scope.floorId }, all);
    case 'property':
      return tx.doors.list(organizationId, { propertyId: scope.propertyId }, all);
  }
}

/** The property in which all doors of a scope are. @throws CoreError `not_found`, `invalid` when there are several */
export async function propertyOf(tx: Transaction, organizationId: string, scope: GrantScope): Promise<string> {
  switch (scope.kind) {
    case 'property':
      return found('property', await tx.properties.get(organizationId, scope.propertyId)).id;
    case 'floor':
      return found('floor', await tx.floors.get(organizationId, scope.floorId)).propertyId;
    case 'doors': {
      let propertyId: string | undefined;
      for (const id of scope.doorIds) {
        const door = found('door', await tx.doors.get(organizationId, id));
        if (propertyId !== undefined && door.propertyId !== propertyId) {
          throw new CoreError('invalid', 'all doors of a grant are in one property', { field: 'scope.door_ids' });
        }
        propertyId = door.propertyId;
      }
      if (propertyId === undefined) {
        throw new CoreError('invalid', 'a grant names at least one door', { field: 'scope.door_ids' });
      }
      return propertyId;
    }
  }
}
