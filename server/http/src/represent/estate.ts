import type { Door, Floor, Property } from '@cardea/server-core';
import type * as api from '@cardea/wire-api';
import { time } from './time.ts';

/** A property as the API shows it. */
export function property({ id, name, timeZone, region, geofence, createdAt }: Property): api.Property {
  return {
    id,
    name,
    time_zone: timeZone,
    region,
    geofence:
      geofence === null
        ? null
        : { latitude: geofence.latitude, longitude: geofence.longitude, radius_m: geofence.radiusM },
    created_at: time(createdAt),
  };
}

/** A floor as the API shows it. */
export function floor({ id, propertyId, name, level, createdAt }: Floor): api.Floor {
  return { id, property_id: propertyId, name, level, created_at: time(createdAt) };
}

/** A door as the API shows it. */
export function door({ id, propertyId, floorId, name, lockId, createdAt }: Door): api.Door {
  return { id, property_id: propertyId, floor_id: floorId, name, lock_id: lockId, created_at: time(createdAt) };
}
