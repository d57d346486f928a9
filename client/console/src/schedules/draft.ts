import type { DayException, DayWindow, Schedule, Weekday, WeeklyWindow } from '@cardea/wire-api';

/** The days of the week in their order. */
export const WEEKDAYS: readonly Weekday[] = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
];

/** A window as fields hold it; `to` at or before `from` is on the next day. */
export interface DraftWindow {
  /** Only known here, so that a row stays the same row when another is removed. */
  readonly key: number;
  readonly from: string;
  readonly to: string;
}

/** A window of the week. */
export interface DraftWeekly extends DraftWindow {
  readonly days: readonly Weekday[];
}

/** A day that differs from the week. An exception wins over a holiday. */
export interface DraftDay {
  readonly key: number;
  readonly kind: 'holiday' | 'exception';
  readonly date: string;
  /** None: closed. */
  readonly windows: readonly DraftWindow[];
}

/** A schedule as a form holds it. */
export interface Draft {
  readonly name: string;
  readonly weekly: readonly DraftWeekly[];
  readonly days: readonly DraftDay[];
}

/** What has to be mended, by the key of its row: `name`, `weekly 3 days`, `weekly 3 times`, `day 4 date`, `day 4 twice`, `day 4 5 times`. */
export type DraftFault = string;

let made = 0;

/** A key of a new row. */
export function freshKey(): number {
  return ++made;
}

/** What a new schedule begins with. */
export function emptyDraft(): Draft {
  const days: readonly Weekday[] = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'];
  return { name: '', weekly: [{ key: freshKey(), days, from: '08:00', to: '18:00' }], days: [] };
}

/** A schedule as a form holds it; the end of a day is written as the midnight that it is. */
export function draftOf({
  name,
  weekly,
  holidays,
  exceptions,
}: Pick<Schedule, 'name' | 'weekly' | 'holidays' | 'exceptions'>): Draft {
  const day =
    (kind: DraftDay['kind']) =>
    (given: DayException): DraftDay => ({
      key: freshKey(),
      kind,
      date: given.date,
      windows: given.windows.map(windowOf),
    });
  return {
    name,
    weekly: weekly.map((window) => ({ ...windowOf(window), days: window.days })),
    days: [...holidays.map(day('holiday')), ...exceptions.map(day('exception'))].sort((a, b) =>
      a.date < b.date ? -1 : a.date > b.date ? 1 : 0,
    ),
  };
}

function windowOf({ from, to }: DayWindow): DraftWindow {
  return { key: freshKey(), from, to: to === '24:00' ? '00:00' : to };
}

/** What of a draft cannot be sent as it is. */
export function draftFaults({ name, weekly, days }: Draft): ReadonlySet<DraftFault> {
  const faults = new Set<DraftFault>();
  if (name.trim() === '') faults.add('name');
  for (const { key, days: chosen, from, to } of weekly) {
    if (chosen.length === 0) faults.add(`weekly ${key} days`);
    if (from === '' || to === '') faults.add(`weekly ${key} times`);
  }
  for (const { key, kind, date, windows } of days) {
    if (date === '') faults.add(`day ${key} date`);
    if (date !== '' && days.some((other) => other.key < key && other.kind === kind && other.date === date)) {
      faults.add(`day ${key} twice`);
    }
    for (const window of windows)
      if (window.from === '' || window.to === '') faults.add(`day ${key} ${window.key} times`);
  }
  return faults;
}

/** The draft as the API takes it. */
export function bodyOf({ name, weekly, days }: Draft): {
  readonly name: string;
  readonly weekly: WeeklyWindow[];
  readonly holidays: DayException[];
  readonly exceptions: DayException[];
} {
  const sorted = [...days].sort((a, b) => (a.date < b.date ? -1 : 1));
  const ofKind = (wanted: DraftDay['kind']): DayException[] =>
    sorted
      .filter(({ kind }) => kind === wanted)
      .map(({ date, windows }) => ({ date, windows: windows.map(({ from, to }) => ({ from, to })) }));
  return {
    name: name.trim(),
    weekly: weekly.map((window) => ({
      days: WEEKDAYS.filter((day) => window.days.includes(day)),
      from: window.from,
      to: window.to,
    })),
    holidays: ofKind('holiday'),
    exceptions: ofKind('exception'),
  };
}

/** Whether a window ends on the day after the one on which it starts. */
export function endsNextDay({ from, to }: DayWindow): boolean {
  return from !== '' && to !== '' && to <= from;
}

/** Days of the week as runs, by their numbers from Monday: `[[0, 4], [6, 6]]`. */
export function runsOf(days: readonly Weekday[]): readonly (readonly [first: number, last: number])[] {
  const runs: [number, number][] = [];
  for (const [at, day] of WEEKDAYS.entries()) {
    if (!days.includes(day)) continue;
    const last = runs.at(-1);
    if (last !== undefined && last[1] === at - 1) last[1] = at;
    else runs.push([at, at]);
  }
  return runs;
}
