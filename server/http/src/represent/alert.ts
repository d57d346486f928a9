import type { Alert } from '@cardea/server-core';
import type * as api from '@cardea/wire-api';
import { time, timeOrNull } from './time.ts';

/** An alert as the API shows it. */
export function alert(row: Alert): api.Alert {
  return {
    id: row.id,
    rule: row.rule,
    subject_id: row.subjectId,
    property_id: row.propertyId,
    door_id: row.doorId,
    lock_id: row.lockId,
    gateway_id: row.gatewayId,
    person_id: row.personId,
    state: row.state,
    count: row.count,
    evidence: [...row.evidence],
    first_at: time(row.firstAt),
    last_at: time(row.lastAt),
    acknowledged_at: timeOrNull(row.acknowledgedAt),
    acknowledged_by: row.acknowledgedBy,
    created_at: time(row.createdAt),
  };
}
