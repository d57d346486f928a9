import Type, { type Static } from 'typebox';
import { Id, largePageQuery, Name, nullable, page, pageQuery, strict, Time, TimeZone } from './common.ts';

const place = {
  latitude: Type.Number({ minimum: -90, maximum: 90, description: 'Degrees north, WGS 84.' }),
  longitude: Type.Number({ minimum: -180, maximum: 180, description: 'Degrees east, WGS 84.' }),
};

/** A circle or a polygon on the ground inside which a phone counts as being at the property. */
export const Geofence = Type.Union(
  [
    strict({ ...place, radius_m: Type.Number({ minimum: 1, maximum: 100_000, description: 'Metres.' }) }),
    strict({
      polygon: Type.Array(strict(place), {
        minItems: 3,
        maxItems: 100,
        description: 'Corners in order; the last is joined to the first. Sides do not cross; at most 100 km across.',
      }),
    }),
  ],
  { title: 'Geofence' },
);
export type Geofence = Static<typeof Geofence>;

const TimeOfDay = Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$', description: 'Local time, `15:00`.' });

const settings = {
  check_in_time: TimeOfDay,
  check_out_time: TimeOfDay,
  visitors: Type.Enum(['on', 'off'], { description: 'Whether residents may let visitors in.' }),
  offline_lease_s: nullable(
    Type.Integer({
      minimum: 300,
      maximum: 2_678_400,
      description:
        'Longest that a lock decides without news from the server, seconds; null: every opening is decided here.',
    }),
  ),
};

/** What a door is for: a guest's own room, one that many guests share, or staff's. */
export const DoorKind = Type.Enum(['guest', 'common', 'staff'], { title: 'DoorKind' });
export type DoorKind = Static<typeof DoorKind>;

/** A building or a group of them under one time zone. */
export const Property = Type.Object(
  {
    id: Id,
    name: Name,
    time_zone: TimeZone,
    region: Type.String({ description: 'Where its data is kept.' }),
    geofence: nullable(Geofence),
    ...settings,
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
  check_in_time: Type.Optional(settings.check_in_time),
  check_out_time: Type.Optional(settings.check_out_time),
  offline_lease_s: Type.Optional(settings.offline_lease_s),
  visitors: Type.Optional(settings.visitors),
});
export type NewProperty = Static<typeof NewProperty>;

/** Body of PATCH /v1/properties/{id}: what is named changes, the rest stays. */
export const ChangeProperty = strict({
  name: Type.Optional(Name),
  geofence: Type.Optional(nullable(Geofence)),
  check_in_time: Type.Optional(settings.check_in_time),
  check_out_time: Type.Optional(settings.check_out_time),
  offline_lease_s: Type.Optional(settings.offline_lease_s),
  visitors: Type.Optional(settings.visitors),
});
export type ChangeProperty = Static<typeof ChangeProperty>;

const Level = Type.Integer({ minimum: -99, maximum: 999, description: '0 is the ground floor.' });

/** Most that a plan is wide or high. */
const PLAN_MOST = 10_000;
/** Most doors on one plan. */
const PLAN_DOORS_MOST = 2_000;

const Length = Type.Number({
  minimum: 1,
  maximum: PLAN_MOST,
  description: 'Metres; where nobody has measured, any unit, the same for both sides.',
});

const spot = {
  x: Type.Number({ minimum: 0, maximum: PLAN_MOST, description: 'From the left side, in the unit of the plan.' }),
  y: Type.Number({ minimum: 0, maximum: PLAN_MOST, description: 'From the upper side, in the unit of the plan.' }),
};

/** The rectangle in which the doors of a floor are drawn; `revision` counts how often it was. */
export const FloorPlan = Type.Object(
  { width: Length, height: Length, revision: Type.Integer({ minimum: 1 }) },
  { title: 'FloorPlan' },
);
export type FloorPlan = Static<typeof FloorPlan>;

/** Where a door is on the plan of its floor. */
export const PlanPosition = Type.Object(spot, { title: 'PlanPosition' });
export type PlanPosition = Static<typeof PlanPosition>;

/** A floor of a property. */
export const Floor = Type.Object(
  {
    id: Id,
    property_id: Id,
    name: Name,
    level: Type.Integer(),
    plan: nullable(FloorPlan),
    created_at: Time,
  },
  { title: 'Floor' },
);
export type Floor = Static<typeof Floor>;

/** Body of POST /v1/floors. */
export const NewFloor = strict({ property_id: Id, name: Name, level: Level });
export type NewFloor = Static<typeof NewFloor>;

/** Body of PATCH /v1/floors/{id}: what is named changes, the rest stays. */
export const ChangeFloor = strict({ name: Type.Optional(Name), level: Type.Optional(Level) });
export type ChangeFloor = Static<typeof ChangeFloor>;

/** Body of PUT /v1/floors/{id}/plan: the whole plan. Doors of the floor that it does not name are then nowhere on it. */
export const DrawFloorPlan = strict({
  width: Length,
  height: Length,
  doors: Type.Array(strict({ door_id: Id, ...spot }), {
    maxItems: PLAN_DOORS_MOST,
    description: 'Doors of this floor, each once.',
  }),
});
export type DrawFloorPlan = Static<typeof DrawFloorPlan>;

/** Formats of a drawing; none of them can hold a script. */
const DrawingType = Type.Enum(['image/png', 'image/jpeg', 'image/webp'], { title: 'DrawingType' });

/** 1 MiB in base64. */
const DRAWING_CHARACTERS_MOST = 1_398_104;

/** Body of PUT /v1/floors/{id}/drawing: a picture behind the plan. */
export const SetFloorDrawing = strict({
  media_type: DrawingType,
  data: Type.String({
    pattern: '^[A-Za-z0-9+/]+={0,2}$',
    maxLength: DRAWING_CHARACTERS_MOST,
    description: 'Base64 (RFC 4648, 4) of the file, which has at most 1 MiB.',
  }),
});
export type SetFloorDrawing = Static<typeof SetFloorDrawing>;

/** The picture behind the plan of a floor; null where there is none. */
export const FloorDrawing = Type.Object(
  {
    floor_id: Id,
    picture: nullable(Type.Object({ media_type: DrawingType, data: Type.String(), added_at: Time })),
  },
  { title: 'FloorDrawing' },
);
export type FloorDrawing = Static<typeof FloorDrawing>;

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
    kind: DoorKind,
    position: nullable(PlanPosition),
    created_at: Time,
  },
  { title: 'Door' },
);
export type Door = Static<typeof Door>;

/** Body of POST /v1/doors. */
export const NewDoor = strict({
  property_id: Id,
  floor_id: Type.Optional(nullable(Id)),
  name: Name,
  kind: Type.Optional(DoorKind),
});
export type NewDoor = Static<typeof NewDoor>;

/** Body of PATCH /v1/doors/{id}: what is named changes, the rest stays. On another floor the door is nowhere on its plan. */
export const ChangeDoor = strict({
  name: Type.Optional(Name),
  floor_id: Type.Optional(nullable(Id)),
  kind: Type.Optional(DoorKind),
});
export type ChangeDoor = Static<typeof ChangeDoor>;

/** Query of GET /v1/doors. */
export const DoorQuery = strict({
  ...largePageQuery,
  property_id: Type.Optional(Id),
  floor_id: Type.Optional(Id),
  name: Type.Optional(Name),
});

/** A page of properties. */
export const PropertyPage = page(Property);
/** A page of floors. */
export const FloorPage = page(Floor);
/** A page of doors. */
export const DoorPage = page(Door);
