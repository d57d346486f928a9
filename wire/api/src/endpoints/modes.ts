import { IdParams, PageQuery } from '../common.ts';
import { endpoint } from '../endpoint.ts';
import { DoorModePage, LockdownStarted, OverrideDoor, SetLockdown, SetMode } from '../mode.ts';
import { commanding } from './usual.ts';

/** How locks treat those who come. */
export const modeEndpoints = {
  'POST /v1/doors/{id}/mode': endpoint({
    ...commanding,
    name: 'setDoorMode',
    summary: "Set a lock to its normal mode, passage or lockdown; it is so once the lock's receipt is there",
    scopes: ['locks:manage'],
    body: SetMode,
  }),
  'POST /v1/doors/{id}/override': endpoint({
    ...commanding,
    name: 'overrideDoor',
    summary: 'Unlock a door although privacy is on or the lock is in lockdown: on record with its reason, and an alert',
    scopes: ['locks:manage', 'access:use'],
    body: OverrideDoor,
  }),
  'POST /v1/properties/{id}/lockdown': endpoint({
    name: 'setLockdown',
    summary: 'Lock every door of a property down, or end it; again for the doors where it failed',
    scopes: ['locks:manage'],
    params: IdParams,
    idempotent: true,
    body: SetLockdown,
    status: 202,
    answer: LockdownStarted,
    refusals: ['invalid', 'not_found'],
  }),
  'GET /v1/properties/{id}/modes': endpoint({
    name: 'listDoorModes',
    summary: 'List the doors of a property with their modes and what is under way',
    scopes: ['locks:read'],
    params: IdParams,
    query: PageQuery,
    status: 200,
    answer: DoorModePage,
    refusals: ['invalid', 'not_found'],
  }),
};
