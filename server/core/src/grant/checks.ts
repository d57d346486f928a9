import { checkWhole } from '../checks.ts';
import { CoreError } from '../errors.ts';
import type { AccessMethod, Grant, GrantConditions, GrantOperation, GrantScope, Role } from '../model.ts';
import { mayCarry } from '../person/roles.ts';
import { SERIES } from './series.ts';

/** Most doors that one grant names; more are a floor or a property. */
export const DOORS_OF_GRANT_MOST = 200;
/** Most active grants of one person. */
export const GRANTS_OF_PERSON_MOST = 500;
/** What two octets of a key count. */
const USES_MOST = 0xffff;
const FIRST_USE_LEAST_S = 60;
const FIRST_USE_MOST_S = 366 * 86_400;
/** A lock's clock counts seconds in four octets. */
const LATEST_MS = 0xffff_ffff * 1000;

const OPERATIONS: readonly GrantOperation[] = ['unlock', 'lock', 'override'];
const METHODS: readonly AccessMethod[] = ['mobile_key', 'pin', 'card'];

/** No condition at all. */
export const NO_CONDITIONS: GrantConditions = { geofence: false, secondPerson: false, firstUse: null };

/** Named doors once each, sorted. @throws CoreError `invalid` */
export function checkScope(scope: GrantScope): GrantScope {
  if (scope.kind !== 'doors') return scope;
  const doorIds = [...new Set(scope.doorIds)].sort();
  const field = 'scope.door_ids';
  if (doorIds.length === 0) throw new CoreError('invalid', 'a grant names at least one door', { field });
  if (doorIds.length > DOORS_OF_GRANT_MOST) {
    throw new CoreError('invalid', `a grant names at most ${DOORS_OF_GRANT_MOST} doors`, { field });
  }
  return { kind: 'doors', doorIds };
}

/**
 * A window of whole seconds that has a moment in it and is not over.
 * @throws CoreError `invalid`
 */
export function checkWindow({ notBefore, notAfter }: Pick<Grant, 'notBefore' | 'notAfter'>, now: number): void {
  checkMoment('not_before', notBefore);
  if (notAfter === null) return;
  checkMoment('not_after', notAfter);
  if (notAfter <= notBefore) {
    throw new CoreError('invalid', 'not_after must be later than not_before', { field: 'not_after' });
  }
  if (notAfter <= now) throw new CoreError('invalid', 'not_after has passed already', { field: 'not_after' });
}

/** What opens a whole floor or property ends some day: nobody finds such a key again. @throws CoreError `invalid` */
export function checkEnd(scope: GrantScope, notAfter: number | null): void {
  if (scope.kind === 'doors' || notAfter !== null) return;
  throw new CoreError('invalid', `a grant of a whole ${scope.kind} needs an end`, { field: 'not_after' });
}

function checkMoment(field: string, ms: number): void {
  if (!Number.isInteger(ms) || ms < 0 || ms > LATEST_MS || ms % 1000 !== 0) {
    throw new CoreError('invalid', `${field} must be a time in whole seconds before 2106`, { field });
  }
}

/** @throws CoreError `invalid`, `not_permitted`: nobody grants what his own role may not do */
export function checkOperations(role: Role, operations: readonly GrantOperation[]): readonly GrantOperation[] {
  const field = 'operations';
  const all = OPERATIONS.filter((one) => operations.includes(one));
  if (all.length === 0) throw new CoreError('invalid', 'a grant lets its person do something', { field });
  if (all.some((one) => one !== 'lock') && !all.includes('unlock')) {
    throw new CoreError('invalid', 'who may override may unlock', { field });
  }
  const beyond = all.find((operation) => !mayCarry(role, operation));
  if (beyond !== undefined) {
    throw new CoreError('not_permitted', `the role ${role} may not grant what it may not do itself: ${beyond}`, {
      field,
    });
  }
  return all;
}

/** Each method once, in their usual order. @throws CoreError `invalid` for a PIN that may not do what every PIN does */
export function checkMethods(
  methods: readonly AccessMethod[],
  operations: readonly GrantOperation[],
): readonly AccessMethod[] {
  if (methods.includes('pin') && !operations.includes('unlock')) {
    throw new CoreError('invalid', 'a PIN unlocks: it is none of a grant that does not', { field: 'methods' });
  }
  return METHODS.filter((one) => methods.includes(one));
}

/** @throws CoreError `invalid` */
export function checkUses(uses: number | null): number | null {
  return uses === null ? null : checkWhole('uses', uses, 1, USES_MOST);
}

/** @throws CoreError `invalid` for the series of offline PINs, which are no grants */
export function checkSeries(series: number): number {
  return checkWhole('series', series, SERIES.offlinePins + 1, 255);
}

/** @throws CoreError `invalid` */
export function checkConditions(conditions: GrantConditions): GrantConditions {
  const { geofence, secondPerson, firstUse } = conditions;
  if (firstUse === null) return { geofence, secondPerson, firstUse };
  const field = 'conditions.first_use.valid_for_s';
  return {
    geofence,
    secondPerson,
    firstUse: { validForS: checkWhole(field, firstUse.validForS, FIRST_USE_LEAST_S, FIRST_USE_MOST_S) },
  };
}

/** The series of a grant that names none: by who its person is, and of its own when it reaches a whole level. */
export function seriesFor(scope: GrantScope, role: Role): number {
  if (scope.kind !== 'doors') return SERIES.levels;
  if (role === 'guest') return SERIES.guests;
  return role === 'resident' ? SERIES.residents : SERIES.staff;
}
