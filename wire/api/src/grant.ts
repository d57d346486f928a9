import Type, { type Static } from 'typebox';
import { Id, nullable, page, pageQuery, strict, Time, TimeZone } from './common.ts';
import { notices } from './schedule.ts';
import { waysOf } from './way.ts';

/** The doors that a grant reaches. */
export const GrantScope = Type.Union(
  [
    strict({ kind: Type.Literal('doors'), door_ids: Type.Array(Id, { minItems: 1, maxItems: 200 }) }),
    strict({ kind: Type.Literal('floor'), floor_id: Id }),
    strict({ kind: Type.Literal('property'), property_id: Id }),
  ],
  { title: 'GrantScope', description: 'Named doors of one property, or all doors of a floor or of a property.' },
);
export type GrantScope = Static<typeof GrantScope>;

/** What only the server can decide about an opening. */
export const GrantConditions = strict({
  geofence: Type.Boolean({ description: "The phone says that it is inside the property's geofence." }),
  second_person: Type.Boolean({ description: 'Another person who may open the door confirms within 60 s.' }),
  first_use: nullable(
    strict({
      valid_for_s: Type.Integer({ minimum: 60, maximum: 31_622_400, description: 'Seconds from the first opening.' }),
    }),
  ),
});
export type GrantConditions = Static<typeof GrantConditions>;

/** What a grant allows; `override` opens although privacy is on or the lock is in lockdown. */
export const GrantOperation = Type.Enum(['unlock', 'lock', 'override'], { title: 'GrantOperation' });
export type GrantOperation = Static<typeof GrantOperation>;

/** By what somebody opens at the door. */
export const AccessMethod = Type.Enum(['mobile_key', 'pin', 'card'], { title: 'AccessMethod' });
export type AccessMethod = Static<typeof AccessMethod>;

/** What narrows a grant: a change that drops one names it. */
export const GrantConstraint = Type.Enum(
  ['not_after', 'schedule_id', 'uses', 'geofence', 'second_person', 'first_use'],
  { title: 'GrantConstraint' },
);
export type GrantConstraint = Static<typeof GrantConstraint>;

const Uses = nullable(Type.Integer({ minimum: 1, maximum: 65_535, description: 'Openings in all; null: any number.' }));
const NotAfter = nullable(Type.String({ format: 'date-time', description: 'Whole seconds; null: until revoked.' }));

/** A person may open doors, in a window, by a schedule, under conditions. */
export const Grant = Type.Object(
  {
    id: Id,
    person_id: Id,
    property_id: Id,
    scope: GrantScope,
    not_before: Time,
    not_after: NotAfter,
    schedule_id: nullable(Id),
    conditions: GrantConditions,
    operations: Type.Array(GrantOperation),
    methods: Type.Array(AccessMethod),
    uses: Uses,
    used: Type.Integer({ minimum: 0 }),
    first_used_at: nullable(Time),
    series: Type.Integer({ minimum: 0, maximum: 255, description: 'Group of grants that are replaced together.' }),
    stay_id: nullable(Id),
    source_grant_id: nullable({
      ...Id,
      description: 'The grant from which its holder, who is `created_by`, has given this one on.',
    }),
    visitor_id: nullable(Id),
    state: Type.Enum(['active', 'revoked', 'ended']),
    revoked_at: nullable(Time),
    created_by: Id,
    created_at: Time,
    version: Type.Integer({ minimum: 1 }),
  },
  { title: 'Grant' },
);
export type Grant = Static<typeof Grant>;

/** A grant as it was made or changed, with what the clocks do to its schedule. */
export const GrantAnswer = Type.Object({ ...Grant.properties, ...notices }, { title: 'GrantAnswer' });
export type GrantAnswer = Static<typeof GrantAnswer>;

/** Body of POST /v1/grants. */
export const NewGrant = strict({
  person_id: Id,
  scope: GrantScope,
  not_before: Type.Optional(Type.String({ format: 'date-time', description: 'Now when left out.' })),
  not_after: Type.Optional(NotAfter),
  schedule_id: Type.Optional(nullable(Id)),
  conditions: Type.Optional(GrantConditions),
  operations: Type.Optional(Type.Array(GrantOperation, { minItems: 1, maxItems: 3 })),
  methods: Type.Optional(Type.Array(AccessMethod, { maxItems: 3 })),
  uses: Type.Optional(Uses),
  series: Type.Optional(Type.Integer({ minimum: 1, maximum: 255 })),
});
export type NewGrant = Static<typeof NewGrant>;

/** Body of PATCH /v1/grants/{id}: what is named changes, the rest stays. A constraint falls only by its name in `drop`. */
export const ChangeGrant = strict({
  scope: Type.Optional(GrantScope),
  not_before: Type.Optional(Type.String({ format: 'date-time' })),
  not_after: Type.Optional(NotAfter),
  schedule_id: Type.Optional(nullable(Id)),
  conditions: Type.Optional(GrantConditions),
  operations: Type.Optional(Type.Array(GrantOperation, { minItems: 1, maxItems: 3 })),
  methods: Type.Optional(Type.Array(AccessMethod, { maxItems: 3 })),
  uses: Type.Optional(Uses),
  drop: Type.Optional(Type.Array(GrantConstraint, { maxItems: 6 })),
});
export type ChangeGrant = Static<typeof ChangeGrant>;

/** Query of GET /v1/grants. */
export const GrantQuery = strict({
  ...pageQuery,
  person_id: Type.Optional(Id),
  property_id: Type.Optional(Id),
  door_id: Type.Optional(Id),
  stay_id: Type.Optional(Id),
  state: Type.Optional(Type.Enum(['active', 'revoked', 'ended'])),
});

/** A page of grants. */
export const GrantPage = page(Grant);

const ExplainedRule = Type.Object({
  rule: Type.Enum([
    'person',
    'role',
    'grant',
    'operation',
    'window',
    'schedule',
    'uses',
    'geofence',
    'first_use',
    'second_person',
    'method',
    'lock',
    'mode',
    'clock',
    'last_proof',
    'gateway',
  ]),
  passed: nullable(Type.Boolean({ description: 'Null: not asked.' })),
  detail: Type.String(),
});

const way = {
  permitted: Type.Boolean({ description: 'Whether the rules let the person.' }),
  opens: Type.Boolean({ description: 'Whether it would open as far as anybody knows.' }),
  by: nullable(Type.Enum(['role', 'grant'])),
  grant_id: nullable(Id),
  against: nullable(Type.String({ description: 'The first rule that stands against it.' })),
  rules: Type.Array(ExplainedRule),
};

/** Whether and why somebody may open a door at a moment. */
export const Explanation = Type.Object(
  {
    person_id: Id,
    door_id: Id,
    lock_id: nullable(Id),
    operation: GrantOperation,
    at: Time,
    time_zone: TimeZone,
    ...waysOf(way),
    clock_offset_s: nullable(Type.Number({ description: "Lock's time less the server's, seconds." })),
    last_proof_at: nullable(Time),
  },
  { title: 'Explanation' },
);
export type Explanation = Static<typeof Explanation>;

/** Query of GET /v1/doors/{id}/explain. */
export const ExplainQuery = strict({
  person: Id,
  at: Type.Optional(Type.String({ format: 'date-time', description: 'Now when left out.' })),
  operation: Type.Optional(GrantOperation),
});
