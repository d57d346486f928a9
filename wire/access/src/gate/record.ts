import { equal, type Reader, type Writer } from '@cardea/kit-octets';
import type { LockMode, LockPlace, OnlinePin } from '@cardea/wire-profile';
import {
  modeOctet,
  modeOf,
  PIN_SLOTS,
  readPin,
  readPlace,
  TABLE_SIZE_MAX_OCTETS,
  writePin,
  writePlace,
} from '../change.ts';
import { inRange, reading, writing } from '../errors.ts';
import { GRANT_ID_SIZE_OCTETS } from '../grant-fields.ts';
import { WRONG_ENTRIES_MAX } from '../pin/keypad.ts';

/** Series whose generation a lock keeps; a generation of 0 takes no room. */
export const SERIES_KEPT_MAX = 16;
/** Grants that a lock keeps as denied. */
export const DENIED_KEPT_MAX = 64;
/** Grants whose uses a lock counts. */
export const USES_KEPT_MAX = 64;
/** Schedules that a lock keeps, */
export const SCHEDULES_KEPT_MAX = 16;
/** and the octets of all their tables. */
export const SCHEDULES_SIZE_MAX_OCTETS = 8_000;

/** A generation: of the grants or offline PINs of one series at this lock. */
export interface SeriesGeneration {
  readonly series: number;
  readonly generation: number;
}

/** A grant that opens nothing any more, kept until its lease is over for certain. */
export interface DeniedGrant {
  readonly grantId: Uint8Array;
  readonly leaseEndS: number;
}

/** How often a grant with a number of uses has been used, kept until its window is over for certain. */
export interface GrantUses {
  readonly grantId: Uint8Array;
  readonly used: number;
  readonly notAfterS: number;
}

/** An online PIN and how often it has been used. */
export interface KeptPin {
  readonly pin: OnlinePin;
  readonly used: number;
}

/** A schedule table as it came. */
export interface KeptSchedule {
  readonly number: number;
  readonly table: Uint8Array;
}

/** All that a lock keeps without power to decide by itself who comes in. Every list is bounded. */
export interface AccessRecord {
  readonly place: LockPlace | undefined;
  /** The highest order taken; 0: none. */
  readonly orderNo: number;
  /** By growing series; what is not here is 0. */
  readonly series: readonly SeriesGeneration[];
  readonly denied: readonly DeniedGrant[];
  readonly uses: readonly GrantUses[];
  /** By growing number. */
  readonly schedules: readonly KeptSchedule[];
  /** By growing slot. */
  readonly pins: readonly KeptPin[];
  /** Wrong entries at the keypad that are not forgotten. */
  readonly keypadWrong: number;
  readonly mode: { readonly mode: LockMode; readonly untilS: number };
}

/** A lock that nobody has told anything: no offline key, no PIN. */
export const EMPTY_ACCESS: AccessRecord = {
  place: undefined,
  orderNo: 0,
  series: [],
  denied: [],
  uses: [],
  schedules: [],
  pins: [],
  keypadWrong: 0,
  mode: { mode: 'normal', untilS: 0 },
};

/** The lock's generation of a series. */
export function generationOf(record: AccessRecord, series: number): number {
  return record.series.find((each) => each.series === series)?.generation ?? 0;
}

/** Whether a grant is denied. */
export function isDenied(record: AccessRecord, grantId: Uint8Array): boolean {
  return record.denied.some((each) => equal(each.grantId, grantId));
}

const VERSION = 1;

/**
 * The record as one image: version(1)=1 place(0 or 1, then 89) orderNo(4) series(1){series(1) generation(4)} denied(1){
 * grantId(16) leaseEnd(4)} uses(1){grantId(16) used(2) notAfter(4)} schedules(1){number(2) length(2) table} pins(1){slot(1)
 * verifier(32) notBefore(4) notAfter(4) schedule(2) uses(2) used(2)} wrong(1) mode(1) until(4). It holds PINs' verifiers:
 * whoever stores it seals it. @throws AccessError `range`
 */
export function encodeAccessRecord(record: AccessRecord): Uint8Array {
  checkRecord(record);
  return writing((writer) => {
    writer.uint('version', VERSION, 1).uint('place', record.place === undefined ? 0 : 1, 1);
    if (record.place !== undefined) writePlace(writer, record.place);
    writer.uint('order number', record.orderNo, 4).uint('series', record.series.length, 1);
    for (const each of record.series) writer.uint('series', each.series, 1).uint('generation', each.generation, 4);
    writer.uint('denied', record.denied.length, 1);
    for (const each of record.denied) writeDenied(writer, each);
    writer.uint('uses', record.uses.length, 1);
    for (const each of record.uses) writeUses(writer, each);
    writer.uint('schedules', record.schedules.length, 1);
    for (const { number, table } of record.schedules) {
      writer.uint('number', number, 2).uint('length', table.length, 2).octets('table', table);
    }
    writer.uint('pins', record.pins.length, 1);
    for (const { pin, used } of record.pins) writePin(writer, pin).uint('used', used, 2);
    return writer
      .uint('wrong entries', record.keypadWrong, 1)
      .uint('mode', modeOctet(record.mode.mode), 1)
      .uint('until', record.mode.untilS, 4);
  });
}

