import type { ScheduleTable, TableWindow } from './table.ts';

/** 2024-01-01, a Monday: local days of a table count from here. Minutes since 1970. */
const FIRST_DAY_MIN = 19_723 * 1440;
const DAY_MIN = 1440;
const FIRST_DAY_S = FIRST_DAY_MIN * 60;
const DAY_S = DAY_MIN * 60;
const DAYS_OF_WEEK = 7;

/**
 * Whether a table is open at a moment (Unix seconds by the lock's clock). The wall clock decides: a time that daylight
 * saving skips is never there, one that it repeats is open twice, and a window past midnight belongs to the day on which
 * it starts.
 */
export function openAt(table: ScheduleTable, atS: number): boolean {
  if (atS >= table.validUntilS) return false;
  const wallMin = Math.floor(atS / 60) + offsetAt(table, atS) - FIRST_DAY_MIN;
  const day = Math.floor(wallMin / DAY_MIN);
  const minute = wallMin - day * DAY_MIN;
  return (
    windowsOf(table, day).some(({ startMin, endMin }) => startMin <= minute && minute < endMin) ||
    windowsOf(table, day - 1).some(({ endMin }) => minute + DAY_MIN < endMin)
  );
}

/**
 * The first moment after `afterS` at which {@link openAt} says something else; undefined when it never does again. It
 * never looks past `validUntilS`, where whatever is open ends.
 */
export function nextChange(table: ScheduleTable, afterS: number): number | undefined {
  const isOpen = openAt(table, afterS);
  const lastDay = Math.floor((table.validUntilS - FIRST_DAY_S) / DAY_S);
  for (let day = Math.floor((afterS - FIRST_DAY_S) / DAY_S); day <= lastDay; day++) {
    const found = edgesIn(table, day).find((atS) => atS > afterS && openAt(table, atS) !== isOpen);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Minutes that the wall clock is ahead of UTC at a moment. */
export function offsetAt(table: Pick<ScheduleTable, 'baseOffsetMin' | 'transitions'>, atS: number): number {
  let offsetMin = table.baseOffsetMin;
  for (const transition of table.transitions) if (transition.atS <= atS) offsetMin = transition.offsetMin;
  return offsetMin;
}

function windowsOf(table: ScheduleTable, day: number): readonly TableWindow[] {
  const special = table.special.find((each) => each.day === day);
  if (special !== undefined) return special.windows;
  // 2024-01-01 was a Monday, bit 0.
  const weekday = ((day % DAYS_OF_WEEK) + DAYS_OF_WEEK) % DAYS_OF_WEEK;
  return table.weekly.filter(({ days }) => ((days >> weekday) & 1) !== 0);
}

/**
 * Every moment of one day in UTC at which something may begin or end, growing: edges of windows under each offset, the
 * transitions, and the end of the table.
 */
function edgesIn(table: ScheduleTable, utcDay: number): readonly number[] {
  const offsets = new Set([table.baseOffsetMin, ...table.transitions.map(({ offsetMin }) => offsetMin)]);
  const edges = [table.validUntilS, ...table.transitions.map(({ atS }) => atS)];
  // A window ends up to two days after its own midnight, which is up to 16 hours from that of UTC.
  for (let day = utcDay - 3; day <= utcDay + 1; day++) {
    for (const { startMin, endMin } of windowsOf(table, day)) {
      for (const offsetMin of offsets) {
        edges.push(...[startMin, endMin].map((minute) => FIRST_DAY_S + day * DAY_S + (minute - offsetMin) * 60));
      }
    }
  }
  const from = FIRST_DAY_S + utcDay * DAY_S;
  return edges.filter((atS) => atS >= from && atS < from + DAY_S).sort((x, y) => x - y);
}
