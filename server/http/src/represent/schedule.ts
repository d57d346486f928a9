import type { DayException, Schedule, ScheduleAnswer, ScheduleNotice } from '@cardea/server-core';
import type * as api from '@cardea/wire-api';
import { time } from './time.ts';

/** A schedule as the API shows it. */
export function schedule(row: Schedule): api.Schedule {
  return {
    id: row.id,
    property_id: row.propertyId,
    number: row.number,
    name: row.name,
    weekly: row.weekly.map(({ days, from, to }) => ({ days: [...days], from, to })),
    holidays: row.holidays.map(day),
    exceptions: row.exceptions.map(day),
    created_at: time(row.createdAt),
    version: row.version,
  };
}

/** A schedule that was made or changed, with what the clocks do to it. */
export function scheduleAnswer({ schedule: row, notices }: ScheduleAnswer): api.ScheduleAnswer {
  return { ...schedule(row), notices: notices.map(notice) };
}

/** What the clocks do to a window, with words. */
export function notice({
  date,
  startMin,
  endMin,
  clocks,
  changesAt,
  readsMin,
  lastsMin,
}: ScheduleNotice): api.ScheduleNotice {
  const [from, to] = [clockText(startMin), clockText(endMin)];
  const becomes =
    lastsMin === 0 ? 'it does not open at all' : `it lasts ${lengthText(lastsMin)} instead of ${lengthText(readsMin)}`;
  const detail = `On ${date} the clocks ${clocks} part of ${from} to ${to}: ${becomes}.`;
  return { date, from, to, clocks, changes_at: time(changesAt), reads_min: readsMin, lasts_min: lastsMin, detail };
}

function day({ date, windows }: DayException): api.DayException {
  return { date, windows: windows.map(({ from, to }) => ({ from, to })) };
}

/** Minutes of a day as `HH:MM`; past midnight those of the next day. */
function clockText(minute: number): string {
  const ofDay = minute > 1440 ? minute - 1440 : minute;
  return `${String(Math.floor(ofDay / 60)).padStart(2, '0')}:${String(ofDay % 60).padStart(2, '0')}`;
}

function lengthText(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (hours === 0) return `${rest} min`;
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}
