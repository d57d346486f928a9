import { type Actor, type Core, CoreError, type Grant } from '@cardea/server-core';
import type { FakeWorld } from './world.ts';

/** A grant of the actor's own making, as it begins; `rest` names what it is for, and whatever else it has. */
export const grantOf = (
  { organizationId, personId }: Actor,
  createdAt: number,
  rest: Pick<Grant, 'id' | 'personId' | 'scope' | 'notBefore' | 'notAfter'> & Partial<Grant>,
): Grant => ({
  organizationId,
  propertyId: 'prop_1',
  scheduleId: null,
  conditions: { geofence: false, secondPerson: false, firstUse: null },
  operations: ['unlock', 'lock'],
  methods: ['mobile_key'],
  uses: null,
  used: 0,
  firstUsedAt: null,
  series: 1,
  stayId: null,
  sourceGrantId: null,
  visitorId: null,
  state: 'active',
  revokedAt: null,
  createdBy: personId,
  createdAt,
  version: 1,
  ...rest,
});

/** Grants and schedules in maps. */
export function fakeGrants({ id, now, grants, doors, schedules }: FakeWorld): Pick<Core, 'grants' | 'schedules'> {
  return {
    grants: {
      create: async (actor, draft) => ({
        grant: grants.add(grantOf(actor, now(), { id: id('grant'), ...draft })),
        notices: [],
      }),
      async explain(actor, doorId, { personId, at = now(), operation = 'unlock' }) {
        doors.get(actor, doorId);
        const rule = { rule: 'grant', passed: false, detail: 'no grant of this person reaches this door' } as const;
        const way = {
          permitted: false,
          opens: false,
          by: null,
          grantId: null,
          against: 'grant',
          rules: [rule],
        } as const;
        const what = { personId, doorId, lockId: 'lock_1', operation, at, timeZone: 'Europe/Berlin' };
        return { ...what, afar: way, door: { ...way, opensUntil: null }, clock: null, provedAt: null };
      },
      get: async (actor, key) => grants.get(actor, key),
      list: async (actor, filter, page) =>
        grants.list(actor, page, (row) => filter.personId === undefined || row.personId === filter.personId),
      async change(actor, key, change, drop, unchanged) {
        const before = grants.open(actor, key, unchanged);
        if (before.notAfter !== null && change.notAfter === null && !drop.includes('not_after')) {
          throw new CoreError('conflict', 'this drops the constraint not_after', { field: 'drop' });
        }
        return { grant: grants.add({ ...before, ...change, version: before.version + 1 }), notices: [] };
      },
      async revoke(actor, key) {
        return grants.add({ ...grants.get(actor, key), state: 'revoked', revokedAt: now() });
      },
    },
    schedules: {
      list: async (actor, propertyId, page) =>
        schedules.list(actor, page, (row) => propertyId === undefined || row.propertyId === propertyId),
      get: async (actor, key) => schedules.get(actor, key),
      notices: async () => [],
      async add(actor, input) {
        const row = { id: id('sch'), organizationId: actor.organizationId, number: 1, createdAt: now(), version: 1 };
        return { schedule: schedules.add({ ...row, ...input }), notices: [] };
      },
      async change(actor, key, change, unchanged) {
        const before = schedules.open(actor, key, unchanged);
        return { schedule: schedules.add({ ...before, ...change, version: before.version + 1 }), notices: [] };
      },
      remove: async (actor, key, unchanged) => schedules.remove(actor, key, unchanged),
    },
  };
}
