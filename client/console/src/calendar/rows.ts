import type { Door, Grant, Schedule, Stay } from '@cardea/wire-api';
import type { CalendarDay } from './days.ts';
import { openStretches, type Stretch, within } from './stretches.ts';

/** Somebody's access to a row in the days shown. */
export interface Bar {
  readonly key: string;
  readonly personId: string;
  /** A reservation opens nothing yet. */
  readonly kind: 'grant' | 'stay' | 'reserved';
  /** Undefined for a reservation. */
  readonly grant: Grant | undefined;
  readonly fromMs: number;
  /** Null: until revoked. */
  readonly untilMs: number | null;
  readonly schedule: Schedule | undefined;
  /** When it opens within the days shown, in order. */
  readonly stretches: readonly Stretch[];
}

/** What a calendar is laid out from. */
export interface CalendarData {
  readonly doors: readonly Door[];
  readonly grants: readonly Grant[];
  readonly stays: readonly Stay[];
  readonly schedules: readonly Schedule[];
}

/** Every access that touches the days shown, in the order of its beginning. */
export function barsOf(
  { grants, stays, schedules }: CalendarData,
  days: readonly CalendarDay[],
  zone: string,
): readonly Bar[] {
  const shown = { fromMs: days[0]?.fromMs ?? 0, untilMs: days.at(-1)?.untilMs ?? 0 };
  const open = new Map<string, readonly Stretch[]>();
  const stretchesOf = (schedule: Schedule | undefined, window: Stretch): readonly Stretch[] => {
    if (schedule === undefined) return within([shown], window);
    const known = open.get(schedule.id) ?? openStretches(schedule, days, zone);
    open.set(schedule.id, known);
    return within(known, window);
  };
  const ofGrants = grants.map((grant): Bar => {
    const fromMs = Date.parse(grant.not_before);
    const untilMs = grant.not_after === null ? null : Date.parse(grant.not_after);
    const schedule = schedules.find(({ id }) => id === grant.schedule_id);
    return {
      key: grant.id,
      personId: grant.person_id,
      kind: grant.stay_id === null ? 'grant' : 'stay',
      grant,
      fromMs,
      untilMs,
      schedule,
      stretches: stretchesOf(schedule, { fromMs, untilMs: untilMs ?? Number.POSITIVE_INFINITY }),
    };
  });
  const reserved = stays
    .filter(({ state }) => state === 'reserved')
    .map((stay): Bar => {
      const window = { fromMs: Date.parse(stay.from), untilMs: Date.parse(stay.to) };
      return {
        key: stay.id,
        personId: stay.person_id,
        kind: 'reserved',
        grant: undefined,
        ...window,
        schedule: undefined,
        stretches: within([shown], window),
      };
    });
  return [...ofGrants, ...reserved]
    .filter(({ stretches }) => stretches.length > 0)
    .sort((a, b) => a.fromMs - b.fromMs || (a.key < b.key ? -1 : 1));
}

/** The bars of each door by its id: of grants that name it, its floor or its property, and of reservations. */
export function barsByDoor({ doors, stays }: CalendarData, bars: readonly Bar[]): ReadonlyMap<string, readonly Bar[]> {
  const byDoor = new Map<string, Bar[]>(doors.map(({ id }) => [id, []]));
  const byFloor = new Map<string, string[]>();
  for (const { id, floor_id: floor } of doors)
    if (floor !== null) byFloor.set(floor, [...(byFloor.get(floor) ?? []), id]);
  const roomsOf = new Map(stays.map(({ id, door_ids: ids }) => [id, ids]));
  for (const bar of bars) {
    const scope = bar.grant?.scope;
    const ids =
      scope === undefined
        ? (roomsOf.get(bar.key) ?? [])
        : scope.kind === 'doors'
          ? scope.door_ids
          : scope.kind === 'floor'
            ? (byFloor.get(scope.floor_id) ?? [])
            : byDoor.keys();
    for (const id of ids) byDoor.get(id)?.push(bar);
  }
  return byDoor;
}

/** The bars of each person by id, in the order in which people first come. */
export function barsByPerson(bars: readonly Bar[]): ReadonlyMap<string, readonly Bar[]> {
  const byPerson = new Map<string, Bar[]>();
  for (const bar of bars) byPerson.set(bar.personId, [...(byPerson.get(bar.personId) ?? []), bar]);
  return byPerson;
}

/** A part of a day, each between 0 (its beginning) and 1 (its end), by the time that passes: true also on days of 23 hours. */
export interface DayPart {
  readonly bar: Bar;
  readonly from: number;
  readonly until: number;
}

/** What of the bars falls into a day. */
export function partsOf(bars: readonly Bar[], day: CalendarDay): readonly DayPart[] {
  const length = day.untilMs - day.fromMs;
  return bars.flatMap((bar) =>
    within(bar.stretches, day).map(({ fromMs, untilMs }) => ({
      bar,
      from: (fromMs - day.fromMs) / length,
      until: (untilMs - day.fromMs) / length,
    })),
  );
}
