import type { Grant } from '../model.ts';

/** Whether only the server can decide an opening by this grant: then no key is given and no PIN is made. */
export function needsServer({ conditions, firstUsedAt }: Grant): boolean {
  if (conditions.geofence || conditions.secondPerson) return true;
  return conditions.firstUse !== null && firstUsedAt === null;
}

/**
 * Whether a grant now permits less than before in anything that a key says: then keys given before say too much. What is
 * wider needs nothing taken back. A door that the scope lost is no matter of the keys of other doors, but for a grant of
 * a floor or property, whose key is one for all.
 */
export function narrows(before: Grant, after: Grant): boolean {
  if (after.notBefore > before.notBefore) return true;
  if ((after.notAfter ?? Number.POSITIVE_INFINITY) < (before.notAfter ?? Number.POSITIVE_INFINITY)) return true;
  if (after.scheduleId !== before.scheduleId && after.scheduleId !== null) return true;
  if ((after.uses ?? Number.POSITIVE_INFINITY) < (before.uses ?? Number.POSITIVE_INFINITY)) return true;
  if (needsServer(after) && !needsServer(before)) return true;
  if (before.operations.some((operation) => !after.operations.includes(operation))) return true;
  return before.scope.kind !== 'doors' && levelOf(before) !== levelOf(after);
}

/** The level that a grant's key is signed for; undefined for named doors, each of which has a key of its own. */
export function levelOf({ scope }: Pick<Grant, 'scope'>): string | undefined {
  switch (scope.kind) {
    case 'doors':
      return undefined;
    case 'floor':
      return scope.floorId;
    case 'property':
      return scope.propertyId;
  }
}
