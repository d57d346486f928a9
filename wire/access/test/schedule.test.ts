import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  AccessError,
  decodeScheduleTable,
  encodeScheduleTable,
  nextChange,
  openAt,
  type ScheduleTable,
  type TableWindow,
} from '../src/index.ts';

const at = (iso: string): number => Date.parse(iso) / 1000;
const minutes = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
const window = (from: string, to: string): TableWindow => ({ startMin: minutes(from), endMin: minutes(to) });
const EVERY_DAY = 0x7f;
const day = (date: string): number => Math.round((Date.parse(date) - Date.UTC(2024, 0, 1)) / 86_400_000);

/** Vienna over the daylight saving changes of 2026 (CEST until 25 October, 01:00Z) and 2027 (from 28 March, 01:00Z). */
function vienna(patch: Partial<ScheduleTable>): ScheduleTable {
  return {
    number: 1,
    validUntilS: at('2027-09-01T00:00:00Z'),
    baseOffsetMin: 120,
    transitions: [
      { atS: at('2026-10-25T01:00:00Z'), offsetMin: 60 },
      { atS: at('2027-03-28T01:00:00Z'), offsetMin: 120 },
    ],
    weekly: [],
    special: [],
    ...patch,
  };
}

describe('a schedule at the lock', () => {
  test('is by wall clock: [start, end) of the local day', () => {
    const table = vienna({ weekly: [{ days: EVERY_DAY, ...window('08:00', '18:00') }] });
    expect(openAt(table, at('2026-08-03T05:59:59Z'))).toBe(false);
    expect(openAt(table, at('2026-08-03T06:00:00Z'))).toBe(true);
    expect(openAt(table, at('2026-08-03T15:59:59Z'))).toBe(true);
    expect(openAt(table, at('2026-08-03T16:00:00Z'))).toBe(false);
    // In winter the same hours are an hour later by UTC.
    expect(openAt(table, at('2026-12-01T06:59:59Z'))).toBe(false);
    expect(openAt(table, at('2026-12-01T07:00:00Z'))).toBe(true);
  });

  test('knows the days of the week: bit 0 is Monday', () => {
    const table = vienna({ weekly: [{ days: 0b000_0001, ...window('08:00', '18:00') }] });
    expect(openAt(table, at('2026-08-03T10:00:00Z'))).toBe(true);
    expect(openAt(table, at('2026-08-04T10:00:00Z'))).toBe(false);
    expect(openAt(table, at('2026-08-09T10:00:00Z'))).toBe(false);
    expect(openAt(table, at('2026-08-10T10:00:00Z'))).toBe(true);
  });

  test('what daylight saving skips is not there, and what it repeats is open twice', () => {
    const gap = vienna({ weekly: [{ days: EVERY_DAY, ...window('02:00', '03:00') }] });
    for (const minute of ['00:30', '00:59', '01:00', '01:30', '01:59']) {
      expect(openAt(gap, at(`2027-03-28T${minute}:00Z`))).toBe(false);
    }
    expect(openAt(gap, at('2027-03-29T00:30:00Z'))).toBe(true);
    for (const time of ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z']) expect(openAt(gap, at(time))).toBe(true);
    const across = vienna({ weekly: [{ days: EVERY_DAY, ...window('01:30', '03:30') }] });
    expect(openAt(across, at('2027-03-28T00:29:59Z'))).toBe(false);
    expect(openAt(across, at('2027-03-28T00:30:00Z'))).toBe(true);
    expect(openAt(across, at('2027-03-28T01:29:59Z'))).toBe(true);
    expect(openAt(across, at('2027-03-28T01:30:00Z'))).toBe(false);
  });

  test('a window past midnight belongs to the day on which it starts', () => {
    // Friday 22:00 to Saturday 06:00.
    const table = vienna({ weekly: [{ days: 0b001_0000, ...window('22:00', '30:00') }] });
    expect(openAt(table, at('2026-08-07T19:59:59Z'))).toBe(false);
    expect(openAt(table, at('2026-08-07T20:00:00Z'))).toBe(true);
    expect(openAt(table, at('2026-08-08T03:59:59Z'))).toBe(true);
    expect(openAt(table, at('2026-08-08T04:00:00Z'))).toBe(false);
    expect(openAt(table, at('2026-08-08T20:00:00Z'))).toBe(false);
  });

  test('a special day replaces the windows of the week that start on it, not those that began before', () => {
    const table = vienna({
      weekly: [{ days: EVERY_DAY, ...window('22:00', '30:00') }],
      special: [{ day: day('2026-08-08'), windows: [window('12:00', '13:00')] }],
    });
    expect(openAt(table, at('2026-08-08T03:00:00Z'))).toBe(true);
    expect(openAt(table, at('2026-08-08T10:30:00Z'))).toBe(true);
    expect(openAt(table, at('2026-08-08T20:30:00Z'))).toBe(false);
    expect(openAt(table, at('2026-08-09T03:00:00Z'))).toBe(false);
    expect(openAt(table, at('2026-08-09T20:30:00Z'))).toBe(true);
  });

  test('past its end nothing opens by it', () => {
    const table = vienna({ weekly: [{ days: EVERY_DAY, ...window('00:00', '24:00') }] });
    expect(openAt(table, table.validUntilS - 1)).toBe(true);
    expect(openAt(table, table.validUntilS)).toBe(false);
    expect(nextChange(table, at('2026-08-08T03:00:00Z'))).toBe(table.validUntilS);
    expect(nextChange(table, table.validUntilS)).toBeUndefined();
  });
});

/** Zones with whole-hour and half-hour changes, a change of day, and none. */
const ZONES = [
  'Europe/Vienna',
  'America/New_York',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
  'Pacific/Apia',
  'Pacific/Chatham',
  'Asia/Kathmandu',
  'America/St_Johns',
];

const formats = new Map<string, Intl.DateTimeFormat>();

/** Local date and time by the platform's own time zones: an independent reading of the wall clock. */
function wallClock(zone: string, atS: number): { dayNumber: number; minute: number } {
  const format =
    formats.get(zone) ??
    new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    });
  formats.set(zone, format);
  const parts = Object.fromEntries(format.formatToParts(atS * 1000).map(({ type, value }) => [type, Number(value)]));
  return {
    dayNumber: day(
      `${parts.year}-${String(parts.month).padStart(2, '0')}-${String(parts.day).padStart(2, '0')}T00:00:00Z`,
    ),
    minute: (parts.hour ?? 0) * 60 + (parts.minute ?? 0),
  };
}

