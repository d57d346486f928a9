import { Secret } from '@cardea/kit-runtime';
import type { LockPlace } from '@cardea/wire-profile';
import type { Context } from '../context.ts';
import type { Door, PropertyAccess } from '../model.ts';
import type { Transaction } from '../ports.ts';
import { EVERYTHING } from './rights.ts';

const HOTEL_ID_OCTETS = 16;
const SCALAR_OCTETS = 32;

/** What the locks of a property know of it, made the first time that it is asked for: its id and its grant key. */
export async function propertyAccess(
  context: Context,
  organizationId: string,
  propertyId: string,
): Promise<PropertyAccess> {
  const known = await context.read((tx) => tx.access.properties.get(organizationId, propertyId));
  if (known !== undefined) return known;
  const { scalar, publicKey } = await freshKey(context);
  return context.write(async (tx) => {
    const meanwhile = await tx.access.properties.get(organizationId, propertyId);
    if (meanwhile !== undefined) return meanwhile;
    const hotelId = context.ports.random.octets(HOTEL_ID_OCTETS);
    const row = { id: propertyId, organizationId, hotelId, grantKey: publicKey, levelGeneration: 0 };
    await tx.access.properties.insert(row);
    await tx.access.properties.setScalar(propertyId, scalar);
    return row;
  });
}

/** Where a door's lock is, in the numbers by which locks know it; they are given out once and stay. */
export async function placeOf(tx: Transaction, property: PropertyAccess, door: Door): Promise<LockPlace> {
  return {
    hotelId: property.hotelId,
    floor: door.floorId === null ? 0 : await placeNumber(tx, property, door.floorId),
    room: await placeNumber(tx, property, door.id),
    grantKey: property.grantKey,
  };
}

/** The number of a floor or a door, from 1 on. */
export async function placeNumber(tx: Transaction, property: PropertyAccess, id: string): Promise<number> {
  const { organizationId, id: propertyId } = property;
  const known = await tx.access.places.get(organizationId, id);
  if (known !== undefined) return known.number;
  const all = await tx.access.places.list(organizationId, { propertyId }, EVERYTHING);
  const number = all.reduce((most, one) => Math.max(most, one.number), 0) + 1;
  await tx.access.places.insert({ id, organizationId, propertyId, number });
  return number;
}

async function freshKey(context: Context): Promise<{ readonly scalar: Secret; readonly publicKey: Uint8Array }> {
  for (;;) {
    const scalar = new Secret(context.ports.random.octets(SCALAR_OCTETS));
    const publicKey = await context.ports.keys.publicKeyOf(scalar);
    // One in 2^32 is no scalar of the curve.
    if (publicKey !== undefined) return { scalar, publicKey };
  }
}
