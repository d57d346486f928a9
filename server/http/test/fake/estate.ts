import { type Core, CoreError, type Door, type FloorDrawing, type Lock } from '@cardea/server-core';
import type { FakeWorld } from './world.ts';

const SETTINGS = { checkInTime: '15:00', checkOutTime: '11:00', offlineLeaseS: null, visitors: 'on' } as const;
const NEW_DOOR = { lockId: null, kind: 'guest', position: null } as const;

/** One property with one door and one lock, in the organization `org_a`. */
export function furnish({ id, now, properties, locks, doors }: FakeWorld): {
  readonly door: Door;
  readonly lock: Lock;
} {
  const own = { organizationId: 'org_a', createdAt: now() };
  const property = properties.add({
    id: id('prop'),
    name: 'Hotel',
    timeZone: 'Europe/Berlin',
    region: 'eu',
    geofence: null,
    ...SETTINGS,
    ...own,
  });
  const lock = locks.add({
    id: id('lock'),
    identifier: 'C0FFEE000001',
    maker: 'cardea',
    model: 'T1',
    serial: 'S-1',
    bluetooth: '5.0',
    state: 'bound',
    ...own,
  } as Lock);
  const place = { propertyId: property.id, floorId: null, name: '101' };
  const door = doors.add({ id: id('door'), ...NEW_DOOR, ...place, lockId: lock.id, ...own });
  return { door, lock };
}

/** Properties, floors with their plans and pictures, and doors. */
export function fakeEstate({ id, now, calls, properties, floors, doors }: FakeWorld): Pick<Core, 'estate'> {
  const drawings = new Map<string, FloorDrawing>();
  return {
    estate: {
      listProperties: async (actor, page) => properties.list(actor, page),
      getProperty: async (actor, key) => properties.get(actor, key),
      async addProperty({ organizationId }, input) {
        calls.push('addProperty');
        if (input.timeZone === 'Mars/Base') throw new CoreError('invalid', 'no such zone', { field: 'timeZone' });
        return properties.add({ id: id('prop'), organizationId, createdAt: now(), ...SETTINGS, ...input });
      },
      changeProperty: async (actor, key, change, unchanged) =>
        properties.add({ ...properties.open(actor, key, unchanged), ...change }),
      removeProperty: async (actor, key, unchanged) => properties.remove(actor, key, unchanged),
      listFloors: async (actor, propertyId, page) =>
        floors.list(actor, page, (row) => propertyId === undefined || row.propertyId === propertyId),
      getFloor: async (actor, key) => floors.get(actor, key),
      async addFloor(actor, input) {
        const { organizationId } = properties.get(actor, input.propertyId);
        return floors.add({ id: id('floor'), organizationId, plan: null, createdAt: now(), ...input });
      },
      changeFloor: async (actor, key, change, unchanged) =>
        floors.add({ ...floors.open(actor, key, unchanged), ...change }),
      async drawPlan(actor, key, { width, height }, unchanged) {
        const row = floors.open(actor, key, unchanged);
        return floors.add({ ...row, plan: { width, height, revision: (row.plan?.revision ?? 0) + 1 } });
      },
      getDrawing: async (actor, key) => drawings.get(floors.get(actor, key).id),
      async setDrawing(actor, key, { octets }) {
        const floor = floors.get(actor, key);
        const { organizationId } = floor;
        drawings.set(key, { floorId: key, organizationId, mediaType: 'image/png', octets, createdAt: now() });
        return floor;
      },
      removeDrawing: async (actor, key) => void drawings.delete(floors.get(actor, key).id),
      removeFloor: async (actor, key, unchanged) => floors.remove(actor, key, unchanged),
      listDoors: async (actor, filter, page) =>
        doors.list(actor, page, (row) => filter.name === undefined || row.name === filter.name),
      async addDoor(actor, input) {
        calls.push('addDoor');
        const { organizationId } = properties.get(actor, input.propertyId);
        return doors.add({ id: id('door'), organizationId, createdAt: now(), ...NEW_DOOR, ...input });
      },
      changeDoor: async (actor, key, change, unchanged) =>
        doors.add({ ...doors.open(actor, key, unchanged), ...change }),
      getDoor: async (actor, key) => doors.get(actor, key),
      removeDoor: async (actor, key, unchanged) => doors.remove(actor, key, unchanged),
    },
  };
}
