import type { Event, EventRemoval } from '@cardea/server-core';
import type * as api from '@cardea/wire-api';
import { time, timeOrNull } from './time.ts';

/** An event as the API shows it. */
export function event(row: Event): api.Event {
  return {
    id: row.id,
    type: row.type,
    property_id: row.propertyId,
    door_id: row.doorId,
    lock_id: row.lockId,
    gateway_id: row.gatewayId,
    person_id: row.personId,
    attempt_id: row.attemptId,
    lock_sequence: row.lockSequence,
    occurred_at: timeOrNull(row.occurredAt),
    received_at: time(row.receivedAt),
    detail: detailOf(row.detail),
  };
}

/** Retention as the API shows it. */
export function eventRetention(now: {
  readonly days: number | null;
  readonly removal: EventRemoval | null;
}): api.EventRetention {
  return {
    event_retention_days: now.days,
    removed: now.removal?.removed ?? 0,
    removed_received_before: timeOrNull(now.removal?.receivedBefore ?? null),
    last_removed_at: timeOrNull(now.removal?.lastAt ?? null),
  };
}

/** Details under the API's conventions: snake_case, and times (`..._at`, Unix milliseconds in the core) in RFC 3339. */
function detailOf(detail: Event['detail']): api.Event['detail'] {
  return Object.fromEntries(
    Object.entries(detail).map(([name, value]) => {
      const shown = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      return [shown, shown.endsWith('_at') && typeof value === 'number' ? time(value) : value];
    }),
  );
}
