import type { Door, Floor, FloorDrawing, Geofence, Property } from '@cardea/server-core';
import type * as api from '@cardea/wire-api';
import { time } from './time.ts';

/** A property as the API shows it. */
export function property(row: Property): api.Property {
  const { id, name, timeZone, region, geofence, createdAt } = row;
  return {
    id,
    name,
    time_zone: timeZone,
    region,
    geofence: geofence === null ? null : fence(geofence),
    check_in_time: row.checkInTime,
    check_out_time: row.checkOutTime,
    offline_lease_s: row.offlineLeaseS,
    visitors: row.visitors,
    created_at: time(createdAt),
  };
}

/** A floor as the API shows it. */
export function floor({ id, propertyId, name, level, plan, createdAt }: Floor): api.Floor {
  return { id, property_id: propertyId, name, level, plan, created_at: time(createdAt) };
}

/** The picture behind the plan of a floor as the API shows it. */
export function floorDrawing(floorId: string, drawing: FloorDrawing | undefined): api.FloorDrawing {
  if (drawing === undefined) return { floor_id: floorId, picture: null };
  const { mediaType, octets, createdAt } = drawing;
  const data = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString('base64');
  return { floor_id: floorId, picture: { media_type: mediaType, data, added_at: time(createdAt) } };
}

/** A door as the API shows it. */
export function door(row: Door): api.Door {
  const { id, name, kind, position } = row;
  return {
    id,
    property_id: row.propertyId,
    floor_id: row.floorId,
    name,
    lock_id: row.lockId,
    kind,
    position,
    created_at: time(row.createdAt),
  };
}

function fence(geofence: Geofence): api.Geofence {
  if ('polygon' in geofence) return { polygon: [...geofence.polygon] };
  return { latitude: geofence.latitude, longitude: geofence.longitude, radius_m: geofence.radiusM };
}
