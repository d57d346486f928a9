import type { Door, Grant, Property } from '../model.ts';
import type { PageRequest, Transaction } from '../ports.ts';
import { GRANTS_OF_PERSON_MOST } from './checks.ts';
import { targetsOfDoor } from './reach.ts';

/** Whose doors are asked for. */
export interface Holder {
  readonly organizationId: string;
  readonly personId: string;
}

/** A page of the doors that a person's active grants reach, in the order of their ids. */
export async function ownDoors(
  tx: Transaction,
  holder: Holder,
  filter: { readonly propertyId?: string; readonly floorId?: string; readonly name?: string },
  page: PageRequest,
): Promise<readonly Door[]> {
  const { organizationId } = holder;
  const doors = new Map<string, Door>();
  const take = (door: Door | undefined): void => {
    if (door === undefined || door.id <= (page.after ?? '')) return;
    if (filter.propertyId !== undefined && door.propertyId !== filter.propertyId) return;
    if (filter.floorId !== undefined && door.floorId !== filter.floorId) return;
    if (filter.name === undefined || door.name === filter.name) doors.set(door.id, door);
  };
  for (const { scope } of await ownGrants(tx, holder)) {
    if (scope.kind === 'doors') {
      for (const id of scope.doorIds) take(await tx.doors.get(organizationId, id));
    } else {
      const level = scope.kind === 'floor' ? { floorId: scope.floorId } : { propertyId: scope.propertyId };
      for (const door of await tx.doors.list(organizationId, { ...filter, ...level }, page)) take(door);
    }
  }
  return [...doors.values()].sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, page.limit);
}

/** The door, if an active grant of the person reaches it. */
export async function ownDoor(tx: Transaction, holder: Holder, door: Door | undefined): Promise<Door | undefined> {
  if (door === undefined) return undefined;
  const grants = await tx.grants.ofPersonAt(holder.organizationId, holder.personId, targetsOfDoor(door));
  return grants.length > 0 ? door : undefined;
}

/** The properties in which a person has an active grant, in the order of their ids. */
export async function ownProperties(tx: Transaction, holder: Holder): Promise<readonly Property[]> {
  const ids = new Set((await ownGrants(tx, holder)).map(({ propertyId }) => propertyId));
  const properties: Property[] = [];
  for (const id of [...ids].sort()) {
    const property = await tx.properties.get(holder.organizationId, id);
    if (property !== undefined) properties.push(property);
  }
  return properties;
}

async function ownGrants(tx: Transaction, { organizationId, personId }: Holder): Promise<readonly Grant[]> {
  const all = { after: undefined, limit: GRANTS_OF_PERSON_MOST };
  return tx.grants.list(organizationId, { personId, state: 'active' }, all);
}