function offsetMin(zone: string, atS: number): number {
  const { dayNumber, minute } = wallClock(zone, atS);
  return Date.UTC(2024, 0, 1) / 60_000 + dayNumber * 1440 + minute - Math.floor(atS / 60);
}

/** Transitions of a zone in a span, found by halving: the server has its own way. */
function transitionsOf(zone: string, fromS: number, untilS: number): { atS: number; offsetMin: number }[] {
  const found: { atS: number; offsetMin: number }[] = [];
  const step = 86_400;
  for (let t = fromS; t < untilS; t += step) {
    if (offsetMin(zone, t) === offsetMin(zone, t + step)) continue;
    let [low, high] = [t, t + step];
    while (high - low > 60) {
      const middle = low + Math.floor((high - low) / 120) * 60;
      if (offsetMin(zone, middle) === offsetMin(zone, t)) low = middle;
      else high = middle;
    }
    found.push({ atS: high, offsetMin: offsetMin(zone, high) });
  }
  return found;
}

const FROM_S = at('2026-01-01T00:00:00Z');
const UNTIL_S = at('2027-02-05T00:00:00Z');
const zoneTables = new Map(
  ZONES.map((zone) => [
    zone,
    { baseOffsetMin: offsetMin(zone, FROM_S), transitions: transitionsOf(zone, FROM_S, UNTIL_S) },
  ]),
);

const anyWindow = fc
  .tuple(fc.integer({ min: 0, max: 1439 }), fc.integer({ min: 1, max: 1440 }))
  .map(([startMin, length]) => ({ startMin, endMin: startMin + length }));
const anySchedule = fc.record({
  zone: fc.constantFrom(...ZONES),
  weekly: fc.array(
    fc.tuple(anyWindow, fc.integer({ min: 1, max: 127 })).map(([w, days]) => ({ ...w, days })),
    { maxLength: 4 },
  ),
  special: fc
    .uniqueArray(
      fc.record({ day: fc.integer({ min: 731, max: 1131 }), windows: fc.array(anyWindow, { maxLength: 2 }) }),
      {
        maxLength: 20,
        selector: (each) => each.day,
      },
    )
    .map((days) => days.sort((a, b) => a.day - b.day)),
});

function tableOf({ zone, ...rest }: { zone: string } & Pick<ScheduleTable, 'weekly' | 'special'>): ScheduleTable {
  return { number: 1, validUntilS: UNTIL_S, ...zoneTables.get(zone)!, ...rest };
}

/** Moments near changes of the zone and anywhere else. */
const momentOf = (zone: string) => {
  const near = zoneTables.get(zone)!.transitions.map(({ atS }) => atS);
  const anywhere = fc.integer({ min: FROM_S + 3 * 86_400, max: UNTIL_S - 1 });
  return near.length === 0
    ? anywhere
    : fc.oneof(
        anywhere,
        fc.tuple(fc.constantFrom(...near), fc.integer({ min: -200_000, max: 200_000 })).map(([t, d]) => t + d),
      );
};