/** The inverse of {@link encodeAccessRecord}. @throws AccessError `length`, `range` */
export function decodeAccessRecord(octets: Uint8Array): AccessRecord {
  return reading('an access record', octets, (reader) => {
    inRange(reader.uint('version', 1) === VERSION, 'an access record of another version');
    const hasPlace = reader.uint('place', 1);
    inRange(hasPlace <= 1, 'a place is there or not');
    const record: AccessRecord = {
      place: hasPlace === 1 ? readPlace(reader) : undefined,
      orderNo: reader.uint('order number', 4),
      series: list(reader, 'series', () => ({
        series: reader.uint('series', 1),
        generation: reader.uint('generation', 4),
      })),
      denied: list(reader, 'denied', () => readDenied(reader)),
      uses: list(reader, 'uses', () => readUses(reader)),
      schedules: list(reader, 'schedules', () => ({
        number: reader.uint('number', 2),
        table: reader.octets('table', reader.uint('length', 2)),
      })),
      pins: list(reader, 'pins', () => ({ pin: readPin(reader), used: reader.uint('used', 2) })),
      keypadWrong: reader.uint('wrong entries', 1),
      mode: { mode: modeOf(reader.uint('mode', 1)), untilS: reader.uint('until', 4) },
    };
    checkRecord(record);
    return record;
  });
}

/** grantId(16) leaseEnd(4). @throws OctetsError */
export function writeDenied(writer: Writer, { grantId, leaseEndS }: DeniedGrant): Writer {
  return writer.octets('grant id', grantId, GRANT_ID_SIZE_OCTETS).uint('lease end', leaseEndS, 4);
}

/** The inverse of {@link writeDenied}. @throws OctetsError */
export function readDenied(reader: Reader): DeniedGrant {
  return { grantId: reader.octets('grant id', GRANT_ID_SIZE_OCTETS), leaseEndS: reader.uint('lease end', 4) };
}

/** grantId(16) used(2) notAfter(4). @throws OctetsError */
export function writeUses(writer: Writer, { grantId, used, notAfterS }: GrantUses): Writer {
  return writer.octets('grant id', grantId, GRANT_ID_SIZE_OCTETS).uint('used', used, 2).uint('not after', notAfterS, 4);
}

/** The inverse of {@link writeUses}. @throws OctetsError */
export function readUses(reader: Reader): GrantUses {
  return {
    grantId: reader.octets('grant id', GRANT_ID_SIZE_OCTETS),
    used: reader.uint('used', 2),
    notAfterS: reader.uint('not after', 4),
  };
}

function list<T>(reader: Reader, field: string, read: () => T): readonly T[] {
  return Array.from({ length: reader.uint(field, 1) }, read);
}

function checkRecord(record: AccessRecord): void {
  inRange(record.series.length <= SERIES_KEPT_MAX, 'too many series');
  inRange(record.denied.length <= DENIED_KEPT_MAX, 'too many denied grants');
  inRange(record.uses.length <= USES_KEPT_MAX, 'too many counted grants');
  inRange(record.schedules.length <= SCHEDULES_KEPT_MAX, 'too many schedules');
  inRange(record.pins.length <= PIN_SLOTS, 'too many PINs');
  inRange(record.keypadWrong <= WRONG_ENTRIES_MAX, 'too many wrong entries');
  inRange(
    record.schedules.every(({ table }) => table.length >= 1 && table.length <= TABLE_SIZE_MAX_OCTETS),
    'a table of no size that a lock takes',
  );
  inRange(tablesSize(record.schedules) <= SCHEDULES_SIZE_MAX_OCTETS, 'tables too long together');
  inRange(grows(record.series.map(({ series }) => series)), 'series grow');
  inRange(
    grows(record.schedules.map(({ number }) => number)) && (record.schedules[0]?.number ?? 1) >= 1,
    'schedules grow',
  );
  inRange(grows(record.pins.map(({ pin }) => pin.slot)), 'slots grow');
}

/** Octets of all tables. */
export function tablesSize(schedules: readonly KeptSchedule[]): number {
  return schedules.reduce((sum, { table }) => sum + table.length, 0);
}

function grows(numbers: readonly number[]): boolean {
  return numbers.every((number, i) => i === 0 || number > (numbers[i - 1] ?? 0));
}
