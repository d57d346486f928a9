import type { Reader, Writer } from '@cardea/kit-octets';
import { TABLE_SIZE_MAX_OCTETS } from '../change.ts';
import { inRange, reading, writing } from '../errors.ts';

/** A window in minutes of the local day on which it starts: [start, end), the end up to 2880, past midnight. */
export interface TableWindow {
  readonly startMin: number;
  readonly endMin: number;
}

/**
 * A schedule as the server compiles it and a lock evaluates it: wall-clock windows, and what the zone's offset is from
 * when. Membership is by wall clock.
 */
export interface ScheduleTable {
  /** 1 to 65535, within the property. */
  readonly number: number;
  /** Unix seconds; from then on nothing opens by it. */
  readonly validUntilS: number;
  /** Minutes from UTC before the first transition, and from then on. */
  readonly baseOffsetMin: number;
  /** By growing time. */
  readonly transitions: readonly { readonly atS: number; readonly offsetMin: number }[];
  /** `days` is a bit set, bit 0 Monday. */
  readonly weekly: readonly (TableWindow & { readonly days: number })[];
  /** Local days since 2024-01-01 that differ, growing: only these windows start on them, none at all if there are none. */
  readonly special: readonly { readonly day: number; readonly windows: readonly TableWindow[] }[];
}

const VERSION = 1;
/** The longest window: two days less a minute. */
const END_MAX_MIN = 2880;
const DAY_MIN = 1440;
/** No zone was ever further from UTC. */
const OFFSET_MAX_MIN = 16 * 60;
const OFFSET_BIAS = 0x1_0000;

/**
 * Table v1: version(1)=1 number(2) validUntil(4) base offset(2, signed minutes) n(1){at(4) offset(2)}xn weekly(1){days(1)
 * start(2) end(2)} special(1){day(2) windows(1){start(2) end(2)}}; at most 1,000 octets. @throws AccessError `range`
 */
export function encodeScheduleTable(table: ScheduleTable): Uint8Array {
  checkTable(table);
  const octets = writing((writer) => {
    writer
      .uint('version', VERSION, 1)
      .uint('number', table.number, 2)
      .uint('valid until', table.validUntilS, 4)
      .uint('base offset', signed(table.baseOffsetMin), 2)
      .uint('transitions', table.transitions.length, 1);
    for (const { atS, offsetMin } of table.transitions) writer.uint('at', atS, 4).uint('offset', signed(offsetMin), 2);
    writer.uint('weekly', table.weekly.length, 1);
    for (const window of table.weekly) writeWindow(writer.uint('days', window.days, 1), window);
    writer.uint('special', table.special.length, 1);
    for (const { day, windows } of table.special) {
      writer.uint('day', day, 2).uint('windows', windows.length, 1);
      for (const window of windows) writeWindow(writer, window);
    }
    return writer;
  });
  inRange(octets.length <= TABLE_SIZE_MAX_OCTETS, `a table has at most ${TABLE_SIZE_MAX_OCTETS} octets`);
  return octets;
}

/** The inverse of {@link encodeScheduleTable}. @throws AccessError `length`, `range` */
export function decodeScheduleTable(octets: Uint8Array): ScheduleTable {
  return reading('a schedule table', octets, (reader) => {
    inRange(octets.length <= TABLE_SIZE_MAX_OCTETS, `a table has at most ${TABLE_SIZE_MAX_OCTETS} octets`);
    inRange(reader.uint('version', 1) === VERSION, 'unknown version of a schedule table');
    const table: ScheduleTable = {
      number: reader.uint('number', 2),
      validUntilS: reader.uint('valid until', 4),
      baseOffsetMin: unsigned(reader.uint('base offset', 2)),
      transitions: list(reader, 'transitions', () => ({
        atS: reader.uint('at', 4),
        offsetMin: unsigned(reader.uint('offset', 2)),
      })),
      weekly: list(reader, 'weekly', () => ({ days: reader.uint('days', 1), ...readWindow(reader) })),
      special: list(reader, 'special', () => ({
        day: reader.uint('day', 2),
        windows: list(reader, 'windows', () => readWindow(reader)),
      })),
    };
    checkTable(table);
    return table;
  });
}

function list<T>(reader: Reader, field: string, read: () => T): readonly T[] {
  return Array.from({ length: reader.uint(field, 1) }, read);
}

function writeWindow(writer: Writer, { startMin, endMin }: TableWindow): Writer {
  return writer.uint('start', startMin, 2).uint('end', endMin, 2);
}

function readWindow(reader: Reader): TableWindow {
  return { startMin: reader.uint('start', 2), endMin: reader.uint('end', 2) };
}

/** Two's complement of 16 bits. */
function signed(offsetMin: number): number {
  return offsetMin < 0 ? offsetMin + OFFSET_BIAS : offsetMin;
}

function unsigned(octets: number): number {
  return octets >= OFFSET_BIAS / 2 ? octets - OFFSET_BIAS : octets;
}

function checkTable(table: ScheduleTable): void {
  inRange(table.number >= 1, 'schedules count from 1');
  checkOffset(table.baseOffsetMin);
  for (const [i, { atS, offsetMin }] of table.transitions.entries()) {
    checkOffset(offsetMin);
    inRange(i === 0 || atS > (table.transitions[i - 1]?.atS ?? 0), 'transitions come by growing time');
  }
  for (const window of table.weekly) {
    checkWindow(window);
    inRange(window.days >= 1 && window.days <= 0x7f, 'a window of the week has days');
  }
  for (const [i, { day, windows }] of table.special.entries()) {
    windows.forEach(checkWindow);
    inRange(i === 0 || day > (table.special[i - 1]?.day ?? 0), 'special days come by growing date');
  }
}

function checkOffset(offsetMin: number): void {
  inRange(Number.isInteger(offsetMin) && Math.abs(offsetMin) <= OFFSET_MAX_MIN, 'an offset is at most 16 hours');
}

function checkWindow({ startMin, endMin }: TableWindow): void {
  inRange(
    startMin < DAY_MIN && startMin < endMin && endMin <= END_MAX_MIN,
    'a window starts in its day and ends by the next',
  );
}
