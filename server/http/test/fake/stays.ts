import {
  type Actor,
  type Attempt,
  type Core,
  CoreError,
  type Lock,
  type NewStay,
  type Stay,
} from '@cardea/server-core';
import { begin } from './attempts.ts';
import type { FakeWorld } from './world.ts';

/** Stays in a map, and modes that begin at `lock`. */
export function fakeStays(world: FakeWorld, lock: Lock): Pick<Core, 'stays' | 'modes'> {
  const { id, now, calls, stays, doors, properties } = world;
  const beginAt = (actor: Actor, operation: Attempt['operation'], doorId: string): Attempt =>
    begin(world, actor, operation, lock.id, doors.get(actor, doorId).id);
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
      set: async (actor, doorId, mode) => beginAt(actor, `set_${mode}`, doorId),
      async setAll(actor, propertyId) {
        properties.get(actor, propertyId);
        return [];
      },
      async list(actor, propertyId) {
        properties.get(actor, propertyId);
        return [];
      },
      override: async (actor, doorId) => beginAt(actor, 'override', doorId),
    },
  };
}
