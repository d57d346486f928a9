import Type, { type Static } from 'typebox';
import { Id, Name, nullable, page, Time, TimeZone } from './common.ts';
import { DoorKind } from './estate.ts';
import { GrantConditions, GrantOperation } from './grant.ts';
import { Bolt, DoorSensor, LockMode } from './lock.ts';
import { Ending, GrantMethod } from './method.ts';
import { waysOf } from './way.ts';

const way = {
  permitted: Type.Boolean({ description: 'Whether the rules let you.' }),
  opens: Type.Boolean({ description: 'Whether it would open as far as anybody knows.' }),
  against: nullable(Type.String({ description: 'The first rule that stands against it: docs/grants.md lists them.' })),
};

/** What somebody who may open a door sees of its lock. */
export const OwnLock = Type.Object(
  {
    bolt: nullable(Bolt),
    door: nullable(DoorSensor),
    battery_percent: nullable(Type.Integer({ minimum: 0, maximum: 100 })),
    tamper: nullable(Type.Boolean()),
    privacy: nullable(Type.Boolean()),
    proved_at: nullable(Time),
    mode: nullable(LockMode),
    mode_until: nullable(Time),
    stale: Type.Boolean({ description: 'True when this cannot be taken as the present state.' }),
    stale_reason: nullable(Type.Enum(['never_proved', 'restored', 'gateway_offline', 'overdue'])),
  },
  { title: 'OwnLock' },
);
export type OwnLock = Static<typeof OwnLock>;

/** A grant as far as a screen of doors needs it. */
const OwnGrant = Type.Object({
  id: Id,
  not_before: Time,
  not_after: nullable(Time),
  schedule_id: nullable(Id),
  conditions: GrantConditions,
  operations: Type.Array(GrantOperation),
  uses_left: nullable(
    Type.Integer({ minimum: 0, description: 'Openings left as far as the server knows; null: any number.' }),
  ),
});

/** A door that you may open now or later, with everything that a screen shows of it. */
export const OwnDoor = Type.Object(
  {
    id: Id,
    name: Type.String(),
    kind: DoorKind,
    property: Type.Object({ id: Id, name: Name, time_zone: TimeZone }),
    admits: Type.Enum(['now', 'later', 'none'], {
      description: 'Whether window and schedule let you in; `none`: not within 400 days.',
    }),
    opens_from: nullable(
      Type.String({
        format: 'date-time',
        description: 'When they let you in next; null: they do now, or not within 400 days.',
      }),
    ),
    opens_until: nullable(
      Type.String({
        format: 'date-time',
        description:
          'The end of that stretch, or of the present one: of the grant, or of its schedule; null: no end is known.',
      }),
    ),
    ...waysOf(way),
    grants: Type.Array(OwnGrant, { description: 'Your active grants that reach the door.' }),
    methods: Type.Array(GrantMethod, { description: 'How their methods stand at the lock.' }),
    ending: Ending,
    lock: nullable(OwnLock),
  },
  { title: 'OwnDoor' },
);
export type OwnDoor = Static<typeof OwnDoor>;

/** A page of one's own doors. */
export const OwnDoorPage = page(OwnDoor);
