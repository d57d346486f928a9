import {
  type Actor,
  type Core,
  CoreError,
  type Door,
  type Grant,
  type PageRequest,
  type Schedule,
} from '@cardea/server-core';

interface Table<T> {
  add(row: T): T;
  get(actor: Actor, key: string): T;
  list(actor: Actor, page: PageRequest, filter?: (row: T) => boolean): T[];
  remove(actor: Actor, key: string, unchanged?: (row: T) => void): void;
}

/** Grants and schedules in maps. */
export function fakeGrants(
  tables: {
    readonly grants: Table<Grant>;
    readonly doors: Pick<Table<Door>, 'get'>;
    readonly schedules: Table<Schedule>;
  },
  id: (prefix: string) => string,
  now: () => number,
): Pick<Core, 'grants' | 'schedules'> {
  const { grants, doors, schedules } = tables;
  return {
    grants: {
      async create(actor, draft) {
        const grant: Grant = {
          id: id('grant'),
          organizationId: actor.organizationId,
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
          createdBy: actor.personId,
          createdAt: now(),
          version: 1,
          ...draft,
        };
        return { grant: grants.add(grant), notices: [] };
      },
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
        const before = grants.get(actor, key);
        unchanged?.(before);
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
        const before = schedules.get(actor, key);
        unchanged?.(before);
        return { schedule: schedules.add({ ...before, ...change, version: before.version + 1 }), notices: [] };
      },
      remove: async (actor, key, unchanged) => schedules.remove(actor, key, unchanged),
    },
  };
}
