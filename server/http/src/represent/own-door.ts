import type { OwnDoor, OwnLock, Way } from '@cardea/server-core';
import type * as api from '@cardea/wire-api';
import { grant } from './grant.ts';
import { ending, grantMethod } from './key.ts';
import { timeOrNull } from './time.ts';

/** A door of one's own with everything that a screen shows of it. */
export function ownDoor(own: OwnDoor): api.OwnDoor {
  const { door, property, admits, span } = own;
  return {
    id: door.id,
    name: door.name,
    kind: door.kind,
    property: { id: property.id, name: property.name, time_zone: property.timeZone },
    admits,
    opens_from: timeOrNull(admits === 'later' && span !== null ? span.from : null),
    opens_until: timeOrNull(span?.until ?? null),
    from_afar: way(own.afar),
    at_the_door: { ...way(own.atDoor), opens_until: timeOrNull(own.atDoor.opensUntil) },
    grants: own.grants.map((row) => {
      const { id, not_before, not_after, schedule_id, conditions, operations, uses, used } = grant(row);
      const uses_left = uses === null ? null : Math.max(0, uses - used);
      return { id, not_before, not_after, schedule_id, conditions, operations, uses_left };
    }),
    methods: own.methods.map(grantMethod),
    ending: ending(own.ending),
    lock: own.lock && ownLock(own.lock),
  };
}

function way({ permitted, opens, against }: Way): Way {
  return { permitted, opens, against };
}

function ownLock({ report, mode, stale, staleReason }: OwnLock): api.OwnLock {
  const attributes = report?.attributes;
  return {
    bolt: attributes?.bolt ?? null,
    door: attributes?.door ?? null,
    battery_percent: attributes?.batteryPercent ?? null,
    tamper: attributes?.tamper ?? null,
    privacy: attributes?.privacy ?? null,
    proved_at: timeOrNull(report?.provedAt ?? null),
    mode: mode?.mode ?? null,
    mode_until: timeOrNull(mode?.untilAt ?? null),
    stale,
    stale_reason: staleReason,
  };
}
