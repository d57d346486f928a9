import ICAL from 'ical.js';
import { isZone, type Moment, momentOf } from '../moments.ts';
import {
  BadField,
  type BadLine,
  BOOKINGS_MOST,
  type Booking,
  FILE_MOST_CHARACTERS,
  fieldText,
  LINES_MOST,
  neededText,
  type Reading,
  refuseFile,
} from './booking.ts';

/** Octets of a property once it is unfolded. */
const PROPERTY_MOST_CHARACTERS = 8_192;
const EVENT_LINES_MOST = 200;
const EVENT_MOST_CHARACTERS = 16_384;
const LINES_A_STEP = 1_000;
/** VCALENDAR, VEVENT, VALARM. */
const DEPTH_MOST = 4;

/**
 * Reservations from iCalendar (RFC 5545): each VEVENT with its UID as the reference, SUMMARY the guest's name, LOCATION the
 * room, DTSTART and DTEND, an ATTENDEE's mailto or tel as the contact; STATUS:CANCELLED, or METHOD:CANCEL of the whole,
 * cancels. Of a UID that is there twice the higher SEQUENCE counts. A stay does not come back: RRULE and RDATE are refused, so
 * nothing is ever expanded, and VTIMEZONE is passed over, because zones are IANA's.
 * @throws CoreError `invalid` for what is no calendar, or past its bounds
 */
export function* readIcal(text: string): Reading {
  const { events, cancels } = yield* eventsIn(text);
  const bad: BadLine[] = [];
  const newest = new Map<string, { readonly booking: Booking; readonly sequence: number }>();
  for (const { line, lines } of events) {
    yield;
    try {
      const event = propertiesOf(lines);
      const booking = bookingOf(line, event, cancels);
      const sequence = Number(event.get('sequence')?.[0]?.text ?? 0);
      const known = newest.get(booking.reference);
      if (known === undefined || known.sequence <= sequence) newest.set(booking.reference, { booking, sequence });
    } catch (error) {
      if (!(error instanceof BadField)) throw error;
      bad.push({ line, field: error.field === '' ? null : error.field, message: error.message });
    }
  }
  return { bookings: [...newest.values()].map(({ booking }) => booking), bad };
}

interface EventLines {
  /** Of its BEGIN. */
  readonly line: number;
  /** Unfolded, from BEGIN to END, without what is nested in it. */
  readonly lines: readonly string[];
}

interface CutCalendar {
  readonly events: readonly EventLines[];
  /** The whole of it cancels. */
  readonly cancels: boolean;
}

/** Cuts a calendar into its events. Each line is looked at once, and nothing grows past its bound. */
function* eventsIn(text: string): Generator<undefined, CutCalendar> {
  if (text.length > FILE_MOST_CHARACTERS) refuseFile(`the file has more than ${FILE_MOST_CHARACTERS} characters`);
  const physical = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  if (physical.length > LINES_MOST) refuseFile(`the file has more than ${LINES_MOST} lines`);
  if (physical[0]?.trim().toUpperCase() !== 'BEGIN:VCALENDAR')
    refuseFile('the file does not begin with BEGIN:VCALENDAR');
  const events: EventLines[] = [];
  const open: string[] = [];
  let event: { line: number; lines: string[]; characters: number } | undefined;
  let cancels = false;
  for (let at = 0; at < physical.length; at++) {
    if (at % LINES_A_STEP === 0) yield;
    const begun = at + 1;
    const parts = [physical[at] ?? ''];
    let length = parts[0]?.length ?? 0;
    while (/^[ \t]/.test(physical[at + 1] ?? '')) {
      const part = (physical[++at] ?? '').slice(1);
      length += part.length;
      if (length > PROPERTY_MOST_CHARACTERS)
        refuseFile(`line ${begun} is longer than ${PROPERTY_MOST_CHARACTERS} characters`);
      parts.push(part);
    }
    if (length > PROPERTY_MOST_CHARACTERS)
      refuseFile(`line ${begun} is longer than ${PROPERTY_MOST_CHARACTERS} characters`);
    const line = parts.join('');
    if (line === '') continue;
    const [, word, name = ''] = /^(BEGIN|END):(.*)$/i.exec(line) ?? [];
    if (word?.toUpperCase() === 'BEGIN') {
      open.push(name.toUpperCase());
      if (open.length > DEPTH_MOST) refuseFile(`line ${begun} nests deeper than ${DEPTH_MOST}`);
      if (open.join('/') === 'VCALENDAR/VEVENT') event = { line: begun, lines: [line], characters: 0 };
      continue;
    }
    if (word !== undefined) {
      if (open.pop() !== name.toUpperCase()) refuseFile(`line ${begun} ends what did not begin`);
      if (event !== undefined && open.length === 1) {
        event.lines.push(line);
        events.push(event);
        event = undefined;
        if (events.length > BOOKINGS_MOST) refuseFile(`the file has more than ${BOOKINGS_MOST} bookings`);
      }
      continue;
    }
    if (open.length === 1) cancels ||= /^METHOD:CANCEL$/i.test(line);
    if (event === undefined || open.length !== 2) continue;
    event.lines.push(line);
    event.characters += line.length;
    if (event.characters > EVENT_MOST_CHARACTERS) {
      refuseFile(`the event of line ${event.line} has over ${EVENT_MOST_CHARACTERS} characters`);
    }
    if (event.lines.length > EVENT_LINES_MOST)
      refuseFile(`the event of line ${event.line} has over ${EVENT_LINES_MOST} lines`);
  }
  if (open.length > 0) refuseFile(`${open.at(-1)} has no END`);
  return { events, cancels };
}

