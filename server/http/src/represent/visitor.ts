import type { VisitorView } from '@cardea/server-core';
import type * as api from '@cardea/wire-api';
import { time, timeOrNull } from './time.ts';

/** A visitor as the host sees it. */
export function visitor({ visitor: row, doors, state, opensUntil }: VisitorView): api.Visitor {
  return {
    id: row.id,
    host_id: row.hostId,
    person_id: row.personId,
    property_id: row.propertyId,
    name: row.name,
    doors: doors.map(({ id, name }) => ({ id, name })),
    not_before: time(row.notBefore),
    not_after: time(row.notAfter),
    opens_until: time(opensUntil),
    state,
    revoked_at: timeOrNull(row.revokedAt),
    created_at: time(row.createdAt),
  };
}
