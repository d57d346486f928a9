import type { Grant } from '@cardea/wire-api';
import { describe, expect, it } from 'vitest';
import { bodyOf, changeOf, droppedBy, faultsOf, NEW_TERMS, termsOf } from '../src/grants/terms.ts';

const ZONE = 'Europe/Berlin';
const grant: Grant = {
  id: 'grant_1',
  person_id: 'per_1',
  property_id: 'prop_1',
  scope: { kind: 'doors', door_ids: ['door_1', 'door_2'] },
  not_before: '2026-10-24T12:00:07.000Z',
  not_after: '2026-10-26T10:00:00.000Z',
  schedule_id: 'sched_1',
  conditions: { geofence: true, second_person: false, first_use: null },
  operations: ['unlock', 'lock'],
  methods: ['mobile_key'],
  uses: 3,
  used: 1,
  first_used_at: null,
  series: 1,
  stay_id: null,
  visitor_id: null,
  source_grant_id: null,
  state: 'active',
  revoked_at: null,
  created_by: 'per_2',
  created_at: '2026-10-01T12:00:00.000Z',
  version: 1,
};
const terms = termsOf(grant, ZONE);

describe('the terms of a grant in a form', () => {
  it('change nothing where nothing was changed, seconds included', () => {
    expect(terms.from).toBe('2026-10-24T14:00');
    expect(changeOf(grant, terms, ZONE)).toEqual({});
  });

  it('send what was changed and nothing else', () => {
    expect(changeOf(grant, { ...terms, until: '2026-10-27T11:00' }, ZONE)).toEqual({
      not_after: '2026-10-27T10:00:00.000Z',
    });
    expect(changeOf(grant, { ...terms, operations: ['lock', 'unlock'] }, ZONE)).toEqual({});
  });

  it('name each constraint that falls, and none that stays or only widens', () => {
    const wider = changeOf(grant, { ...terms, uses: 9, until: '2026-12-01T00:00' }, ZONE);
    expect(droppedBy(grant, wider)).toEqual([]);
    const free = changeOf(grant, { ...terms, uses: null, until: '', scheduleId: null, geofence: false }, ZONE);
    expect(droppedBy(grant, free)).toEqual(['not_after', 'schedule_id', 'uses', 'geofence']);
  });

  it('of an hour that the clocks repeat begin with the first and end with the second', () => {
    const twice = '2026-10-25T02:30';
    const body = bodyOf({ ...NEW_TERMS, doorIds: ['door_1'], from: twice, until: twice }, 'prop_1', ZONE);
    expect(body).toMatchObject({ not_before: '2026-10-25T00:30:00.000Z', not_after: '2026-10-25T01:30:00.000Z' });
  });

  it('are refused before they are sent where the clocks skip the time, it ends before it begins, or a level has no end', () => {
    const doors = { ...NEW_TERMS, doorIds: ['door_1'] };
    expect(faultsOf(doors, ZONE)).toEqual([]);
    expect(faultsOf(NEW_TERMS, ZONE)).toEqual(['doors']);
    expect(faultsOf({ ...doors, from: '2026-03-29T02:30' }, ZONE)).toEqual(['from']);
    const day = '2026-03-29T10:00';
    expect(faultsOf({ ...doors, from: day, until: day }, ZONE)).toEqual(['order']);
    expect(faultsOf({ ...doors, kind: 'property' }, ZONE)).toEqual(['end']);
    expect(faultsOf({ ...doors, kind: 'floor', until: day }, ZONE)).toEqual(['floor']);
  });
});
