import type { Door, Grant, Role } from '../model.ts';
import { ROLES } from '../person/roles.ts';
import { reaches } from './reach.ts';

/** Whether a role lives in a house, or gives access to it anyway: whoever is a guest, and staff who only work, let nobody in. */
export function mayHost(role: Role): boolean {
  return role === 'resident' || ROLES[role].scopes.includes('grants:write');
}

/** What of a source bounds a grant that its holder has given on. */
export type Source = Pick<
  Grant,
  | 'scope'
  | 'notBefore'
  | 'notAfter'
  | 'scheduleId'
  | 'conditions'
  | 'operations'
  | 'methods'
  | 'uses'
  | 'firstUsedAt'
  | 'state'
>;

/**
 * Whether the holder of a grant may give on what it gives: not what he has himself from a host or for a stay, not what is
 * counted, nor what another person has to confirm, nor what begins with his own first opening.
 */
export function mayGiveOn(grant: Grant): boolean {
  return grant.sourceGrantId === null && grant.stayId === null && bears(grant);
}

function bears({ state, uses, conditions, firstUsedAt }: Source): boolean {
  const begun = conditions.firstUse === null || firstUsedAt !== null;
  return state === 'active' && uses === null && !conditions.secondPerson && begun;
}

/**
 * How a grant that was given on has to change so that it stays within its source, which has changed: never wider than it is.
 * `over`: nothing is left of it. Undefined: it is within.
 */
export function heldWithin(source: Source, given: Grant, doors: readonly Door[]): Partial<Grant> | 'over' | undefined {
  const out = doors.some((door) => !reaches(source.scope, door));
  const operations = given.operations.filter((one) => source.operations.includes(one));
  const notBefore = Math.max(given.notBefore, source.notBefore);
  const notAfter = earlier(given.notAfter, source.notAfter);
  const empty = notAfter !== null && notAfter <= notBefore;
  if (out || empty || !bears(source) || !operations.includes('unlock')) return 'over';
  const methods = given.methods.filter((one) => source.methods.includes(one));
  const conditions = { ...given.conditions, geofence: given.conditions.geofence || source.conditions.geofence };
  const scheduleId = source.scheduleId ?? given.scheduleId;
  const same =
    operations.length === given.operations.length &&
    methods.length === given.methods.length &&
    notBefore === given.notBefore &&
    notAfter === given.notAfter &&
    scheduleId === given.scheduleId &&
    conditions.geofence === given.conditions.geofence;
  return same ? undefined : { operations, methods, notBefore, notAfter, scheduleId, conditions };
}

function earlier(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}
