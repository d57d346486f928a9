import { ScpmError } from '../errors.ts';
import { reading, writing } from './fields.ts';
import { ANSWER_BIT, OPERATION, type Operation, operationOf } from './operation.ts';
import { STATUS, type Status, statusOf } from './status.ts';

/** PADATA of a response whose checks passed: operation | 80 (1), status(1). */
export interface Answer {
  /** What was requested. */
  readonly to: Operation;
  readonly status: Status;
}

/** What a request for an update may hear (9.3.3): accepted, later, or no. */
const UPDATE_REQUEST_STATUSES: readonly Status[] = ['ok', 'busy', 'denied'];

/** @throws ScpmError `range` (a status that this operation does not have) */
export function encodeAnswer({ to, status }: Answer): Uint8Array {
  return writing((writer) =>
    writer.uint('op', OPERATION[to] | ANSWER_BIT, 1).uint('status', STATUS[statusFor(to, status)], 1),
  );
}

/**
 * The inverse of {@link encodeAnswer}. @throws ScpmError `truncated`, `length`, `range` (an unknown status),
 * `unsupported` (no answer, or to an unknown operation)
 */
export function decodeAnswer(octets: Uint8Array): Answer {
  return reading(octets, 'padata', (reader) => {
    const op = reader.uint('op', 1);
    const to = (op & ANSWER_BIT) === 0 ? undefined : operationOf(op & ~ANSWER_BIT);
    if (to === undefined) throw new ScpmError('unsupported', 'op', `${op} answers no operation that there is`);
    const octet = reader.uint('status', 1);
    const status = statusOf(octet);
    if (status === undefined) throw new ScpmError('range', 'status', `there is no status ${octet}`);
    return { to, status: statusFor(to, status) };
  });
}

function statusFor(to: Operation, status: Status): Status {
  if (to === 'update-request' && !UPDATE_REQUEST_STATUSES.includes(status)) {
    throw new ScpmError('range', 'status', `an update request is accepted, put off or denied, not ${status}`);
  }
  return status;
}
