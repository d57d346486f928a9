import type { Door, Floor } from '@cardea/wire-api';
import { describe, expect, test } from 'vitest';
import { guessLevel, readDoorList } from '../src/setup/door-list.ts';
import { type Making, make, planMaking } from '../src/setup/making.ts';
import { nextStep, stepsDone } from '../src/setup/progress.ts';

const read = (text: string) => readDoorList(text, { usual: 'guest', floorOf: (level) => `Floor ${level}` });
const names = (text: string): readonly string[] => read(text).doors.map(({ name }) => name);

describe('a list of doors', () => {
  test('has every number of a range, with its zeros and what stands before it', () => {
    expect(names('101-104')).toEqual(['101', '102', '103', '104']);
    expect(names('008 – 011')).toEqual(['008', '009', '010', '011']);
    expect(names('A1-A3, Room 7-9')).toEqual(['A1', 'A2', 'A3', 'Room 7', 'Room 8', 'Room 9']);
    expect(names('Flat 1-Flat 2')).toEqual(['Flat 1', 'Flat 2']);
  });

  test('takes names as they are written where they are no range', () => {
    expect(names('Spa, A1-B4; Lobby\tGate 2-East')).toEqual(['Spa', 'A1-B4', 'Lobby', 'Gate 2-East']);
  });

  test('has a floor before the colon, and several floors at once', () => {
    expect(read('Ground floor: Spa\n\nFloor 2: 201, 202').doors).toEqual([
      { name: 'Spa', floor: 'Ground floor', kind: 'guest', line: 1 },
      { name: '201', floor: 'Floor 2', kind: 'guest', line: 3 },
      { name: '202', floor: 'Floor 2', kind: 'guest', line: 3 },
    ]);
  });

  test('puts a room without a floor on that of its number, and other doors on none', () => {
    expect(read('101, 1204, Spa, 7').doors.map(({ floor }) => floor)).toEqual(['Floor 1', 'Floor 12', null, null]);
  });

  test('takes a kind in brackets for an item, or before the colon for the line', () => {
    const { doors } = read('Ground floor (common): Lobby, Office (staff), 1-2（客房）\nSpa (公共)');
    expect(doors.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      'Lobby common',
      'Office staff',
      '1 guest',
      '2 guest',
      'Spa common',
    ]);
    expect(doors[0]?.floor).toBe('Ground floor');
  });

  test('is read as Chinese people write it', () => {
    expect(read('一层：大堂（公共）、健身房，101').doors).toEqual([
      { name: '大堂', floor: '一层', kind: 'common', line: 1 },
      { name: '健身房', floor: '一层', kind: 'guest', line: 1 },
      { name: '101', floor: '一层', kind: 'guest', line: 1 },
    ]);
  });

  test.each([
    ['112-101', 'backwards'],
    ['1-5000', 'too_many'],
    ['101, 101', 'twice'],
    ['101-103\n102', 'twice'],
    ['Spa (pool)', 'unknown_kind'],
    ['(staff)', 'not_a_name'],
    [`${'x'.repeat(101)}`, 'too_long'],
    [`Spa${String.fromCharCode(7)}`, 'not_a_name'],
  ])('says what of %j cannot be taken', (text, problem) => {
    expect(read(text).problems.map((one) => one.problem)).toEqual([problem]);
  });

  test('says on which line', () => {
    expect(read('101\n\n112-101').problems).toEqual([{ line: 3, text: '112-101', problem: 'backwards' }]);
  });

  test('ends at two thousand doors', () => {
    const { doors, problems } = read(Array.from({ length: 9 }, (_, at) => `${at}: ${at}000-${at}299`).join('\n'));
    expect(doors).toHaveLength(2_000);
    expect(problems.at(-1)?.problem).toBe('too_many');
  });
});

