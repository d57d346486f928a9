import { checkWhole } from '../checks.ts';
import type { PropertySettings } from '../core.ts';
import { CoreError } from '../errors.ts';
import type { DoorKind } from '../model.ts';

const DAY_S = 86_400;
/** Below this a phone would ask for a key more often than it opens a door. */
const LEASE_LEAST_S = 300;
const LEASE_MOST_S = 31 * DAY_S;

/** What a new property says unless told. */
export const USUAL_SETTINGS: PropertySettings = {
  checkInTime: '15:00',
  checkOutTime: '11:00',
  offlineLeaseS: DAY_S,
  visitors: 'on',
};

const DOOR_KINDS: readonly DoorKind[] = ['guest', 'common', 'staff'];

/** Those settings that are given. @throws CoreError `invalid` */
export function checkSettings(given: Partial<PropertySettings>): Partial<PropertySettings> {
  const { checkInTime, checkOutTime, offlineLeaseS, visitors } = given;
  return {
    ...(checkInTime !== undefined && { checkInTime: checkTimeOfDay('check_in_time', checkInTime) }),
    ...(checkOutTime !== undefined && { checkOutTime: checkTimeOfDay('check_out_time', checkOutTime) }),
    ...(offlineLeaseS !== undefined && {
      offlineLeaseS:
        offlineLeaseS === null ? null : checkWhole('offline_lease_s', offlineLeaseS, LEASE_LEAST_S, LEASE_MOST_S),
    }),
    ...(visitors !== undefined && { visitors: checkVisitors(visitors) }),
  };
}

function checkVisitors(visitors: PropertySettings['visitors']): PropertySettings['visitors'] {
  if (visitors === 'on' || visitors === 'off') return visitors;
  throw new CoreError('invalid', 'visitors must be on or off', { field: 'visitors' });
}

/** @throws CoreError `invalid` */
export function checkDoorKind(kind: DoorKind): DoorKind {
  if (DOOR_KINDS.includes(kind)) return kind;
  throw new CoreError('invalid', `kind must be one of ${DOOR_KINDS.join(', ')}`, { field: 'kind' });
}

function checkTimeOfDay(field: string, value: string): string {
  if (/^([01]\d|2[0-3]):[0-5]\d$/.test(value)) return value;
  throw new CoreError('invalid', `${field} must be a time of day from 00:00 to 23:59`, { field });
}
