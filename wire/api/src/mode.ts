import Type, { type Static } from 'typebox';
import { Attempt, Position } from './attempt.ts';
import { Id, nullable, page, strict, Time } from './common.ts';
import { LockMode } from './lock.ts';

const Until = nullable(
  Type.String({ format: 'date-time', description: 'When the lock ends it by its own clock; null: when it is told.' }),
);

/** Body of POST /v1/doors/{id}/mode. */
export const SetMode = strict({ mode: LockMode, until: Type.Optional(Until) });

/** Body of POST /v1/properties/{id}/lockdown. */
export const SetLockdown = strict({
  on: Type.Boolean({ description: 'False: back to the normal mode.' }),
  until: Type.Optional(Until),
});

/** What was begun at each door of a property. */
export const LockdownStarted = Type.Object(
  {
    doors: Type.Array(
      Type.Object({
        door_id: Id,
        attempt: nullable(Attempt),
        reason: nullable(
          Type.Enum(['confirmed', 'no_lock', 'too_many'], {
            description:
              'Why nothing was sent: the lock has confirmed it already, there is none, too much waits for it.',
          }),
        ),
      }),
    ),
  },
  { title: 'LockdownStarted' },
);
export type LockdownStarted = Static<typeof LockdownStarted>;

/** A door with the mode that its lock has confirmed; null: unknown since the record came back from a backup. */
export const DoorMode = Type.Object(
  {
    door_id: Id,
    has_lock: Type.Boolean(),
    mode: nullable(LockMode),
    until: Until,
    confirmed_at: nullable(Time),
    asked: nullable(
      Type.Object(
        { mode: LockMode, attempt: Attempt },
        { description: 'What the lock has not answered by a receipt.' },
      ),
    ),
  },
  { title: 'DoorMode' },
);
export type DoorMode = Static<typeof DoorMode>;

/** A page of doors with their modes. */
export const DoorModePage = page(DoorMode);

/** Body of POST /v1/doors/{id}/override. */
export const OverrideDoor = strict({
  reason: Type.String({ minLength: 1, maxLength: 200, description: 'On record for good, with who asked.' }),
  time_to_live_s: Type.Optional(Type.Integer({ minimum: 1, maximum: 60 })),
  position: Type.Optional(Position),
});
