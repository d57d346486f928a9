import type { ExplainedWay, Explanation, Grant, GrantAnswer, GrantConditions, GrantScope } from '@cardea/server-core';
import type * as api from '@cardea/wire-api';
import { notice } from './schedule.ts';
import { time, timeOrNull } from './time.ts';

/** A grant as the API shows it. */
export function grant(row: Grant): api.Grant {
  return {
    id: row.id,
    person_id: row.personId,
    property_id: row.propertyId,
    scope: scope(row.scope),
    not_before: time(row.notBefore),
    not_after: timeOrNull(row.notAfter),
    schedule_id: row.scheduleId,
    conditions: conditions(row.conditions),
    operations: [...row.operations],
    methods: [...row.methods],
    uses: row.uses,
    used: row.used,
    first_used_at: timeOrNull(row.firstUsedAt),
    series: row.series,
    stay_id: row.stayId,
    source_grant_id: row.sourceGrantId,
    visitor_id: row.visitorId,
    state: row.state,
    revoked_at: timeOrNull(row.revokedAt),
    created_by: row.createdBy,
    created_at: time(row.createdAt),
    version: row.version,
  };
}

/** A grant that was made or changed, with what the clocks do to its schedule. */
export function grantAnswer({ grant: row, notices }: GrantAnswer): api.GrantAnswer {
  return { ...grant(row), notices: notices.map(notice) };
}

/** An explanation as the API shows it. */
export function explanation(of: Explanation): api.Explanation {
  const { opensUntil, ...door } = of.door;
  return {
    person_id: of.personId,
    door_id: of.doorId,
    lock_id: of.lockId,
    operation: of.operation,
    at: time(of.at),
    time_zone: of.timeZone,
    from_afar: way(of.afar),
    at_the_door: { ...way(door), opens_until: timeOrNull(opensUntil) },
    clock_offset_s: of.clock?.clockOffsetS ?? null,
    last_proof_at: timeOrNull(of.provedAt),
  };
}

function way({ permitted, opens, by, grantId, against, rules }: ExplainedWay) {
  return { permitted, opens, by, grant_id: grantId, against, rules: rules.map((rule) => ({ ...rule })) };
}

function scope(of: GrantScope): api.GrantScope {
  switch (of.kind) {
    case 'doors':
      return { kind: 'doors', door_ids: [...of.doorIds] };
    case 'floor':
      return { kind: 'floor', floor_id: of.floorId };
    case 'property':
      return { kind: 'property', property_id: of.propertyId };
  }
}

function conditions({ geofence, secondPerson, firstUse }: GrantConditions): api.GrantConditions {
  return {
    geofence,
    second_person: secondPerson,
    first_use: firstUse === null ? null : { valid_for_s: firstUse.validForS },
  };
}
