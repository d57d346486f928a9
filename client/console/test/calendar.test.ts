import { momentsOf } from '@cardea/client-ui';
import type { Door, Grant, Schedule, Stay } from '@cardea/wire-api';
import { describe, expect, it } from 'vitest';
import { daysOf, otherSpan } from '../src/calendar/days.ts';
import { barsByDoor, barsByPerson, barsOf, partsOf } from '../src/calendar/rows.ts';
import { openStretches } from '../src/calendar/stretches.ts';

const ZONE = 'Europe/Berlin';
const HOUR_MS = 3_600_000;
const at = (local: string, which = 0): number => momentsOf(local, ZONE)[which] ?? Number.NaN;
const hoursOf = (stretches: readonly { fromMs: number; untilMs: number }[]): number[] =>
  stretches.map(({ fromMs, untilMs }) => (untilMs - fromMs) / HOUR_MS);

const terms = { weekly: [], holidays: [], exceptions: [] } as const satisfies Pick<
  Schedule,
  'weekly' | 'holidays' | 'exceptions'
>;
const daily: Schedule['weekly'][number]['days'] = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
];

describe('the days of a calendar', () => {
  it('begin with Monday, or with the first of the month, and have 23 or 25 hours when the clocks change', () => {
    const spring = daysOf('2026-03-29', 'week', ZONE);
    expect(spring.map(({ date }) => date.slice(5))).toEqual([
      '03-23',
      '03-24',
      '03-25',
      '03-26',
      '03-27',
      '03-28',
      '03-29',
    ]);
    expect(hoursOf(spring)).toEqual([24, 24, 24, 24, 24, 24, 23]);
    expect(hoursOf(daysOf('2026-10-25', 'week', ZONE)).at(-1)).toBe(25);
    expect(daysOf('2028-02-15', 'month', ZONE)).toHaveLength(29);
    expect(daysOf('2026-11-21', 'fortnight', ZONE)).toHaveLength(14);
  });

  it('lead to the span before and after', () => {
    expect(otherSpan('2026-03-29', 'week', 1)).toBe('2026-03-30');
    expect(otherSpan('2026-03-29', 'fortnight', -1)).toBe('2026-03-09');
    expect(otherSpan('2026-03-29', 'month', -1)).toBe('2026-02-28');
    expect(otherSpan('2026-12-05', 'month', 1)).toBe('2027-01-01');
  });
});

describe('a schedule in a calendar', () => {
  const spring = daysOf('2026-03-29', 'week', ZONE).slice(-2);
  const autumn = daysOf('2026-10-25', 'week', ZONE).slice(-2);

  it('has nothing of what the clocks skip', () => {
    const night = { ...terms, weekly: [{ days: daily, from: '01:30', to: '03:30' }] };
    expect(hoursOf(openStretches(night, spring, ZONE))).toEqual([2, 1]);
    const skipped = { ...terms, weekly: [{ days: daily, from: '02:15', to: '02:45' }] };
    expect(openStretches(skipped, spring, ZONE)).toEqual([
      { fromMs: at('2026-03-28T02:15'), untilMs: at('2026-03-28T02:45') },
    ]);
  });

  it('has twice what the clocks repeat', () => {
    const half = { ...terms, weekly: [{ days: daily, from: '02:15', to: '02:45' }] };
    expect(openStretches(half, autumn, ZONE)).toEqual([
      { fromMs: at('2026-10-24T02:15'), untilMs: at('2026-10-24T02:45') },
      { fromMs: at('2026-10-25T02:15'), untilMs: at('2026-10-25T02:45') },
      { fromMs: at('2026-10-25T02:15', 1), untilMs: at('2026-10-25T02:45', 1) },
    ]);
    const whole = { ...terms, weekly: [{ days: daily, from: '08:00', to: '08:00' }] };
    expect(hoursOf(openStretches(whole, autumn, ZONE))).toEqual([49]);
  });

  it('goes on over midnight, also from the day before the first one shown, and differs on holidays and single days', () => {
    const [friday, saturday] = daysOf('2026-12-25', 'week', ZONE).slice(4);
    const nights: Schedule['weekly'] = [{ days: ['thursday', 'friday'], from: '22:00', to: '06:00' }];
    expect(openStretches({ ...terms, weekly: nights }, [friday!, saturday!], ZONE)).toEqual([
      { fromMs: at('2026-12-25T00:00'), untilMs: at('2026-12-25T06:00') },
      { fromMs: at('2026-12-25T22:00'), untilMs: at('2026-12-26T06:00') },
    ]);
    const closed = { ...terms, weekly: nights, holidays: [{ date: '2026-12-25', windows: [] }] };
    expect(hoursOf(openStretches(closed, [friday!, saturday!], ZONE))).toEqual([6]);
    const windows = [{ from: '10:00', to: '12:00' }];
    const both = { ...closed, exceptions: [{ date: '2026-12-25', windows }] };
    expect(hoursOf(openStretches(both, [friday!, saturday!], ZONE))).toEqual([6, 2]);
  });
});

