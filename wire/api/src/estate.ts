import Type, { type Static } from 'typebox';
import { Id, Name, nullable, page, pageQuery, strict, Time, TimeZone } from './common.ts';

/** A circle on the ground inside which a phone counts as being at the property. */
export const Geofence = Type.Object(
  {
    latitude: Type.Number({ minimum: -90, maximum: 90, description: 'Degrees north, WGS 84.' }),
    longitude: Type.Number({ minimum: -180, maximum: 180, description: 'Degrees east, WGS 84.' }),
    radius_m: Type.Number({ minimum: 1, maximum: 100_000, description: 'Metres.' }),
  },
  { additionalProperties: false, title: 'Geofence' },
);
export type Geofence = Static<typeof Geofence>;

/** A building or a group of them under one time zone. */
export const Property = Type.Object(
  {
    id: Id,
    name: Name,
    time_zone: TimeZone,
    region: Type.String({ description: 'Where its data is kept.' }),
    geofence: nullable(Geofence),
    created_at: Time,
  },
  { title: 'Property' },
);
export type Property = Static<typeof Property>;

/** Body of POST /v1/properties. */
export const NewProperty = strict({
  name: Name,
  time_zone: TimeZone,
  region: Type.String({ pattern: '^[a-z][a-z0-9-]{0,31}$', description: 'Such as `eu`.' }),
  geofence: Type.Optional(nullable(Geofence)),
});
export type NewProperty = Static<typeof NewProperty>;

/** A floor of a property. */
export const Floor = Type.Object(
  { id: Id, property_id: Id, name: Name, level: Type.Integer(), created_at: Time },
  { title: 'Floor' },
);
export type Floor = Static<typeof Floor>;

/** Body of POST /v1/floors. */
export const NewFloor = strict({
  property_id: Id,
  name: Name,
  level: Type.Integer({ minimum: -99, maximum: 999, description: '0 is the ground floor.' }),
});
export type NewFloor = Static<typeof NewFloor>;

/** Query of GET /v1/floors. */
export const FloorQuery = strict({ ...pageQuery, property_id: Type.Optional(Id) });

/** A door; `name` is what is written on it, unique in its property. */
export const Door = Type.Object(
  {
    id: Id,
    property_id: Id,
    floor_id: nullable(Id),
    name: Name,
    lock_id: nullable(Id),
    created_at: Time,
  },
  { title: 'Door' },
);
export type Door = Static<typeof Door>;

/** Body of POST /v1/doors. */
export const NewDoor = strict({ property_id: Id, floor_id: Type.Optional(nullable(Id)), name: Name });
export type NewDoor = Static<typeof NewDoor>;

/** Query of GET /v1/doors. */
export const DoorQuery = strict({ ...pageQuery, property_id: Type.Optional(Id), name: Type.Optional(Name) });

/** A page of properties. */
export const PropertyPage = page(Property);
/** A page of floors. */
export const FloorPage = page(Floor);
/** A page of doors. */
export const DoorPage = page(Door);
