import type { Core, Geofence, PropertySettings } from '@cardea/server-core';
import type * as api from '@cardea/wire-api';
import { pageOf } from '../page.ts';
import { door, floor, floorDrawing, property } from '../represent/estate.ts';
import { type Route, route } from '../route.ts';

/** Properties, floors and doors. */
export function estateRoutes({ estate }: Core): readonly Route[] {
  return [
    route('GET /v1/properties', (actor, { query }) =>
      pageOf(query, (page) => estate.listProperties(actor, page), property),
    ),
    route('GET /v1/properties/{id}', async (actor, { params }) => property(await estate.getProperty(actor, params.id))),
    route('POST /v1/properties', async (actor, { body }) =>
      property(
        await estate.addProperty(actor, {
          name: body.name,
          timeZone: body.time_zone,
          region: body.region,
          geofence: fenceOf(body.geofence ?? null),
          ...settingsOf(body),
        }),
      ),
    ),
    route('PATCH /v1/properties/{id}', async (actor, { params, body, unchanged }) =>
      property(
        await estate.changeProperty(
          actor,
          params.id,
          {
            ...(body.name !== undefined && { name: body.name }),
            ...(body.geofence !== undefined && { geofence: fenceOf(body.geofence) }),
            ...settingsOf(body),
          },
          (now) => unchanged(property(now)),
        ),
      ),
    ),
    route('DELETE /v1/properties/{id}', async (actor, { params, unchanged }) => {
      await estate.removeProperty(actor, params.id, (now) => unchanged(property(now)));
      return undefined;
    }),

    route('GET /v1/floors', (actor, { query }) =>
      pageOf(query, (page) => estate.listFloors(actor, query.property_id, page), floor),
    ),
    route('GET /v1/floors/{id}', async (actor, { params }) => floor(await estate.getFloor(actor, params.id))),
    route('POST /v1/floors', async (actor, { body }) =>
      floor(await estate.addFloor(actor, { propertyId: body.property_id, name: body.name, level: body.level })),
    ),
    route('PATCH /v1/floors/{id}', async (actor, { params, body, unchanged }) =>
      floor(
        await estate.changeFloor(
          actor,
          params.id,
          {
            ...(body.name !== undefined && { name: body.name }),
            ...(body.level !== undefined && { level: body.level }),
          },
          (now) => unchanged(floor(now)),
        ),
      ),
    ),
    route('PUT /v1/floors/{id}/plan', async (actor, { params, body, unchanged }) => {
      const { width, height } = body;
      const doors = body.doors.map(({ door_id: doorId, x, y }) => ({ doorId, x, y }));
      return floor(await estate.drawPlan(actor, params.id, { width, height, doors }, (now) => unchanged(floor(now))));
    }),
    route('GET /v1/floors/{id}/drawing', async (actor, { params }) =>
      floorDrawing(params.id, await estate.getDrawing(actor, params.id)),
    ),
    route('PUT /v1/floors/{id}/drawing', async (actor, { params, body }) => {
      const octets = Buffer.from(body.data, 'base64');
      return floor(await estate.setDrawing(actor, params.id, { mediaType: body.media_type, octets }));
    }),
    route('DELETE /v1/floors/{id}/drawing', async (actor, { params }) => {
      await estate.removeDrawing(actor, params.id);
      return undefined;
    }),
    route('DELETE /v1/floors/{id}', async (actor, { params, unchanged }) => {
      await estate.removeFloor(actor, params.id, (now) => unchanged(floor(now)));
      return undefined;
    }),

    route('GET /v1/doors', (actor, { query }) => {
      const filter = {
        ...(query.property_id === undefined ? {} : { propertyId: query.property_id }),
        ...(query.floor_id === undefined ? {} : { floorId: query.floor_id }),
        ...(query.name === undefined ? {} : { name: query.name }),
      };
      return pageOf(query, (page) => estate.listDoors(actor, filter, page), door);
    }),
    route('GET /v1/doors/{id}', async (actor, { params }) => door(await estate.getDoor(actor, params.id))),
    route('POST /v1/doors', async (actor, { body }) =>
      door(
        await estate.addDoor(actor, {
          propertyId: body.property_id,
          floorId: body.floor_id ?? null,
          name: body.name,
          ...(body.kind !== undefined && { kind: body.kind }),
        }),
      ),
    ),
    route('PATCH /v1/doors/{id}', async (actor, { params, body, unchanged }) =>
      door(
        await estate.changeDoor(
          actor,
          params.id,
          {
            ...(body.name !== undefined && { name: body.name }),
            ...(body.floor_id !== undefined && { floorId: body.floor_id }),
            ...(body.kind !== undefined && { kind: body.kind }),
          },
          (now) => unchanged(door(now)),
        ),
      ),
    ),
    route('DELETE /v1/doors/{id}', async (actor, { params, unchanged }) => {
      await estate.removeDoor(actor, params.id, (now) => unchanged(door(now)));
      return undefined;
    }),
  ];
}

function fenceOf(fence: api.Geofence | null): Geofence | null {
  if (fence === null || 'polygon' in fence) return fence;
  return { latitude: fence.latitude, longitude: fence.longitude, radiusM: fence.radius_m };
}

function settingsOf(body: api.ChangeProperty): Partial<PropertySettings> {
  return {
    ...(body.check_in_time !== undefined && { checkInTime: body.check_in_time }),
    ...(body.check_out_time !== undefined && { checkOutTime: body.check_out_time }),
    ...(body.offline_lease_s !== undefined && { offlineLeaseS: body.offline_lease_s }),
    ...(body.visitors !== undefined && { visitors: body.visitors }),
  };
}
