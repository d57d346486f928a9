/**
 * Why the phone's half cannot go on: `malformed` for a record or an answer of the server that is not what it should be,
 * `declined` when its key did not sign.
 */
export type PhoneErrorCode = 'malformed' | 'declined';

/** The one error of this package. Its message holds no secret. */
export class PhoneError extends Error {
  readonly code: PhoneErrorCode;
  constructor(code: PhoneErrorCode, message: string) {
    super(message);
    this.name = 'PhoneError';
    this.code = code;
  }
}
