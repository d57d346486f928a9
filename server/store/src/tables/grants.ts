import type { Grant, GrantScope, GrantUse, Schedule, Transaction } from '@cardea/server-core';
import type { Connection } from '../connection.ts';
import { nounTable } from '../noun-table.ts';
import { slot, sql, statementCache } from '../statement.ts';

/** Grants, what they reach, and the schedules that they are read by. */
export function grantTables(connection: Connection): Pick<Transaction, 'grants' | 'grantUses' | 'schedules'> {
  const uses = nounTable<GrantUse>(connection, 'grant_use', { id: 'text', organizationId: 'text', grantId: 'text' });
  return {
    grantUses: { ...uses, all: () => uses.anywhere({}) },
    grants: grantTable(connection),
    schedules: scheduleTable(connection),
  };
}

/** What a scope names: the doors themselves, or the floor or property that reaches all of its doors. */
function targetsOf(scope: GrantScope): readonly string[] {
  switch (scope.kind) {
    case 'doors':
      return scope.doorIds;
    case 'floor':
      return [scope.floorId];
    case 'property':
      return [scope.propertyId];
  }
}

function grantTable(connection: Connection): Transaction['grants'] {
  const grants = nounTable<Grant>(connection, 'access_grant', {
    id: 'text',
    organizationId: 'text',
    personId: 'text',
    propertyId: 'text',
    scope: 'json',
    notBefore: 'integer',
    notAfter: 'integer',
    scheduleId: 'text',
    conditions: 'json',
    operations: 'json',
    methods: 'json',
    uses: 'integer',
    used: 'integer',
    firstUsedAt: 'integer',
    series: 'integer',
    stayId: 'text',
    sourceGrantId: 'text',
    visitorId: 'text',
    state: 'text',
    revokedAt: 'integer',
    createdBy: 'text',
    createdAt: 'integer',
    version: 'integer',
  });
  const { codec } = grants;
  const cached = statementCache();
  const limit = slot('limit') as number;

  const forget = cached('forget', () => sql.deleteFrom('grant_target').where('grant_id', '=', slot('grant_id')));
  const reach = cached('reach', () =>
    sql.insertInto('grant_target').values({
      grant_id: slot('grant_id'),
      organization_id: slot('organization_id'),
      person_id: slot('person_id'),
      target_id: slot('target_id'),
      live: slot('live'),
    }),
  );
  const settle = cached('settle', () =>
    sql
      .updateTable('grant_target')
      .set({ live: slot('live') })
      .where('grant_id', '=', slot('grant_id')),
  );
  const writeTargets = async (grant: Grant): Promise<void> => {
    await forget.run(connection, { grant_id: grant.id });
    for (const target of targetsOf(grant.scope)) {
      await reach.run(connection, {
        grant_id: grant.id,
        organization_id: grant.organizationId,
        person_id: grant.personId,
        target_id: target,
        live: grant.state === 'active' ? 1 : 0,
      });
    }
  };

  /**
   * Grants joined to what they reach; `targets` is how many of them are asked for. A grant names doors, a floor or a
   * property: of a door's own targets it reaches at most one, so that none comes twice.
   */
  const joined = (targets: number) =>
    sql
      .selectFrom('grant_target')
      .innerJoin('access_grant', 'access_grant.id', 'grant_target.grant_id')
      .selectAll('access_grant')
      .where('grant_target.organization_id', '=', slot('organization_id'))
      .where('grant_target.target_id', 'in', targetSlots(targets))
      .where('grant_target.live', '=', slot('live'));
  const atPerson = (targets: number) => joined(targets).where('grant_target.person_id', '=', slot('person_id'));
  const targetValues = (targets: readonly string[]) =>
    Object.fromEntries(targets.map((target, index) => [`target ${index}`, target]));

  return {
    ...grants,
    async insert(grant) {
      await grants.insert(grant);
      await writeTargets(grant);
    },
    async update(organizationId, id, change) {
      const known = await grants.update(organizationId, id, change);
      if (!known) return false;
      if (change.scope !== undefined || change.personId !== undefined) {
        const grant = await grants.get(organizationId, id);
        if (grant !== undefined) await writeTargets(grant);
      } else if (change.state !== undefined) {
        await settle.run(connection, { grant_id: id, live: change.state === 'active' ? 1 : 0 });
      }
      return true;
    },
    async ofPersonAt(organizationId, personId, targets) {
      if (targets.length === 0) return [];
      // First the index alone, then the few rows by their key: a join in order would sort each time.
      const query = cached(`of person ${targets.length}`, () =>
        sql
          .selectFrom('grant_target')
          .select('grant_id')
          .where('organization_id', '=', slot('organization_id'))
          .where('person_id', '=', slot('person_id'))
          .where('target_id', 'in', targetSlots(targets.length))
          .where('live', '=', slot('live')),
      );
      const values = { organization_id: organizationId, person_id: personId, live: 1, ...targetValues(targets) };
      const found: Grant[] = [];
      for (const row of await query.all(connection, values)) {
        const grant = await grants.get(organizationId, String(row.grant_id));
        if (grant !== undefined) found.push(grant);
      }
      return found.sort((a, b) => (a.id < b.id ? -1 : 1));
    },
    async formerOfPersonAt(organizationId, personId, targets, most) {
      if (targets.length === 0) return [];
      const query = cached(`former ${targets.length}`, () =>
        atPerson(targets.length).orderBy('access_grant.id', 'desc').limit(limit),
      );
      const who = { organization_id: organizationId, person_id: personId, live: 0, limit: most };
      return (await query.all(connection, { ...who, ...targetValues(targets) })).map(codec.decode);
    },
    async reaching(organizationId, targets, page) {
      if (targets.length === 0) return [];
      const query = cached(`reaching ${targets.length}`, () =>
        joined(targets.length)
          .where('grant_target.grant_id', '>', slot('after'))
          .orderBy('access_grant.id')
          .limit(limit),
      );
      const from = { organization_id: organizationId, live: 1, after: page.after ?? '', limit: page.limit };
      return (await query.all(connection, { ...from, ...targetValues(targets) })).map(codec.decode);
    },
    async endedBy(time, most) {
      const query = cached('ended', () =>
        sql
          .selectFrom('access_grant')
          .selectAll()
          .where('state', '=', slot('state'))
          .where('not_after', '<=', slot('time'))
          .orderBy('not_after')
          .limit(limit),
      );
      return (await query.all(connection, { state: 'active', time, limit: most })).map(codec.decode);
    },
    async nextEnd() {
      const query = cached('next end', () =>
        sql
          .selectFrom('access_grant')
          .select('not_after')
          .where('state', '=', slot('state'))
          .where('not_after', 'is not', null)
          .orderBy('not_after')
          .limit(limit),
      );
      const [row] = await query.all(connection, { state: 'active', limit: 1 });
      return row === undefined ? undefined : Number(row.not_after);
    },
  };
}

