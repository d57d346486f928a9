import Type, { type Static } from 'typebox';
import { Id, Name, nullable, page, pageQuery, strict, Time } from './common.ts';
import { AccessMethod, Grant } from './grant.ts';
import { Ending } from './method.ts';

/** `reserved` before the guest is there, `cancelled` when he never was. */
export const StayState = Type.Enum(['reserved', 'checked_in', 'checked_out', 'cancelled'], { title: 'StayState' });
export type StayState = Static<typeof StayState>;

/** Somebody has rooms for a time; what opens their doors are the grants of the stay. */
export const Stay = Type.Object(
  {
    id: Id,
    property_id: Id,
    person_id: Id,
    door_ids: Type.Array(Id),
    from: Time,
    to: Time,
    state: StayState,
    source: Type.Enum(['desk', 'csv', 'ical']),
    reference: nullable(Type.String({ description: 'By which whoever brought it knows it.' })),
    checked_in_at: nullable(Time),
    checked_out_at: nullable(Time),
    created_by: Id,
    created_at: Time,
  },
  { title: 'Stay' },
);
export type Stay = Static<typeof Stay>;

/** A page of stays. */
export const StayPage = page(Stay);

/** Query of GET /v1/stays. */
export const StayQuery = strict({
  ...pageQuery,
  property_id: Type.Optional(Id),
  person_id: Type.Optional(Id),
  door_id: Type.Optional(Id),
  state: Type.Optional(StayState),
});

/** A stay after a verb. */
export const StayAnswer = Type.Object(
  {
    stay: Stay,
    grants: Type.Array(Grant, { description: 'What opens its doors now.' }),
    endings: Type.Array(Type.Object({ door_id: Id, person_id: Id, grant_id: Id, ending: Ending }), {
      description: 'Of keys that ended by this: until when their persons can still open a door by what they hold.',
    }),
  },
  { title: 'StayAnswer' },
);
export type StayAnswer = Static<typeof StayAnswer>;

const Moment = Type.String({
  pattern: '^\\d{4}-\\d\\d-\\d\\d(T\\d\\d:\\d\\d(:\\d\\d(\\.\\d{1,9})?)?(Z|[+-]\\d\\d:\\d\\d)?)?$',
  description:
    "`2026-03-29` at the property's time of arriving or leaving, `2026-03-29T12:00` in its zone, or RFC 3339.",
});
const Room = Type.String({ minLength: 1, maxLength: 40, description: 'What is written on the door.' });
const DoorIds = Type.Array(Id, { minItems: 1, maxItems: 20 });
const Contact = Type.String({
  minLength: 3,
  maxLength: 254,
  description: 'E-mail address, or phone number with its country code.',
});
const Methods = Type.Array(AccessMethod, { minItems: 1, maxItems: 3 });

const rooms = { room: Type.Optional(Room), door_ids: Type.Optional(DoorIds) };
const guest = { name: Type.Optional(Name), contact: Type.Optional(Contact), person_id: Type.Optional(Id) };

/** Body of POST /v1/stays: `room` (or `door_ids`), `name` (or `person_id`) and `until` are enough. */
export const NewStay = strict({
  property_id: Type.Optional(Id),
  ...rooms,
  ...guest,
  from: Type.Optional(Moment),
  until: Moment,
  check_in: Type.Optional(Type.Boolean({ default: true, description: 'False: only reserves the rooms.' })),
  methods: Type.Optional(Methods),
  replace: Type.Optional(
    Type.Boolean({ default: false, description: 'Checks out whoever has the room for longer than now.' }),
  ),
});
export type NewStay = Static<typeof NewStay>;

/** Body of POST /v1/stays/{id}/check-in. */
export const CheckIn = strict({ methods: Type.Optional(Methods), replace: Type.Optional(Type.Boolean()) });

/** Body of POST /v1/stays/{id}/duplicate. */
export const DuplicateKey = strict(guest);

/** Body of POST /v1/stays/{id}/extend. */
export const ExtendStay = strict({ until: Moment });

/** Body of POST /v1/stays/{id}/move. */
export const MoveStay = strict(rooms);

/** Body of POST /v1/properties/{id}/one-shot. */
export const OneShot = strict({
  ...rooms,
  ...guest,
  within_hours: Type.Optional(Type.Integer({ minimum: 1, maximum: 168, default: 2 })),
  methods: Type.Optional(Methods),
});

/** Body of POST /v1/stays/import. */
export const ImportStays = strict({
  property_id: Type.Optional(Id),
  format: Type.Enum(['csv', 'ical']),
  file: Type.String({ minLength: 1, maxLength: 2_097_152, description: 'The text of the file.' }),
  dry_run: Type.Boolean({ description: 'True: tells what would be done, and does nothing.' }),
});

/** What became of a file of reservations, line by line. */
export const StayImport = Type.Object(
  {
    dry_run: Type.Boolean(),
    lines: Type.Array(
      Type.Object({
        line: Type.Integer({ minimum: 1 }),
        reference: nullable(Type.String()),
        result: Type.Enum(['added', 'changed', 'cancelled', 'unchanged', 'refused']),
        stay_id: nullable(Id),
        field: nullable(Type.String({ description: 'The column or property to mend.' })),
        message: nullable(Type.String()),
      }),
    ),
  },
  { title: 'StayImport' },
);
export type StayImport = Static<typeof StayImport>;
