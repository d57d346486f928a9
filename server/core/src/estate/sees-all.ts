import type { Actor } from '../actor.ts';
import { holds, requireScope } from '../person/roles.ts';

/** Without `estate:read` everybody sees where his own grants open. @throws CoreError `not_permitted` without `access:use` too */
export function seesAll(actor: Actor): boolean {
  if (holds(actor, 'estate:read')) return true;
  requireScope(actor, 'access:use');
  return false;
}
