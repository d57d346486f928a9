import Type, { type Static } from 'typebox';
import { Id, Name, nullable, page, strict, Time } from './common.ts';
import { GrantMethod } from './method.ts';
import { AddressText } from './people.ts';

/** Somebody whom a resident lets through doors of his own for a time. */
export const Visitor = Type.Object(
  {
    id: Id,
    host_id: Id,
    person_id: Id,
    property_id: Id,
    name: Name,
    doors: Type.Array(Type.Object({ id: Id, name: Type.String() })),
    not_before: Time,
    not_after: Time,
    opens_until: {
      ...Time,
      description: 'Sooner than `not_after` where the own right of the host ends sooner by now.',
    },
    state: Type.Enum(['waiting', 'active', 'revoked', 'ended'], {
      description: '`waiting`: the time has not come. `ended`: it is over, or the own right of the host is.',
    }),
    revoked_at: nullable(Time),
    created_at: Time,
  },
  { title: 'Visitor' },
);
export type Visitor = Static<typeof Visitor>;

/** A page of visitors. */
export const VisitorPage = page(Visitor);

/** Body of POST /v1/visitors. */
export const NewVisitor = strict({
  name: Name,
  address: Type.Optional(AddressText),
  door_ids: Type.Array(Id, { minItems: 1, maxItems: 20 }),
  not_before: Type.Optional(Time),
  not_after: { ...Time, description: 'Within the own right of the host, and at most 30 days after `not_before`.' },
  pin: Type.Optional(Type.Boolean({ description: 'Whether the visitor also gets a PIN for the keypads.' })),
});
export type NewVisitor = Static<typeof NewVisitor>;

/** Answer of POST /v1/visitors: `link` and `pin` are shown this once. */
export const InvitedVisitor = Type.Object(
  {
    visitor: Visitor,
    sent: Type.Boolean({ description: 'Whether the invitation is on its way to the address.' }),
    link: nullable(Type.String({ description: 'Opens the phone app: to be shared, where no address was given.' })),
    pin: nullable(Type.String()),
  },
  { title: 'InvitedVisitor' },
);
export type InvitedVisitor = Static<typeof InvitedVisitor>;

/** Answer of POST /v1/visitors/{id}/revoke: each method says until when its door can still be opened by it. */
export const RevokedVisitor = Type.Object(
  { visitor: Visitor, at_locks: Type.Array(GrantMethod) },
  { title: 'RevokedVisitor' },
);
export type RevokedVisitor = Static<typeof RevokedVisitor>;
