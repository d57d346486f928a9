import { type DoorState, doorStateOf } from '@cardea/client-sdk';
import type { Door } from '@cardea/wire-api';
import { describe, expect, it } from 'vitest';
import { countStates, type DoorFilter, filterDoors, STATE_CHOICES, sortDoors } from '../src/doors/list/filter.ts';
import { doorQueryOf, paramsOf } from '../src/doors/list/use-door-query.ts';
import type { LiveDoor } from '../src/live/estate.ts';
import { spanInSight } from '../src/parts/use-windowed.ts';

const live = (name: string, state: Partial<DoorState> = {}, door: Partial<Door> = {}): LiveDoor => ({
  door: {
    id: `door_${name}`,
    property_id: 'prop_1',
    floor_id: 'floor_1',
    name,
    lock_id: null,
    kind: 'guest',
    position: null,
    created_at: '2026-11-21T12:00:00.000Z',
    ...door,
  },
  lock: undefined,
  state: { ...doorStateOf(undefined, 0), ...state },
});

const EVERYTHING: DoorFilter = { text: '', state: undefined, floorId: undefined, kind: undefined };
const names = (doors: readonly LiveDoor[]): readonly string[] => doors.map(({ door }) => door.name);

describe('the list of doors', () => {
  const doors = [
    live('9', { sign: 'locked', batteryPercent: 80, provedAt: '2026-11-21T12:00:00.000Z' }),
    live('10', { sign: 'forced', batteryPercent: 15, batteryLow: true, provedAt: '2026-11-21T11:00:00.000Z' }),
    live('Spa', { sign: 'locked', stale: 'overdue', batteryPercent: 50 }, { kind: 'common', floor_id: null }),
  ];

  it.each<[string, Partial<DoorFilter>, readonly string[]]>([
    ['everything', {}, ['9', '10', 'Spa']],
    ['a part of a name in any case', { text: ' sP ' }, ['Spa']],
    ['a sign', { state: 'forced' }, ['10']],
    ['what is stale', { state: 'stale' }, ['Spa']],
    ['what wants attention', { state: 'attention' }, ['10', 'Spa']],
    ['a floor', { floorId: 'floor_1' }, ['9', '10']],
    ['no floor', { floorId: null }, ['Spa']],
    ['what it is for', { kind: 'common', state: 'locked' }, ['Spa']],
    ['nothing', { text: '11' }, []],
  ])('shows %s', (_, filter, expected) => {
    expect(names(filterDoors(doors, { ...EVERYTHING, ...filter }))).toEqual(expected);
  });

  it('counts for each state as many as it shows', () => {
    const all = [
      ...doors,
      live('11', { sign: 'jammed', tamper: true, mode: 'lockdown' }),
      live('12', { mode: 'passage' }),
    ];
    const counts = countStates(all);
    expect(counts).toMatchObject({ attention: 3, forced: 1, jammed: 1, locked: 2, stale: 1, battery: 1, passage: 1 });
    for (const state of STATE_CHOICES) {
      expect({ state, count: counts[state] }).toEqual({
        state,
        count: filterDoors(all, { ...EVERYTHING, state }).length,
      });
    }
    expect(new Set(Object.values(countStates([])))).toEqual(new Set([0]));
  });

  it('sorts by state, proof and battery, with what has no value last either way', () => {
    expect(names(sortDoors(doors, 'state', false))).toEqual(['10', '9', 'Spa']);
    expect(names(sortDoors(doors, 'battery', false))).toEqual(['10', 'Spa', '9']);
    expect(names(sortDoors(doors, 'proved', false))).toEqual(['10', '9', 'Spa']);
    expect(names(sortDoors(doors, 'proved', true))).toEqual(['9', '10', 'Spa']);
    expect(names(sortDoors(doors, 'door', true))).toEqual(['Spa', '10', '9']);
  });

  it('is kept in the address, which leaves out what it does not know', () => {
    const query = doorQueryOf(new URLSearchParams('q=1&state=stale&floor=none&kind=staff&sort=battery&down'));
    expect(query).toEqual({
      filter: { text: '1', state: 'stale', floorId: null, kind: 'staff' },
      sort: 'battery',
      descending: true,
    });
    expect(doorQueryOf(paramsOf(query))).toEqual(query);
    expect(doorQueryOf(new URLSearchParams('state=singing&kind=&sort=up'))).toEqual({
      filter: EVERYTHING,
      sort: 'door',
      descending: false,
    });
  });
});

describe('rows in sight', () => {
  it('are a few of very many, and always those that the window shows', () => {
    for (const topPx of [300, 0, -1, -20_000, -83_000, -90_000]) {
      const { first, end } = spanInSight(2_000, 42, topPx, 900);
      expect(end - first).toBeLessThan(60);
      const shown = [...Array(2_000).keys()].filter((row) => {
        const y = topPx + row * 42;
        return y + 42 > 0 && y < 900;
      });
      for (const row of shown) expect(row >= first && row < end, `row ${row} at ${topPx}`).toBe(true);
    }
  });

  it('are all of few, and none of none', () => {
    expect(spanInSight(5, 42, 200, 900)).toEqual({ first: 0, end: 5 });
    expect(spanInSight(0, 42, 200, 900)).toEqual({ first: 0, end: 0 });
  });
});
