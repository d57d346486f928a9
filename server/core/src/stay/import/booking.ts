import { withoutMarks } from '../../checks.ts';
import { CoreError } from '../../errors.ts';
import type { Moment } from '../moments.ts';

/** One reservation as a file tells of it. */
export interface Booking {
  /** Where in the file it begins, from 1. */
  readonly line: number;
  /** By which the same one is known again in a later file. */
  readonly reference: string;
  readonly cancelled: boolean;
  /** What is written on the door; null where a cancellation does not say. */
  readonly room: string | null;
  readonly name: string | null;
  readonly contact: string | null;
  readonly arrival: Moment | null;
  readonly departure: Moment | null;
}

/** What is wrong with one line; the others are read all the same. */
export interface BadLine {
  readonly line: number;
  /** The column or property to mend. */
  readonly field: string | null;
  readonly message: string;
}

/** A file of reservations as it reads. It is read in steps, between which others get their turn. */
export interface ReadFile {
  readonly bookings: readonly Booking[];
  readonly bad: readonly BadLine[];
}

/** Bounds of a file: what a hotel of a thousand rooms has in a year passes, what is made to fill memory does not. */
export const FILE_MOST_CHARACTERS = 2_097_152;
export const LINES_MOST = 100_000;
export const BOOKINGS_MOST = 2_000;
const FIELD_MOST_CHARACTERS = 200;

/** How a file is read: each `yield` is a place to let others in. */
export type Reading = Generator<undefined, ReadFile>;

/** Thrown while one booking is read: its line is told, and the next one is read. */
export class BadField extends Error {
  readonly field: string;
  constructor(field: string, message: string) {
    super(message);
    this.name = 'BadField';
    this.field = field;
  }
}

/** @throws CoreError `invalid` for a file that is not read at all */
export function refuseFile(message: string): never {
  throw new CoreError('invalid', message, { field: 'file' });
}

/**
 * The text of a field, trimmed; undefined when it is empty. What a spreadsheet would take for a formula is refused: it
 * would be run when somebody opens an export of ours.
 * @throws BadField
 */
export function fieldText(field: string, raw: string | undefined): string | undefined {
  const text = raw?.trim();
  if (text === undefined || text === '') return undefined;
  if (text.length > FIELD_MOST_CHARACTERS) {
    throw new BadField(field, `${field} has more than ${FIELD_MOST_CHARACTERS} characters`);
  }
  if (withoutMarks(text) !== text) throw new BadField(field, `${field} holds control characters or marks of direction`);
  // A phone number begins with a plus too.
  if (/^[=@-]/.test(text) || (text.startsWith('+') && !/^\+[\d\s()./-]+$/.test(text))) {
    throw new BadField(field, `${field} looks like a formula`);
  }
  return text;
}

/** The text of a field that has to be there. @throws BadField */
export function neededText(field: string, raw: string | undefined): string {
  const text = fieldText(field, raw);
  if (text === undefined) throw new BadField(field, `${field} is missing`);
  return text;
}