test.each([
  ['Floor 3', 3],
  ['3F', 3],
  ['12', 12],
  ['三层', 3],
  ['3楼', 3],
  ['Ground floor', 0],
  ['Garden', 0],
  ['Basement', -1],
  ['B2', -2],
  ['地下一层', -1],
  ['Building B', 0],
  ['-1', -1],
])('the level of %j is %i', (name, level) => {
  expect(guessLevel(name)).toBe(level);
});

const floor = (id: string, name: string): Floor => ({
  id,
  name,
  level: 0,
  property_id: 'prop_1',
  plan: null,
  created_at: '2026-01-01T00:00:00Z',
});
const door = (name: string): Door => ({
  id: `door_${name}`,
  name,
  property_id: 'prop_1',
  floor_id: null,
  lock_id: null,
  kind: 'guest',
  position: null,
  created_at: '2026-01-01T00:00:00Z',
});

describe('what a list makes', () => {
  const listed = read('Floor 1: 101-103\nFloor 2: 201\nGate').doors;

  test('is what is not there yet: floors and doors are known by their names', () => {
    const plan = planMaking(listed, { floors: [floor('floor_1', 'FLOOR 1')], doors: [door('102'), door('201')] });
    // Floor 2 would have only a door that is there already.
    expect(plan.floors).toEqual([]);
    expect(plan.doors.filter(({ existing }) => existing).map(({ name }) => name)).toEqual(['102', '201']);
  });

  test('is made floors first; what fails is told by itself and stops nothing', async () => {
    const asked: string[] = [];
    const over = new Map<string, Making>();
    await make(planMaking(listed, { floors: [], doors: [door('102')] }), {
      propertyId: 'prop_1',
      floors: [],
      signal: new AbortController().signal,
      onDoor: (name, making) => over.set(name, making),
      maker: {
        addFloor: async ({ name }) => {
          asked.push(name);
          if (name === 'Floor 2') throw new Error('no such luck');
          return floor(`id of ${name}`, name);
        },
        addDoor: async ({ name, floor_id }) => {
          asked.push(`${name} on ${floor_id}`);
          if (name === '103') throw new Error('taken');
        },
      },
    });
    expect(asked.slice(0, 2)).toEqual(['Floor 1', 'Floor 2']);
    expect(asked.slice(2).sort()).toEqual(['101 on id of Floor 1', '103 on id of Floor 1', 'Gate on null']);
    expect(Object.fromEntries([...over].map(([name, { state }]) => [name, state]))).toEqual({
      101: 'made',
      103: 'failed',
      201: 'failed',
      Gate: 'made',
    });
  });

  test('is not made on when the person has left', async () => {
    const leaving = new AbortController();
    let made = 0;
    await make(planMaking(read('1-50').doors, { floors: [], doors: [] }), {
      propertyId: 'prop_1',
      floors: [],
      signal: leaving.signal,
      onDoor: () => {},
      maker: {
        addFloor: () => Promise.reject(new Error('none is asked for')),
        addDoor: async () => {
          made += 1;
          leaving.abort();
        },
      },
    });
    // The first, and those that were under way when the person left.
    expect(made).toBeGreaterThanOrEqual(1);
    expect(made).toBeLessThanOrEqual(4);
  });
});

describe('the guide', () => {
  const nothing = { property: undefined, floors: undefined, doors: undefined, gateways: undefined, staff: undefined };

  test('begins with the property', () => {
    expect(nextStep(stepsDone(nothing))).toBe('property');
  });

  test('goes on where the server says that it stopped, in whatever order things were done', () => {
    const bound = { ...door('101'), lock_id: 'lock_1' };
    const done = stepsDone({ ...nothing, doors: [bound, door('102')] });
    expect([...done]).toEqual(['doors', 'locks']);
    expect(nextStep(done)).toBe('property');
  });

  test('does not call locks done while most doors have none', () => {
    const bound = { ...door('101'), lock_id: 'lock_1' };
    expect(stepsDone({ ...nothing, doors: [bound, door('102'), door('103')] }).has('locks')).toBe(false);
  });
});
