import { Temporal } from 'temporal-polyfill';
import { found } from '../checks.ts';
import { CoreError } from '../errors.ts';
import type { Door, Property } from '../model.ts';
import type { Transaction } from '../ports.ts';
import type { Stay } from './model.ts';
import type { RoomInput } from './use-cases.ts';

/** Most rooms of one stay. */
const ROOMS_MOST = 20;
/** Most doors that guests of a property share. */
const COMMON_MOST = 1000;

/** The doors of these rooms. @throws CoreError `not_found`, `invalid` for none, and unless `any` will do, for what is no guest's room */
export async function roomsOf(
  tx: Transaction,
  property: Property,
  rooms: RoomInput,
  kinds: 'guest' | 'any' = 'guest',
): Promise<readonly Door[]> {
  const field = 'room' in rooms ? 'room' : 'door_ids';
  const doors = 'room' in rooms ? [await byName(tx, property, rooms.room)] : await byIds(tx, property, rooms.doorIds);
  const other = kinds === 'any' ? undefined : doors.find(({ kind }) => kind !== 'guest');
  if (other !== undefined) {
    throw new CoreError('invalid', `door ${other.name} is a ${other.kind} door and no guest's room`, { field });
  }
  return doors;
}

async function byName(tx: Transaction, { organizationId, id, name }: Property, room: string): Promise<Door> {
  const filter = { propertyId: id, name: room };
  const [door] = await tx.doors.list(organizationId, filter, { after: undefined, limit: 1 });
  if (door === undefined) throw new CoreError('invalid', `${name} has no door ${room}`, { field: 'room' });
  return door;
}

async function byIds(tx: Transaction, property: Property, ids: readonly string[]): Promise<readonly Door[]> {
  const unique = [...new Set(ids)].sort();
  if (unique.length === 0 || unique.length > ROOMS_MOST) {
    throw new CoreError('invalid', `a stay has 1 to ${ROOMS_MOST} rooms`, { field: 'door_ids' });
  }
  const doors: Door[] = [];
  for (const id of unique) {
    const door = await tx.doors.get(property.organizationId, id);
    doors.push(found('door', door?.propertyId === property.id ? door : undefined));
  }
  return doors;
}

/** The doors that every guest of a property may open. */
export async function commonDoors(tx: Transaction, { organizationId, propertyId }: Stay): Promise<readonly Door[]> {
  return tx.doors.list(organizationId, { propertyId, kind: 'common' }, { after: undefined, limit: COMMON_MOST });
}

/** A time with the rooms that are wanted for it. */
export interface Wish extends Pick<Stay, 'organizationId' | 'doorIds' | 'fromAt' | 'toAt'> {
  /** The stay that wants them, if it is on record. */
  readonly id: string | undefined;
}

/** Stays that hold one of the rooms at some moment of the time. */
export async function clashing(tx: Transaction, wish: Wish): Promise<readonly Stay[]> {
  const holding = await tx.stays.holding(wish.organizationId, wish.doorIds);
  return holding.filter((one) => one.id !== wish.id && one.fromAt < wish.toAt && wish.fromAt < one.toAt);
}

/** @throws CoreError `conflict` when one of the rooms is taken at some moment of the time */
export async function requireFree(tx: Transaction, property: Property, wish: Wish): Promise<void> {
  const [taken] = await clashing(tx, wish);
  if (taken === undefined) return;
  const doorId = taken.doorIds.find((id) => wish.doorIds.includes(id)) ?? '';
  const door = await tx.doors.get(wish.organizationId, doorId);
  const [from, to] = [taken.fromAt, taken.toAt].map((ms) => localText(ms, property.timeZone));
  throw new CoreError('conflict', `room ${door?.name ?? doorId} is taken from ${from} to ${to} (${taken.id})`, {
    field: 'room',
  });
}

function localText(ms: number, timeZone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(ms)
    .toZonedDateTimeISO(timeZone)
    .toPlainDateTime()
    .toString({ smallestUnit: 'minute' })
    .replace('T', ' ');
}
