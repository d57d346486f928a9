/** Why the phone's half cannot go on: `malformed` for a record or an answer of the server that is not what it should be. */
export type PhoneErrorCode = 'malformed';

/** The one error of this package. Its message holds no secret. */
export class PhoneError extends Error {
  readonly code: PhoneErrorCode;
  constructor(code: PhoneErrorCode, message: string) {
    super(message);
    this.name = 'PhoneError';
    this.code = code;
  }
}
