import { Attempt } from '../attempt.ts';
import { IdParams } from '../common.ts';

// What operations of a kind have in common; an entry of the table names the rest.

/** A page of a noun. */
export const listing = { status: 200, refusals: ['invalid'] } as const;

/** One of a noun, by its id. */
export const reading = { status: 200, params: IdParams, conditional: true, refusals: ['not_found'] } as const;

/** One more of a noun. */
export const adding = { status: 201, idempotent: true, refusals: ['invalid', 'not_found', 'conflict'] } as const;

/** One of a noun, changed in what the body names. */
export const changing = {
  status: 200,
  params: IdParams,
  conditional: true,
  refusals: ['invalid', 'not_found', 'conflict', 'precondition_failed'],
} as const;

/** One of a noun less. */
export const removing = {
  status: 204,
  params: IdParams,
  conditional: true,
  refusals: ['not_found', 'conflict', 'precondition_failed'],
} as const;

/** Something for a lock to do: the attempt is the answer. */
export const commanding = {
  status: 202,
  params: IdParams,
  idempotent: true,
  answer: Attempt,
  refusals: ['invalid', 'not_found', 'conflict', 'precondition_failed', 'too_many'],
} as const;
