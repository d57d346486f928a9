import {
  type Actor,
  type Attempt,
  type Core,
  CoreError,
  type Door,
  type NewStay,
  type PageRequest,
  type Property,
  type Stay,
} from '@cardea/server-core';

interface Table<T> {
  add(row: T): T;
  get(actor: Actor, key: string): T;
  list(actor: Actor, page: PageRequest, filter?: (row: T) => boolean): T[];
}

/** Stays and modes in maps. */
export function fakeStays(
  tables: { readonly stays: Table<Stay>; readonly doors: Table<Door>; readonly properties: Table<Property> },
  id: (prefix: string) => string,
  now: () => number,
  begin: (actor: Actor, operation: Attempt['operation'], doorId: string) => Attempt,
  calls: string[],
): Pick<Core, 'stays' | 'modes'> {
  const { stays, doors, properties } = tables;
  const reserve = (actor: Actor, input: NewStay): Stay => {
    if ('room' in input.rooms && input.rooms.room === '999') {
      throw new CoreError('invalid', 'there is no door 999', { field: 'room' });
    }
    return stays.add({
      id: id('stay'),
      organizationId: actor.organizationId,
      propertyId: 'prop_1',
      personId: 'per_1',
      doorIds: 'room' in input.rooms ? ['door_1'] : input.rooms.doorIds,
      fromAt: now(),
      toAt: now() + 86_400_000,
      state: 'reserved',
      source: 'desk',
      reference: null,
      checkedInAt: null,
      checkedOutAt: null,
      createdBy: actor.personId,
      createdAt: now(),
    });
  };
  const answer = (stay: Stay, change: Partial<Stay> = {}) => ({
    stay: stays.add({ ...stay, ...change }),
    grants: [],
    endings: [],
  });
  return {
    stays: {
      list: async (actor, filter, page) =>
        stays.list(actor, page, (row) => filter.state === undefined || row.state === filter.state),
      get: async (actor, key) => stays.get(actor, key),
      async reserve(actor, input) {
        calls.push('reserve');
        return reserve(actor, input);
      },
      async checkInNow(actor, input) {
        calls.push('checkInNow');
        return answer(reserve(actor, input), { state: 'checked_in', checkedInAt: now() });
      },
      checkIn: async (actor, key) => answer(stays.get(actor, key), { state: 'checked_in', checkedInAt: now() }),
      duplicate: async (actor, key) => answer(stays.get(actor, key)),
      extend: async (actor, key) => answer(stays.get(actor, key)),
      move: async (actor, key) => answer(stays.get(actor, key)),
      checkOut: async (actor, key) => answer(stays.get(actor, key), { state: 'checked_out', checkedOutAt: now() }),
      cancel: async (actor, key) => stays.add({ ...stays.get(actor, key), state: 'cancelled' }),
      async oneShot(actor, { propertyId }) {
        properties.get(actor, propertyId);
        throw new CoreError('invalid', 'not here', { field: 'within_hours' });
      },
      import: async (_, { dryRun }) => ({ dryRun, lines: [] }),
    },
    modes: {
      set: async (actor, doorId, mode) => begin(actor, `set_${mode}`, doors.get(actor, doorId).id),
      async setAll(actor, propertyId) {
        properties.get(actor, propertyId);
        return [];
      },
      async list(actor, propertyId) {
        properties.get(actor, propertyId);
        return [];
      },
      override: async (actor, doorId) => begin(actor, 'override', doors.get(actor, doorId).id),
    },
  };
}