interface Property {
  readonly text: string;
  readonly zone: string | undefined;
}

/** The properties of an event by name, as jCal (RFC 7265) has them. */
function propertiesOf(lines: readonly string[]): ReadonlyMap<string, readonly Property[]> {
  let parsed: unknown;
  try {
    parsed = ICAL.parse(lines.join('\r\n'));
  } catch {
    throw new BadField('', 'the event is not iCalendar');
  }
  const properties = new Map<string, Property[]>();
  const [, rows] = parsed as [string, readonly [string, Record<string, unknown>, string, ...unknown[]][]];
  for (const [name, parameters, , value] of rows) {
    const zone = typeof parameters.tzid === 'string' ? parameters.tzid : undefined;
    const known = properties.get(name) ?? [];
    known.push({ text: typeof value === 'string' || typeof value === 'number' ? String(value) : '', zone });
    properties.set(name, known);
  }
  return properties;
}

function bookingOf(line: number, event: ReadonlyMap<string, readonly Property[]>, cancels: boolean): Booking {
  const one = (name: string): Property | undefined => {
    const found = event.get(name) ?? [];
    if (found.length > 1) throw new BadField(name.toUpperCase(), `${name.toUpperCase()} is there more than once`);
    return found[0];
  };
  for (const name of ['rrule', 'rdate', 'exrule', 'recurrence-id']) {
    if (event.has(name))
      throw new BadField(name.toUpperCase(), 'a stay does not come back: give each one its own event');
  }
  const status = one('status')?.text.toUpperCase();
  if (status === 'TENTATIVE') throw new BadField('STATUS', 'a tentative reservation is none yet');
  const cancelled = cancels || status === 'CANCELLED';
  const text = cancelled ? fieldText : neededText;
  const start = one('dtstart');
  const end = one('dtend');
  if (!cancelled && start === undefined) throw new BadField('DTSTART', 'DTSTART is missing');
  if (!cancelled && end === undefined) throw new BadField('DTEND', 'DTEND is missing');
  return {
    line,
    reference: neededText('UID', one('uid')?.text),
    cancelled,
    room: text('LOCATION', one('location')?.text) ?? null,
    name: text('SUMMARY', one('summary')?.text) ?? null,
    contact: contactOf(event.get('attendee') ?? []),
    arrival: start === undefined ? null : moment('DTSTART', start),
    departure: end === undefined ? null : moment('DTEND', end),
  };
}

function contactOf(attendees: readonly Property[]): string | null {
  const [attendee] = attendees;
  const [, address] = /^(?:mailto|tel):(.+)$/i.exec(attendee?.text ?? '') ?? [];
  return fieldText('ATTENDEE', address) ?? null;
}

function moment(field: string, { text, zone }: Property): Moment {
  const at = momentOf(text);
  if (at === undefined) throw new BadField(field, `${field} is no date`);
  if (zone === undefined || at.kind !== 'local') return at;
  if (!isZone(zone)) throw new BadField(field, `${field} names the zone ${zone}, which is none of IANA's`);
  return { ...at, timeZone: zone };
}
