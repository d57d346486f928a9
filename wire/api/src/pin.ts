import Type, { type Static } from 'typebox';
import { Id, nullable, strict, Time } from './common.ts';
import { GrantMethod } from './method.ts';

const PinWindow = Type.Enum(['3h', '24h', '7d', '28d'], {
  description: 'Windows of hours start on the hour, those of days on the day, in UTC.',
});

/** Body of POST /v1/grants/{id}/pins. */
export const NewPin = Type.Union([
  strict({
    kind: Type.Literal('online'),
    pin: Type.Optional(
      Type.String({ pattern: '^[0-9]{6,9}$', description: 'Chosen, 6 to 9 digits; made by the server when left out.' }),
    ),
  }),
  strict({ kind: Type.Literal('offline'), window: PinWindow, start_at: Time }),
]);
export type NewPin = Static<typeof NewPin>;

/** An offline PIN that was given out. */
export const OfflinePin = Type.Object(
  {
    id: Id,
    grant_id: Id,
    lock_id: Id,
    window: PinWindow,
    start_at: Time,
    end_at: Time,
    voided_at: nullable(Time),
    created_at: Time,
  },
  { title: 'OfflinePin' },
);
export type OfflinePin = Static<typeof OfflinePin>;

/** A PIN that was made, shown this once: an online one for all doors of the grant, or an offline one for each. */
export const MadePin = Type.Object(
  {
    pin: nullable(Type.String({ pattern: '^[0-9]{6,9}$' })),
    methods: Type.Array(GrantMethod),
    offline: Type.Array(
      Type.Object({ door_id: nullable(Id), pin: Type.String({ pattern: '^[0-9]{10}$' }), given: OfflinePin }),
    ),
  },
  { title: 'MadePin' },
);
export type MadePin = Static<typeof MadePin>;

/** The PINs of a grant, without their digits: nobody keeps those. */
export const GrantPins = Type.Object(
  { online: Type.Array(GrantMethod), offline: Type.Array(OfflinePin) },
  { title: 'GrantPins' },
);
export type GrantPins = Static<typeof GrantPins>;
