import { type Moment, momentOf } from '../moments.ts';
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

const NEEDED = ['reference', 'room', 'name', 'arrival', 'departure'] as const;
const COLUMNS_MOST = 100;

/**
 * Reservations from CSV (RFC 4180) with a heading: `reference,room,name,arrival,departure` and, if wanted, `contact` and
 * `status` (`confirmed` or `cancelled`), in any order; other columns are passed over. Separated by commas or semicolons.
 * Dates are `YYYY-MM-DD`, or `YYYY-MM-DDTHH:MM` in the property's local time.
 * @throws CoreError `invalid` for a file without a heading, or past its bounds
 */
export function* readCsv(text: string): Reading {
  if (text.length > FILE_MOST_CHARACTERS) refuseFile(`the file has more than ${FILE_MOST_CHARACTERS} characters`);
  const body = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const [first = ''] = body.split(/\r\n|\n|\r/, 1);
  const rows = csvRows(body, first.includes(';') && !first.includes(',') ? ';' : ',');
  const heading = rows.next();
  if (heading.done === true || heading.value.cells === undefined) refuseFile('the file has no heading');
  const names = heading.value.cells.map((cell) => cell.trim().toLowerCase());
  const missing = NEEDED.find((name) => !names.includes(name));
  if (missing !== undefined) refuseFile(`the heading has no column ${missing}; it needs ${NEEDED.join(', ')}`);
  const bookings: Booking[] = [];
  const bad: BadLine[] = [];
  for (const { line, cells, message } of rows) {
    yield;
    if (bookings.length + bad.length >= BOOKINGS_MOST) refuseFile(`the file has more than ${BOOKINGS_MOST} bookings`);
    if (cells === undefined) {
      bad.push({ line, field: null, message });
      continue;
    }
    if (cells.every((cell) => cell.trim() === '')) continue;
    try {
      if (cells.length !== names.length) {
        throw new BadField('', `there are ${cells.length} fields here and ${names.length} in the heading`);
      }
      bookings.push(bookingOf(line, (name) => cells[names.indexOf(name)]));
    } catch (error) {
      if (!(error instanceof BadField)) throw error;
      bad.push({ line, field: error.field === '' ? null : error.field, message: error.message });
    }
  }
  return { bookings, bad };
}

function bookingOf(line: number, cell: (name: string) => string | undefined): Booking {
  const cancelled = cancelledBy(fieldText('status', cell('status')));
  const text = cancelled ? fieldText : neededText;
  return {
    line,
    reference: neededText('reference', cell('reference')),
    cancelled,
    room: text('room', cell('room')) ?? null,
    name: text('name', cell('name')) ?? null,
    contact: fieldText('contact', cell('contact')) ?? null,
    arrival: moment('arrival', text('arrival', cell('arrival'))),
    departure: moment('departure', text('departure', cell('departure'))),
  };
}

function cancelledBy(status: string | undefined): boolean {
  switch (status?.toLowerCase()) {
    case undefined:
    case 'confirmed':
      return false;
    case 'cancelled':
    case 'canceled':
      return true;
    default:
      throw new BadField('status', 'status must be confirmed or cancelled');
  }
}

function moment(field: string, text: string | undefined): Moment | null {
  if (text === undefined) return null;
  const at = momentOf(text);
  if (at === undefined) throw new BadField(field, `${field} must be YYYY-MM-DD or YYYY-MM-DDTHH:MM`);
  return at;
}

/** One record of a CSV text; `cells` undefined where it cannot be read. */
interface CsvRow {
  /** Where it begins. */
  readonly line: number;
  readonly cells: readonly string[] | undefined;
  readonly message: string;
}

/** The records of a CSV text (RFC 4180, 2), each octet looked at once. */
function* csvRows(text: string, separator: string): Generator<CsvRow, undefined> {
  let line = 1;
  let at = 0;
  while (at < text.length) {
    if (line > LINES_MOST) refuseFile(`the file has more than ${LINES_MOST} lines`);
    const begun = line;
    const cells: string[] = [];
    let message: string | undefined;
    for (let more = true; more; ) {
      let cell: string;
      if (text[at] === '"') {
        const parts: string[] = [];
        let closed = false;
        for (at++; at < text.length; ) {
          const quote = text.indexOf('"', at);
          if (quote < 0) break;
          parts.push(text.slice(at, quote));
          at = quote + 1;
          if (text[at] !== '"') {
            closed = true;
            break;
          }
          parts.push('"');
          at++;
        }
        // Without its end the rest of the file may be anything: nothing after it is read.
        if (!closed) {
          yield { line: begun, cells: undefined, message: 'a quoted field has no end' };
          return;
        }
        cell = parts.join('');
        line += linesIn(cell);
        const end = endOfCell(text, at, separator);
        if (end > at) message = 'something stands after a quoted field';
        at = end;
      } else {
        const end = endOfCell(text, at, separator);
        cell = text.slice(at, end);
        if (cell.includes('"')) message = 'a quote stands in a field that is not quoted';
        at = end;
      }
      if (cells.length >= COLUMNS_MOST) message = `there are more than ${COLUMNS_MOST} fields`;
      else cells.push(cell);
      more = text[at] === separator;
      if (more) at++;
    }
    if (text[at] === '\r' && text[at + 1] === '\n') at++;
    at++;
    line++;
    yield message === undefined ? { line: begun, cells, message: '' } : { line: begun, cells: undefined, message };
  }
}

function endOfCell(text: string, from: number, separator: string): number {
  let at = from;
  while (at < text.length && text[at] !== separator && text[at] !== '\n' && text[at] !== '\r') at++;
  return at;
}

function linesIn(text: string): number {
  return text.match(/\r\n|\n|\r/g)?.length ?? 0;
}