/** As many slots as there are targets. */
function targetSlots(count: number): unknown[] {
  return Array.from({ length: count }, (_, index) => slot(`target ${index}`));
}

function scheduleTable(connection: Connection): Transaction['schedules'] {
  const schedules = nounTable<Schedule>(connection, 'schedule', {
    id: 'text',
    organizationId: 'text',
    propertyId: 'text',
    name: 'text',
    number: 'integer',
    weekly: 'json',
    holidays: 'json',
    exceptions: 'json',
    createdAt: 'integer',
    version: 'integer',
  });
  const cached = statementCache();
  return {
    ...schedules,
    async nextNumber(propertyId) {
      const key = { property_id: propertyId };
      const read = cached('counter', () =>
        sql.selectFrom('schedule_counter').select('newest').where('property_id', '=', slot('property_id')),
      );
      const [row] = await read.all(connection, key);
      const number = Number(row?.newest ?? 0) + 1;
      const write = cached(row === undefined ? 'first' : 'next', () =>
        row === undefined
          ? sql.insertInto('schedule_counter').values({ property_id: slot('property_id'), newest: slot('newest') })
          : sql
              .updateTable('schedule_counter')
              .set({ newest: slot('newest') })
              .where('property_id', '=', slot('property_id')),
      );
      await write.run(connection, { ...key, newest: number });
      return number;
    },
  };
}
