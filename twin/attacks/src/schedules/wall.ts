import type { DayWindow, Schedule, Weekday } from '@cardea/server-core';

/** What the clocks of a zone show, as the runtime's own library (ICU, by Intl) has it: nothing of the product is in it. */
export interface Wall {
  /** `YYYY-MM-DD`. */
  readonly date: string;
  readonly minute: number;
}

const WEEKDAYS: readonly Weekday[] = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const DAY_MS = 86_400_000;
const DAY_MIN = 1440;

/** Reads the clocks of a zone. */
export function wallOf(timeZone: string): (atMs: number) => Wall {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    calendar: 'iso8601',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  return (atMs) => {
    const parts = new Map(format.formatToParts(atMs).map(({ type, value }) => [type, value]));
    const date = `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`;
    return { date, minute: Number(parts.get('hour')) * 60 + Number(parts.get('minute')) };
  };
}

/** Minutes that a zone's clocks are ahead of UTC. */
export function offsetOf(wall: (atMs: number) => Wall, atMs: number): number {
  const { date, minute } = wall(atMs);
  return Math.round((Date.parse(date) + minute * 60_000 - Math.floor(atMs / 60_000) * 60_000) / 60_000);
}

/** The moments between two at which a zone's clocks are put, to the second, found by halving. */
export function changesOf(wall: (atMs: number) => Wall, fromMs: number, untilMs: number): readonly number[] {
  const found: number[] = [];
  for (let at = fromMs; at < untilMs; at += 7 * DAY_MS) {
    let [low, high] = [at, Math.min(at + 7 * DAY_MS, untilMs)];
    if (offsetOf(wall, low) === offsetOf(wall, high)) continue;
    while (high - low > 1000) {
      const middle = Math.floor((low + high) / 2000) * 1000;
      if (offsetOf(wall, middle) === offsetOf(wall, low)) low = middle;
      else high = middle;
    }
    found.push(high);
  }
  return found;
}

/** The local day that is so many days after another. */
export function dayAfter(date: string, days: number): string {
  return new Date(Date.parse(date) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Whether a schedule is open, read off the wall clock as a person would. */
export function openByTheWall(
  { weekly, holidays, exceptions }: Pick<Schedule, 'weekly' | 'holidays' | 'exceptions'>,
  { date, minute }: Wall,
): boolean {
  const windowsOf = (day: string): readonly DayWindow[] => {
    const differs = exceptions.find((each) => each.date === day) ?? holidays.find((each) => each.date === day);
    const weekday = WEEKDAYS[new Date(Date.parse(day)).getUTCDay()] ?? 'sunday';
    return differs?.windows ?? weekly.filter(({ days }) => days.includes(weekday));
  };
  const minutes = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
  const inside = (at: number) => (window: DayWindow) => {
    const [from, to] = [minutes(window.from), minutes(window.to)];
    return at >= from && at < (to > from ? to : to + DAY_MIN);
  };
  return windowsOf(date).some(inside(minute)) || windowsOf(dayAfter(date, -1)).some(inside(minute + DAY_MIN));
}
