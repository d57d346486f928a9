import { seededRandom } from '@cardea/kit-node';
import type { Random } from '@cardea/kit-runtime';
import {
  type CompiledSchedule,
  compileSchedule,
  type DayException,
  type DayWindow,
  isOpenAt,
  type Schedule,
  type Weekday,
  type WeeklyWindow,
} from '@cardea/server-core';
import { decodeScheduleTable, encodeScheduleTable, openAt } from '@cardea/wire-access';
import { type Attack, type AttackOptions, resultOf, type Trial } from './attack.ts';
import { changesOf, dayAfter, openByTheWall, wallOf } from './schedules/wall.ts';

/** Zones in which something is odd: halves and quarters of hours, half an hour of summer time, three offsets, days skipped. */
const ODD_ZONES = [
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
  'Antarctica/Troll',
  'Asia/Kathmandu',
  'Pacific/Chatham',
  'America/St_Johns',
  'Africa/Cairo',
  'America/Santiago',
  'Asia/Beirut',
  'Europe/Dublin',
  'America/Nuuk',
  'Pacific/Kiritimati',
  'Pacific/Pago_Pago',
  'UTC',
];
const MORE_ZONES = 16;
const SCHEDULES = 4;
const MOMENTS = 60;
const DAY_S = 86_400;
const FIRST_S = Date.UTC(2024, 1, 20) / 1000;
/** Tables are made at moments up to here, so that some reach past January 2038. */
const LAST_S = Date.UTC(2038, 1, 1) / 1000;
const DAYS: readonly Weekday[] = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

/**
 * Attack 19: somebody comes when the clocks are put, at midnight, on the leap day, or when the table is out of date, with
 * a key whose schedule is closed then. What a lock makes of its table's octets, and what the server says, are held against
 * the wall clock as the runtime's own library has it, around every change of the clocks of many zones and years.
 */
export const schedules: Attack = {
  id: 19,
  title: 'schedules at daylight saving, midnight, the leap day, a change of zone',
  weakDouble: 'a lock whose table has the offset of the day on which it was set and no transitions',
  async run({ weak, seed, effort }: AttackOptions) {
    const random = seededRandom(`attack 19 ${seed}`);
    const all = Intl.supportedValuesOf('timeZone');
    const zones = new Set([...ODD_ZONES, ...sample(random, all, MORE_ZONES * effort)]);
    return resultOf([...zones].map((zone) => oneZone(random, zone, SCHEDULES * effort, weak)));
  },
};

function oneZone(random: Random, zone: string, count: number, weak: boolean): Trial {
  const wall = wallOf(zone);
  const wrong: string[] = [];
  let [tried, open] = [0, 0];
  for (let n = 0; n < count; n++) {
    const nowS = FIRST_S + below(random, LAST_S - FIRST_S);
    const changes = changesOf(wall, nowS * 1000, (nowS + 400 * DAY_S) * 1000).map((ms) => ms / 1000);
    const schedule = scheduleAround(
      random,
      changes.map((atS) => wall(atS * 1000).date),
    );
    const compiled = compileSchedule(schedule, zone, nowS);
    const table = decodeScheduleTable(encodeScheduleTable(weak ? asOfToday(compiled) : compiled));
    for (const atS of moments(random, nowS, changes, compiled.validUntilS)) {
      tried++;
      const expected = openByTheWall(schedule, wall(atS * 1000)) && atS < compiled.validUntilS;
      if (expected) open++;
      const lock = openAt(table, atS);
      const server = isOpenAt(schedule, zone, atS * 1000) && atS < compiled.validUntilS;
      if (lock !== expected) wrong.push(`lock ${lock ? 'open' : 'shut'} at ${new Date(atS * 1000).toISOString()}`);
      else if (server !== expected) wrong.push(`server ${server} at ${new Date(atS * 1000).toISOString()}`);
    }
  }
  if (open === 0 || open === tried) wrong.push('nothing was shown: always the same answer');
  const said = wrong.length === 0 ? '' : `: ${wrong.length} wrong, such as ${wrong[0]}`;
  return { name: `${zone}: ${tried} moments, open at ${open}${said}`, through: wrong.length > 0, tried };
}

/** The weak double's table. */
function asOfToday(compiled: CompiledSchedule): CompiledSchedule {
  return { ...compiled, transitions: [] };
}

/** Moments at and around what is odd, and some anywhere. */
function moments(random: Random, nowS: number, changes: readonly number[], endS: number): readonly number[] {
  const odd = [...changes, endS, Date.UTC(2028, 1, 29) / 1000, Date.UTC(2038, 0, 19, 3, 14, 8) / 1000];
  const near = odd
    .filter((atS) => atS >= nowS - DAY_S && atS <= endS)
    .flatMap((atS) =>
      [-1, 0, 1, -1800, 1800, -3600, 3600, -3601, 3599, -7200, 7200, -DAY_S, DAY_S].map((s) => atS + s),
    );
  const spread = Array.from({ length: MOMENTS }, () => {
    const atS = nowS + below(random, endS + 5 * DAY_S - nowS);
    // A third of them at a midnight of some zone.
    return below(random, 3) === 0 ? Math.floor(atS / 900) * 900 - below(random, 2) : atS;
  });
  return [...near, ...spread].filter((atS) => atS >= nowS - DAY_S);
}

/** A schedule with windows at night, when the clocks are put, and days that differ among those on which they are. */
function scheduleAround(
  random: Random,
  dates: readonly string[],
): Pick<Schedule, 'number' | 'weekly' | 'holidays' | 'exceptions'> {
  const odd = dates.flatMap((date) => [-1, 0, 1].map((days) => dayAfter(date, days)));
  const differing = (): readonly DayException[] =>
    [...new Set(sample(random, odd, 3))].map((date) => ({
      date,
      windows: Array.from({ length: below(random, 3) }, () => window(random)),
    }));
  const weekly = Array.from({ length: 1 + below(random, 4) }, (): WeeklyWindow => {
    const days = DAYS.filter(() => below(random, 2) === 0);
    return { days: days.length === 0 ? ['sunday'] : days, ...window(random) };
  });
  return { number: 1 + below(random, 65_535), weekly, holidays: differing(), exceptions: differing() };
}

function window(random: Random): DayWindow {
  const text = (minute: number): string =>
    `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
  // Half of them begin or end within the first four hours.
  const minute = (): number => (below(random, 2) === 0 ? below(random, 16) * 15 : below(random, 1440));
  return { from: text(minute()), to: below(random, 8) === 0 ? '24:00' : text(minute()) };
}

function below(random: Random, end: number): number {
  const [a = 0, b = 0, c = 0, d = 0] = random.octets(4);
  return (((a << 24) | (b << 16) | (c << 8) | d) >>> 0) % end;
}

function sample<T>(random: Random, from: readonly T[], count: number): readonly T[] {
  return from.length === 0 ? [] : Array.from({ length: count }, () => from[below(random, from.length)] as T);
}
