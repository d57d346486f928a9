import Type, { type Static } from 'typebox';
import { Id, LockIdentifier, largePageQuery, nullable, page, strict, Time } from './common.ts';

/** Where a bolt is, as its lock says. */
export const Bolt = Type.Enum(['locked', 'unlocked', 'jammed']);
export type Bolt = Static<typeof Bolt>;

/** Whether a door stands open, as its lock's sensor says. */
export const DoorSensor = Type.Enum(['open', 'closed']);
export type DoorSensor = Static<typeof DoorSensor>;

/** State that a lock has reported under its own authentication; `proved_at` is when it was asked. */
export const LockReport = Type.Object(
  {
    bolt: Bolt,
    door: DoorSensor,
    battery_percent: Type.Integer({ minimum: 0, maximum: 100 }),
    tamper: Type.Boolean(),
    privacy: Type.Boolean(),
    clock: Type.Enum(['valid', 'uncertain', 'unset']),
    proved_at: Time,
    clock_offset_s: nullable(Type.Number({ description: "Lock's time less the server's, seconds." })),
    clock_error_s: nullable(Type.Number({ description: 'Bound of the error of the clock, seconds.' })),
  },
  { title: 'LockReport' },
);
export type LockReport = Static<typeof LockReport>;

/** `passage`: unlocked, and does not relock. `lockdown`: only an override opens. Leaving from inside always works. */
export const LockMode = Type.Enum(['normal', 'passage', 'lockdown'], { title: 'LockMode' });
export type LockMode = Static<typeof LockMode>;

/** A lock with what is last known of it. */
export const Lock = Type.Object(
  {
    id: Id,
    identifier: LockIdentifier,
    maker: Type.String(),
    suite: Type.Enum(['hardened', 'legacy'], {
      description: "Of the maker's protocol. `legacy` is weak: served only while legacy_profiles is on.",
    }),
    model: Type.String(),
    bluetooth: Type.Enum(['4.0', '4.1', '4.2', '5.0']),
    state: Type.Enum(['manifest', 'bound', 'withdrawn']),
    door_id: nullable(Id),
    gateway_id: nullable(Id),
    report: nullable(LockReport),
    mode: nullable(LockMode),
    mode_until: nullable(Time),
    stale: Type.Boolean({ description: 'True when the report cannot be taken as the present state.' }),
    stale_reason: nullable(Type.Enum(['never_proved', 'restored', 'gateway_offline', 'overdue'])),
    created_at: Time,
  },
  { title: 'Lock' },
);
export type Lock = Static<typeof Lock>;

/** A page of locks. */
export const LockPage = page(Lock);

/** Query of GET /v1/locks. */
export const LockQuery = strict({
  ...largePageQuery,
  identifier: Type.Optional(LockIdentifier),
  property_id: Type.Optional(Id),
});

/** Query of DELETE /v1/locks/{id}. */
export const RemoveLockQuery = strict({
  force: Type.Optional(
    Type.Boolean({
      default: false,
      description: 'Withdraws the lock without asking it: it still holds its key until it is reset at the lock.',
    }),
  ),
});

/** Body of POST /v1/manifests: the maker's signed document as it is; the server checks its signature. */
export const Manifest = Type.Object({}, { additionalProperties: true, title: 'Manifest' });
export type Manifest = Record<string, unknown>;

/** What came of a manifest: all of it or nothing was taken in. */
export const ManifestAnswer = Type.Object(
  { added: Type.Integer({ minimum: 0 }), known: Type.Integer({ minimum: 0 }) },
  { title: 'ManifestAnswer' },
);
export type ManifestAnswer = Static<typeof ManifestAnswer>;

/** Answer of the legitimacy check (seed 000): 0 legitimate, 1 not. */
export const Legitimacy = Type.Object(
  { status: Type.Enum([0, 1]), reason: nullable(Type.String()) },
  { title: 'Legitimacy' },
);
export type Legitimacy = Static<typeof Legitimacy>;

/** Parameters of a path that names a lock by its identifier. */
export const IdentifierParams = strict({ identifier: LockIdentifier });

/** Body of POST /v1/doors/{id}/enrol. */
export const EnrolLock = strict({ identifier: LockIdentifier });
export type EnrolLock = Static<typeof EnrolLock>;

/** Body of POST /v1/locks/{id}/set-time. */
export const SetTime = strict({
  step_back: Type.Optional(Type.Boolean({ default: false, description: 'Confirms a step of over 60 s back.' })),
});
export type SetTime = Static<typeof SetTime>;
