import Type, { type Static } from 'typebox';
import { Id, nullable, Time } from './common.ts';
import { AccessMethod, Grant } from './grant.ts';

/** When somebody can no longer open at the door itself, were the right taken back now, or since it was. */
export const Ending = Type.Object(
  {
    cannot_open_after: nullable(Time),
    why: Type.Enum(['nothing_held', 'acknowledged', 'lease', 'no_clock', 'no_end'], {
      description:
        '`nothing_held`: nothing was given out. `acknowledged`: the lock has said that it knows. `lease`: keys and PINs end ' +
        'then, by a clock as slow as the lock may have. `no_clock`, `no_end`: nobody knows until the lock has heard.',
    }),
  },
  { title: 'Ending' },
);
export type Ending = Static<typeof Ending>;

/** Where a thing that a lock should hold is. */
export const MethodState = Type.Enum(['unset', 'setting', 'set', 'removing', 'removed', 'failed']);

/** How a grant's person opens one lock by one method. */
export const GrantMethod = Type.Object(
  {
    id: Id,
    grant_id: Id,
    lock_id: Id,
    door_id: nullable(Id),
    method: AccessMethod,
    state: MethodState,
    reason: nullable(
      Type.String({ description: 'Why it is not where it should be: stable, docs/keys.md lists them.' }),
    ),
    tries: Type.Integer({ minimum: 0, description: 'How often the lock, when it could be asked, did not take it.' }),
    next_try_at: nullable(Time),
    acknowledged_at: nullable(Time),
    slot: nullable(Type.Integer({ minimum: 1, maximum: 100 })),
    lease_ends_at: nullable(Time),
    ending: Ending,
  },
  { title: 'GrantMethod' },
);
export type GrantMethod = Static<typeof GrantMethod>;

/** All methods of a grant: as many as its locks and methods. */
export const GrantMethods = Type.Object({ items: Type.Array(GrantMethod) });
export type GrantMethods = Static<typeof GrantMethods>;

/** A grant that was taken back, with its methods: each says until when its door can still be opened by it. */
export const RevokedGrant = Type.Object(
  { ...Grant.properties, at_locks: Type.Array(GrantMethod) },
  { title: 'RevokedGrant' },
);
export type RevokedGrant = Static<typeof RevokedGrant>;

/** Something that staff have asked of a keypad. */
export const KeypadReopening = Type.Object(
  { door_id: Id, lock_id: Id, state: MethodState, reason: nullable(Type.String()), acknowledged_at: nullable(Time) },
  { title: 'KeypadReopening' },
);
export type KeypadReopening = Static<typeof KeypadReopening>;