describe('the rows of a calendar', () => {
  const days = daysOf('2026-03-29', 'week', ZONE);
  const door = (id: string, floor: string | null) => ({ id, floor_id: floor, name: id }) as Door;
  const grant = (id: string, scope: Grant['scope'], from: string, to: string | null, stay: string | null = null) =>
    ({
      id,
      person_id: `per_${id}`,
      scope,
      not_before: from,
      not_after: to,
      schedule_id: null,
      stay_id: stay,
    }) as Grant;
  const data = {
    doors: [door('door_1', 'floor_1'), door('door_2', 'floor_1'), door('door_3', null)],
    grants: [
      grant('g1', { kind: 'doors', door_ids: ['door_1', 'door_3'] }, '2026-03-24T11:00:00.000Z', null),
      grant('g2', { kind: 'floor', floor_id: 'floor_1' }, '2026-03-01T00:00:00.000Z', '2026-03-24T23:00:00.000Z'),
      grant(
        'g3',
        { kind: 'property', property_id: 'prop_1' },
        '2026-03-28T23:00:00.000Z',
        '2026-03-29T10:00:00.000Z',
        's',
      ),
      grant('g4', { kind: 'doors', door_ids: ['door_1'] }, '2026-04-24T11:00:00.000Z', null),
    ],
    stays: [
      {
        id: 'stay_1',
        person_id: 'per_9',
        door_ids: ['door_2'],
        state: 'reserved',
        from: '2026-03-25T14:00:00.000Z',
        to: '2026-03-26T10:00:00.000Z',
      } as Stay,
      { id: 'stay_2', state: 'checked_in', door_ids: ['door_2'] } as Stay,
    ],
    schedules: [],
  };
  const bars = barsOf(data, days, ZONE);
  const keys = (list: readonly { key: string }[] | undefined) => list?.map(({ key }) => key);

  it('hold whoever has access in the days shown, by named doors, floor, property and reservation', () => {
    expect(keys(bars)).toEqual(['g2', 'g1', 'stay_1', 'g3']);
    const byDoor = barsByDoor(data, bars);
    expect(keys(byDoor.get('door_1'))).toEqual(['g2', 'g1', 'g3']);
    expect(keys(byDoor.get('door_2'))).toEqual(['g2', 'stay_1', 'g3']);
    expect(keys(byDoor.get('door_3'))).toEqual(['g1', 'g3']);
    expect(bars.map(({ kind }) => kind)).toEqual(['grant', 'grant', 'reserved', 'stay']);
    expect([...barsByPerson(bars).keys()]).toEqual(['per_g2', 'per_g1', 'per_9', 'per_g3']);
  });

  it('are parts of days by the time that passes, also on the day of 23 hours', () => {
    const [part] = partsOf(bars, days[6]!).filter(({ bar }) => bar.key === 'g3');
    // Midnight to noon by the clocks: 11 of 23 hours.
    expect(part?.from).toBe(0);
    expect(part?.until).toBeCloseTo(11 / 23, 10);
    const [begun] = partsOf(bars, days[1]!).filter(({ bar }) => bar.key === 'g1');
    expect([begun?.from, begun?.until]).toEqual([0.5, 1]);
    expect(partsOf(bars, days[0]!)).toHaveLength(1);
  });
});