describe('attack 19: schedules at daylight saving, midnight, in any zone', () => {
  test('the lock says what the wall clock of the zone says', () => {
    fc.assert(
      fc.property(
        anySchedule.chain((schedule) => fc.tuple(fc.constant(schedule), momentOf(schedule.zone))),
        ([schedule, atS]) => {
          if (atS >= UNTIL_S) return;
          const { dayNumber, minute } = wallClock(schedule.zone, atS);
          const starting = (n: number): readonly TableWindow[] =>
            schedule.special.find((each) => each.day === n)?.windows ??
            // 2024-01-01 was a Monday.
            schedule.weekly.filter(({ days }) => ((days >> (n % 7)) & 1) === 1);
          const expected =
            starting(dayNumber).some((w) => minute >= w.startMin && minute < w.endMin) ||
            starting(dayNumber - 1).some((w) => minute + 1440 < w.endMin);
          expect(openAt(tableOf(schedule), atS)).toBe(expected);
        },
      ),
      { numRuns: 600 },
    );
  });

  test('between a moment and the next change nothing changes, and there it does', () => {
    fc.assert(
      fc.property(
        anySchedule.chain((schedule) => fc.tuple(fc.constant(schedule), momentOf(schedule.zone))),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), { minLength: 20, maxLength: 20 }),
        ([schedule, afterS], shares) => {
          if (afterS >= UNTIL_S) return;
          const table = tableOf(schedule);
          const changeS = nextChange(table, afterS);
          const endS = changeS ?? UNTIL_S;
          for (const share of shares) {
            const between = afterS + Math.floor(share * (endS - afterS));
            expect(openAt(table, between)).toBe(openAt(table, afterS));
          }
          expect(openAt(table, endS - 1)).toBe(openAt(table, afterS));
          if (changeS !== undefined) expect(openAt(table, changeS)).toBe(!openAt(table, afterS));
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('table v1', () => {
  test('comes back as it was, and its size is what the page says', () => {
    fc.assert(
      fc.property(anySchedule, (schedule) => {
        const table = tableOf(schedule);
        const octets = encodeScheduleTable(table);
        expect(decodeScheduleTable(octets)).toEqual(table);
        const specials = table.special.reduce((sum, { windows }) => sum + 3 + 4 * windows.length, 0);
        expect(octets).toHaveLength(10 + 6 * table.transitions.length + 1 + 5 * table.weekly.length + 1 + specials);
      }),
    );
  });

  test('cut off, longer or with any bit flipped it is refused or something else', () => {
    const octets = encodeScheduleTable(
      vienna({
        weekly: [{ days: 3, ...window('22:00', '30:00') }],
        special: [{ day: 900, windows: [window('12:00', '13:00')] }],
      }),
    );
    for (let size = 0; size < octets.length; size++) {
      expect(() => decodeScheduleTable(octets.slice(0, size))).toThrow(AccessError);
    }
    expect(() => decodeScheduleTable(Uint8Array.of(...octets, 0))).toThrow(AccessError);
    for (let bit = 0; bit < octets.length * 8; bit++) {
      const flipped = octets.map((octet, i) => (i === bit >> 3 ? octet ^ (1 << (bit & 7)) : octet));
      try {
        expect(encodeScheduleTable(decodeScheduleTable(flipped))).toEqual(flipped);
      } catch (error) {
        expect(error).toBeInstanceOf(AccessError);
      }
    }
  });

  test('windows, days, offsets and orders outside their range are refused, and so is a table too long', () => {
    const bad: Partial<ScheduleTable>[] = [
      { number: 0 },
      { baseOffsetMin: 961 },
      { weekly: [{ days: 0, startMin: 0, endMin: 1 }] },
      { weekly: [{ days: 128, startMin: 0, endMin: 1 }] },
      { weekly: [{ days: 1, startMin: 1440, endMin: 1441 }] },
      { weekly: [{ days: 1, startMin: 5, endMin: 5 }] },
      { weekly: [{ days: 1, startMin: 5, endMin: 2881 }] },
      {
        special: [
          { day: 2, windows: [] },
          { day: 2, windows: [] },
        ],
      },
      {
        transitions: [
          { atS: 5, offsetMin: 0 },
          { atS: 5, offsetMin: 60 },
        ],
      },
      { special: Array.from({ length: 250 }, (_, i) => ({ day: i, windows: [window('01:00', '02:00')] })) },
    ];
    for (const patch of bad) expect(() => encodeScheduleTable(vienna(patch))).toThrow(AccessError);
  });
});
