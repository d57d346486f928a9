import Type, { type Static } from 'typebox';

/** What a token may do; whatever is not named is denied. */
export const Scope = Type.Enum(
  [
    'estate:read',
    'estate:write',
    'locks:read',
    'locks:operate',
    'locks:manage',
    'persons:read',
    'persons:write',
    'gateways:write',
    'events:read',
    'tokens:write',
    'audit:read',
    'alerts:write',
    'sim:write',
    'organizations:write',
    'grants:read',
    'grants:write',
    'stays:write',
    'access:use',
  ],
  { title: 'Scope' },
);
export type Scope = Static<typeof Scope>;

/** What a person is to the organization. */
export const Role = Type.Enum(['owner', 'manager', 'front_desk', 'maintenance', 'cleaner', 'resident', 'guest'], {
  title: 'Role',
});
export type Role = Static<typeof Role>;
