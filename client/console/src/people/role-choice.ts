import type { Role } from '@cardea/wire-api';

/** Every role, from the widest to the narrowest. */
const ROLES: readonly Role[] = ['owner', 'manager', 'front_desk', 'maintenance', 'cleaner', 'resident', 'guest'];

/** Roles that work for the property, and are not its guests. */
export const STAFF_ROLES: readonly Role[] = ['owner', 'manager', 'front_desk', 'maintenance', 'cleaner'];

/** Roles that somebody may give: nobody gives what he does not have. The server decides anew. */
export function rolesToGive(giver: Role): readonly Role[] {
  if (giver === 'owner') return ROLES;
  return giver === 'manager' ? ROLES.filter((role) => role !== 'owner') : [];
}
