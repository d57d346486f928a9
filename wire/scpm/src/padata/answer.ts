import { ScpmError } from '../errors.ts';
import { reading, writing } from './fields.ts';
import { ANSWER_BIT, OPERATION, type Operation, operationOf } from './operation.ts';
import { NONCE_OCTETS } from './padata.ts';
import { STATUS, type Status, statusOf } from './status.ts';

/** PADATA of a response whose checks passed: operation | 80 (1), status(1), and what only an inquiry hears. */
export interface Answer {
  /** What was requested. */
  readonly to: Operation;
  readonly status: Status;
  /** What an inquiry for the SNF hears besides `ok`, and nothing else does: nonce(16) next(4). */
  readonly standing?: SnfStanding | undefined;
}

/** Where the one who answers an inquiry stands. */
export interface SnfStanding {
  /** 16 octets, copied from the inquiry. */
  readonly nonce: Uint8Array;
  /** The lowest SNF that the answering node has yet to use for a request to the one who asks: 0 to 2^32 - 1. */
  readonly next: number;
}

/** What a request for an update may hear (9.3.3): accepted, later, or no. */
const UPDATE_REQUEST_STATUSES: readonly Status[] = ['ok', 'busy', 'denied'];

/** @throws ScpmError `range` (a status that this operation does not have; a standing missing, or out of place), `length` */
export function encodeAnswer({ to, status, standing }: Answer): Uint8Array {
  if ((standing !== undefined) !== hasStanding(to, status)) {
    throw new ScpmError('range', 'standing', 'is told with the answer ok to an inquiry, and with no other');
  }
  return writing((writer) => {
    writer.uint('op', OPERATION[to] | ANSWER_BIT, 1).uint('status', STATUS[statusFor(to, status)], 1);
    return standing === undefined
      ? writer
      : writer.octets('nonce', standing.nonce, NONCE_OCTETS).uint('next', standing.next, 4);
  });
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
    const answer = { to, status: statusFor(to, status) };
    if (!hasStanding(to, status)) return answer;
    return { ...answer, standing: { nonce: reader.octets('nonce', NONCE_OCTETS), next: reader.uint('next', 4) } };
  });
}

/** Whether an operation may be answered so. */
export function mayAnswer(to: Operation, status: Status): boolean {
  return to !== 'update-request' || UPDATE_REQUEST_STATUSES.includes(status);
}

const hasStanding = (to: Operation, status: Status): boolean => to === 'snf-inquiry' && status === 'ok';

function statusFor(to: Operation, status: Status): Status {
  if (!mayAnswer(to, status)) {
    throw new ScpmError('range', 'status', `an update request is accepted, put off or denied, not ${status}`);
  }
  return status;
}
