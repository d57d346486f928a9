import type { Schedule, WeeklyWindow } from '../src/index.ts';
import { transitionsOf } from '../src/schedule/transitions.ts';

/** The zones: an hour, an hour at a half-hour's offset, half an hour, the other way round, none. */
export const ZONES = [
  'Europe/Berlin',
  'America/St_Johns',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
  'Asia/Kolkata',
] as const;

/** One moment at which a schedule is asked, with the moment at which the lock's table was made. */
export interface ScheduleCase {
  readonly name: string;
  readonly zone: string;
  readonly schedule: Schedule;
  readonly madeAtS: number;
  readonly atS: number;
}

const HOUR_S = 3600;
const DAY_S = 86_400;
const MADE_AT_S = [Date.UTC(2026, 0, 10), Date.UTC(2027, 10, 1), Date.UTC(2028, 0, 2)].map((ms) => ms / 1000);
const EVERY_DAY = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
const WORKDAYS = EVERY_DAY.slice(0, 5);

const week = (...weekly: readonly WeeklyWindow[]) => ({ weekly, holidays: [], exceptions: [] });

/** The local dates around a moment, whatever the zone. */
function datesAround(atS: number): readonly string[] {
  return [-DAY_S, 0, DAY_S].map((more) => new Date((atS + more) * 1000).toISOString().slice(0, 10));
}

/** Schedules that touch what clocks do at `atS`. */
function schedulesAt(
  atS: number,
): readonly (readonly [string, Pick<Schedule, 'weekly' | 'holidays' | 'exceptions'>])[] {
  const dates = datesAround(atS);
  return [
    ['office hours', week({ days: WORKDAYS, from: '08:00', to: '18:00' })],
    ['nights', week({ days: EVERY_DAY, from: '22:00', to: '06:00' })],
    ['the hour of two', week({ days: EVERY_DAY, from: '02:00', to: '03:00' })],
    ['half of it', week({ days: EVERY_DAY, from: '01:30', to: '02:30' })],
    [
      'around midnight',
      week({ days: EVERY_DAY, from: '23:30', to: '00:30' }, { days: ['sunday'], from: '12:00', to: '12:01' }),
    ],
    ['Sundays', week({ days: ['sunday'], from: '00:00', to: '24:00' })],
    ['a day less a minute', week({ days: ['saturday'], from: '03:00', to: '02:59' })],
    [
      'closed on the day',
      {
        ...week({ days: EVERY_DAY, from: '00:00', to: '24:00' }),
        holidays: dates.slice(1, 2).map((date) => ({ date, windows: [] })),
      },
    ],
    [
      'an exception over a holiday, past midnight',
      {
        weekly: [{ days: EVERY_DAY, from: '09:00', to: '17:00' }],
        holidays: dates.map((date) => ({ date, windows: [] })),
        exceptions: dates.slice(0, 2).map((date) => ({ date, windows: [{ from: '20:00', to: '02:30' }] })),
      },
    ],
  ];
}

/** Moments around `atS` that matter: at it, a second before, and by the half hour around. */
function momentsAround(atS: number): readonly number[] {
  const near = [-3, -2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2, 3, 24, -24].map((hours) => atS + hours * HOUR_S);
  return near.flatMap((one) => [one - 1, one]);
}

/** Every case: both changes of the clocks of each zone and year, the leap day, the turn of the year. */
export function scheduleCases(): readonly ScheduleCase[] {
  const cases: ScheduleCase[] = [];
  for (const zone of ZONES) {
    for (const madeAtS of MADE_AT_S) {
      const transitions = transitionsOf(zone, madeAtS, madeAtS + 399 * DAY_S).map(({ atS }) => atS);
      const others = [Date.UTC(2028, 1, 29, 0), Date.UTC(2028, 1, 29, 23), Date.UTC(2027, 11, 31, 23)].map(
        (ms) => ms / 1000,
      );
      const points = [...transitions, ...others].filter((atS) => atS > madeAtS && atS < madeAtS + 398 * DAY_S);
      for (const point of points) {
        for (const [name, terms] of schedulesAt(point)) {
          const schedule: Schedule = {
            id: 'sch_1',
            organizationId: 'org_1',
            propertyId: 'prop_1',
            name,
            number: 1,
            createdAt: 0,
            version: 1,
            ...terms,
          };
          for (const atS of momentsAround(point)) cases.push({ name, zone, schedule, madeAtS, atS });
        }
      }
    }
  }
  return cases;
}
