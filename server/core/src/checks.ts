import { CoreError } from './errors.ts';
import type { PageRequest } from './ports.ts';

/** Most rows of one page. */
export const PAGE_LIMIT = 200;
/** Most rows of a page of doors or locks: the 1,000 that may be asked for, and one that says whether there are more. */
export const LARGE_PAGE_LIMIT = 1_001;

/**
 * Control characters, and the marks that turn the direction of whatever stands after them as well (Unicode, UAX 9: embeddings,
 * overrides and isolates): with them a name could make what stands beside it read otherwise.
 */
const NOT_FOR_NAMES = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/** What is left of a text when what no name may hold is taken out. */
export function withoutMarks(text: string): string {
  return text.replace(NOT_FOR_NAMES, '');
}

/**
 * A name that people read: 1 to `most` characters, trimmed, without control characters and marks that turn the direction of
 * text. @throws CoreError `invalid`
 */
export function checkName(field: string, value: string, most = 100): string {
  const name = value.trim();
  if (name === '') throw new CoreError('invalid', `${field} must not be empty`, { field });
  if (name.length > most) throw new CoreError('invalid', `${field} must have at most ${most} characters`, { field });
  if (withoutMarks(name) !== name) {
    throw new CoreError('invalid', `${field} must not hold control characters or marks of direction`, { field });
  }
  return name;
}

/** A whole number from `min` to `max`. @throws CoreError `invalid` */
export function checkWhole(field: string, value: number, min: number, max: number): number {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new CoreError('invalid', `${field} must be a whole number from ${min} to ${max}`, { field });
  }
  return value;
}

/** A number from `min` to `max`. @throws CoreError `invalid` */
export function checkRange(field: string, value: number, min: number, max: number): number {
  if (!(value >= min && value <= max)) {
    throw new CoreError('invalid', `${field} must be from ${min} to ${max}`, { field });
  }
  return value;
}

/** A page within its bound. @throws CoreError `invalid` */
export function checkPage(page: PageRequest, most: number = PAGE_LIMIT): PageRequest {
  checkWhole('limit', page.limit, 1, most);
  return page;
}

/** The row, or the refusal that says which noun was not found: the same for a foreign tenant's as for none. */
export function found<T>(noun: string, row: T | undefined): T {
  if (row === undefined) throw new CoreError('not_found', `there is no such ${noun}`);
  return row;
}
