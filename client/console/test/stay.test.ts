import { ApiProblem } from '@cardea/client-sdk';
import type { Grant, MadePin, NewPin, Stay } from '@cardea/wire-api';
import { describe, expect, it } from 'vitest';
import { deskDay } from '../src/stay/desk-day.ts';
import { fileFormat } from '../src/stay/file-format.ts';
import { makePins } from '../src/stay/pins.ts';
import { stayMoment } from '../src/stay/stay-moment.ts';

const stay = (id: string, state: Stay['state'], from: string, to: string): Stay => ({
  id,
  property_id: 'prop_1',
  person_id: 'per_1',
  door_ids: ['door_1'],
  from,
  to,
  state,
  source: 'desk',
  reference: null,
  checked_in_at: null,
  checked_out_at: null,
  created_by: 'per_2',
  created_at: from,
});

describe('a day at the desk', () => {
  const stays = [
    stay('stay_1', 'reserved', '2026-11-21T14:00:00.000Z', '2026-11-23T10:00:00.000Z'),
    // Late in the evening of the 21st in UTC, the 22nd already in Berlin.
    stay('stay_2', 'reserved', '2026-11-21T23:30:00.000Z', '2026-11-23T10:00:00.000Z'),
    stay('stay_3', 'checked_in', '2026-11-19T14:00:00.000Z', '2026-11-21T10:00:00.000Z'),
    stay('stay_4', 'checked_in', '2026-11-19T14:00:00.000Z', '2026-11-21T09:00:00.000Z'),
    stay('stay_5', 'checked_in', '2026-11-19T14:00:00.000Z', '2026-11-22T09:00:00.000Z'),
    stay('stay_6', 'checked_out', '2026-11-19T14:00:00.000Z', '2026-11-21T09:00:00.000Z'),
    stay('stay_7', 'reserved', '2026-11-20T14:00:00.000Z', '2026-11-23T10:00:00.000Z'),
  ];
  const ids = (of: readonly Stay[]) => of.map(({ id }) => id);
  const day = deskDay(stays, '2026-11-21', 'Europe/Berlin');

  it('has whoever comes today, and whoever should have come before', () => {
    expect(ids(day.arrivals)).toEqual(['stay_7', 'stay_1']);
  });

  it('goes by the days of the property', () => {
    expect(ids(day.later)).toEqual(['stay_2']);
    expect(ids(deskDay(stays, '2026-11-21', 'UTC').arrivals)).toContain('stay_2');
  });

  it('has whoever leaves among those who are in the house, the first to leave first', () => {
    expect(ids(day.departures)).toEqual(['stay_4', 'stay_3']);
    expect(ids(day.inHouse)).toEqual(['stay_4', 'stay_3', 'stay_5']);
  });
});

describe('the time of a stay', () => {
  it('is the day alone where no time of day is named', () => {
    expect(stayMoment('2026-11-22', '')).toBe('2026-11-22');
    expect(stayMoment('2026-11-22', '12:30')).toBe('2026-11-22T12:30');
    expect(stayMoment('', '12:30')).toBeUndefined();
  });
});

describe('a file of reservations', () => {
  it('is iCalendar when it says so, else CSV', () => {
    expect(fileFormat('\uFEFFBEGIN:VCALENDAR\r\nVERSION:2.0')).toBe('ical');
    expect(fileFormat('reference,room,name\r\nBEGIN:VCALENDAR')).toBe('csv');
  });
});

describe('PINs at a check-in', () => {
  const grant = (id: string, methods: Grant['methods']): Grant => ({
    id,
    person_id: 'per_1',
    property_id: 'prop_1',
    scope: { kind: 'doors', door_ids: ['door_1'] },
    not_before: '2026-11-21T14:00:00.000Z',
    not_after: null,
    schedule_id: null,
    conditions: { geofence: false, second_person: false, first_use: null },
    operations: ['unlock'],
    methods,
    uses: null,
    used: 0,
    first_used_at: null,
    series: 1,
    source_grant_id: null,
    visitor_id: null,
    stay_id: 'stay_1',
    state: 'active',
    revoked_at: null,
    created_by: 'per_2',
    created_at: '2026-11-21T14:00:00.000Z',
    version: 1,
  });
  /** Makes 100001, 100002, ...; what `refuse` answers is thrown. */
  const maker = (refuse: (grantId: string, asked: NewPin) => ApiProblem | undefined) => {
    let made = 100_000;
    return {
      pins: {
        async make(grantId: string, asked: NewPin): Promise<MadePin> {
          const problem = refuse(grantId, asked);
          if (problem !== undefined) throw problem;
          const chosen = asked.kind === 'online' ? asked.pin : undefined;
          return { pin: chosen ?? String(++made), methods: [], offline: [] };
        },
      },
    };
  };
  const grants = [grant('grant_1', ['pin']), grant('grant_2', ['mobile_key']), grant('grant_3', ['mobile_key', 'pin'])];

  it('are one for all doors, and none where the grant allows none', async () => {
    expect(
      await makePins(
        maker(() => undefined),
        grants,
      ),
    ).toEqual([{ grantIds: ['grant_1', 'grant_3'], pin: '100001', problem: undefined }]);
  });

  it("are another where the first is somebody else's", async () => {
    const taken = (grantId: string, asked: NewPin) =>
      grantId === 'grant_3' && asked.kind === 'online' && asked.pin !== undefined
        ? new ApiProblem('conflict', 'taken')
        : undefined;
    expect((await makePins(maker(taken), grants)).map(({ pin, grantIds }) => [pin, grantIds])).toEqual([
      ['100001', ['grant_1']],
      ['100002', ['grant_3']],
    ]);
  });

  it('are told of each grant that gets none, and why', async () => {
    const problem = new ApiProblem('precondition_failed', 'no lock');
    expect(
      await makePins(
        maker((id) => (id === 'grant_1' ? problem : undefined)),
        grants,
      ),
    ).toEqual([
      { grantIds: ['grant_3'], pin: '100001', problem: undefined },
      { grantIds: ['grant_1'], pin: undefined, problem },
    ]);
  });
});
